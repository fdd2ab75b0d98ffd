"""Ten more exports: Google Forms, Decidim, Cap Collectif, EUSurvey, JotForm, Sphinx, a register of observations, Nextcloud Forms, a long table, LimeSurvey in codes and texts."""

from __future__ import annotations

import datetime

from .people import CONCERNS, SATISFACTION, Case, Expected, beside, crowd, said, secrets_of
from .write import Rows, delimited, html_table, workbook

DAY = datetime.datetime(2019, 3, 4, 8, 5, 12)


def _day(n: int) -> datetime.datetime:
    return DAY + datetime.timedelta(days=n, minutes=53 * n)


def google_forms() -> Case:
    """CSV with commas inside the cells of check boxes, a grid, an address asked for at the end."""
    people = crowd(31, 14)
    q, grid = (
        "Qu'est-ce qui pose problème dans votre quartier ? (cochez tout ce qui convient)",
        "Comment jugez-vous",
    )
    head = ["Horodateur", "Adresse e-mail", "Vous êtes…", "Votre commune de résidence", q, f"{grid} [l'accueil]", f"{grid} [la présence sur le terrain]", "Expliquez-nous en quelques lignes", "Et si vous étiez aux commandes ?", "Si vous souhaitez être recontacté(e), laissez un numéro de téléphone"]  # fmt: skip
    rows: Rows = [head]
    expected = []
    for p in people:
        one, two = SATISFACTION[p.number % 4], SATISFACTION[(p.number + 1) % 4]
        rows.append(
            [
                _day(p.number).strftime("%d/%m/%Y %H:%M:%S"),
                p.email,
                p.voice_label,
                p.commune,
                ", ".join([*p.concerns, *([p.other] if p.other else [])]),
                one,
                two,
                p.problem,
                p.idea,
                p.phone if p.number % 4 == 0 else "",
            ]
        )
        told, named = beside(f"{q} – Autre", p.other)
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{head[7]: p.problem, head[8]: p.idea}) | told,
                {q: p.concerns, head[5]: [one], head[6]: [two]} | named,
            )
        )
    return Case(
        "Tranquillité dans nos quartiers (réponses) - Réponses au formulaire 1.csv",
        delimited(rows, ","),
        expected,
        [*secrets_of(people, "email"), *secrets_of([p for p in people if p.number % 4 == 0], "phone")],
    )


def decidim_survey() -> Case:
    """XLSX; numbered questions, names asked for among them, choices joined with commas, « Autre (…) » inside the cell."""
    people = crowd(32)
    head = [
        "id",
        "created_at",
        "ip_hash",
        "user_status",
        "session_token",
        "1. Quel est votre nom ?",
        "2. Quelle est votre commune ?",
        "3. Vous répondez en tant que",
        "4. Quelles sont vos priorités ?",
        "5. Que vivez-vous au quotidien ?",
        "6. Une suggestion ?",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        other = [f"Autre ({p.other})"] if p.other else []
        rows.append(
            [
                p.number + 1,
                _day(p.number).strftime("%Y-%m-%d %H:%M:%S UTC"),
                f"{p.number * 7919 % 99991:05x}a{p.number}9f",
                "unregistered",
                f"st{p.number}k2j3h",
                f"{p.first_name} {p.last_name}",
                p.commune,
                p.voice_label,
                ", ".join([*p.concerns, *other]),
                p.problem,
                p.idea,
            ]
        )
        told, named = beside("Quelles sont vos priorités ? – Autre", p.other)
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{"Que vivez-vous au quotidien ?": p.problem, "Une suggestion ?": p.idea}) | told,
                {"Quelles sont vos priorités ?": [*p.concerns, *(["Autre"] if p.other else [])]} | named,
            )
        )
    return Case(
        "survey_user_answers-2019-04-01-101112.xlsx",
        workbook({"Worksheet": rows}),
        expected,
        [*secrets_of(people, "last_name"), "k2j3h"],
    )


def cap_collectif() -> Case:
    """CSV of a consultation questionnaire: HTML in the answers, drafts, pseudonyms of authors."""
    people = crowd(33, incomplete=(1, 6))
    head = [
        "id",
        "published",
        "published_at",
        "author",
        "author_id",
        "created_at",
        "updated_at",
        "anonymous",
        "draft",
        "undraft_at",
        "account",
        "noAccount_email",
        "noAccount_email_isConfirmed",
        "internalComm",
        "Je suis…",
        "Mon constat",
        "Ma proposition",
        "Thèmes prioritaires",
        "Ma commune",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        when = _day(p.number).strftime("%Y-%m-%d %H:%M:%S")
        rows.append(
            [
                f"UmVwbHk6{p.number}abc",
                "Yes",
                when,
                p.handle,
                f"usr{p.number}x81",
                when,
                when,
                "No",
                "No" if p.is_complete else "Yes",
                when if p.is_complete else "",
                "Yes",
                "",
                "",
                "No",
                p.voice_label,
                f"<p>{p.problem.replace('&', '&amp;').replace('<', '&lt;')}</p>" if p.problem else "",
                f"<p>{p.idea}</p>" if p.idea else "",
                ";".join(p.concerns),
                p.commune,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{"Mon constat": p.problem, "Ma proposition": p.idea}),
                {"Thèmes prioritaires": p.concerns},
                p.is_complete,
            )
        )
    return Case(
        "participation_mon-village-en-securite.csv",
        delimited(rows, ";"),
        expected,
        [*secrets_of(people, "handle"), "x81"],
    )


def eusurvey() -> Case:
    """XLSX: question texts with their number, choices joined with semicolons, free questions in between."""
    people = crowd(34)
    head = [
        "Invitation number",
        "Contribution ID",
        "User name",
        "Languages",
        "1 Please indicate who you are",
        "2 Town or village",
        "3 Which topics matter to you?",
        "4 How do you rate the welcome at the station?",
        "5 What is going wrong where you live?",
        "6 What would you change?",
        "Creation date",
        "Last update",
    ]
    rows: Rows = [["Export: Daily security", *[""] * 11], [], head]
    expected = []
    for p in people:
        when = _day(p.number)
        rows.append(
            [
                f"inv-{p.number}77",
                f"9f1c{p.number}-44aa-{p.number}b",
                p.handle,
                "fr",
                p.voice_label,
                p.commune,
                "; ".join(p.concerns),
                p.satisfaction,
                p.problem,
                p.idea,
                when,
                when,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{"What is going wrong where you live?": p.problem, "What would you change?": p.idea}),
                {
                    "Which topics matter to you?": p.concerns,
                    "How do you rate the welcome at the station?": [p.satisfaction],
                },
            )
        )
    return Case(
        "Content_Export_DailySecurity.xlsx",
        workbook({"Content": rows}),
        expected,
        [*secrets_of(people, "handle"), "44aa", "inv-"],
    )


def jotform() -> Case:
    """CSV: the name in two columns, choices one a line inside the cell."""
    people = crowd(35, with_other=False)
    head = [
        "Submission Date",
        "Nom complet - Prénom",
        "Nom complet - Nom",
        "E-mail",
        "Dans quelle commune travaillez-vous ou vivez-vous ?",
        "Votre situation",
        "Cochez vos préoccupations",
        "Décrivez ce que vous voyez",
        "Qu'attendez-vous de nous ?",
        "Submission IP",
        "Submission ID",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        rows.append(
            [
                _day(p.number).strftime("%b %d, %Y"),
                p.first_name,
                p.last_name,
                p.email,
                p.commune,
                p.voice_label,
                "\n".join(p.concerns),
                p.problem,
                p.idea,
                f"203.0.113.{p.number + 9}",
                f"47100{p.number}22887{p.number}",
            ]
        )
        expected.append(
            Expected(p.voice, p.commune, said(**{head[7]: p.problem, head[8]: p.idea}), {head[6]: p.concerns})
        )
    return Case(
        "Consultation2019-03-30_04_15_22.csv",
        delimited(rows, ","),
        expected,
        [*secrets_of(people, "last_name", "email"), "203.0.113."],
    )


def sphinx() -> Case:
    """CSV of Sphinx, cp1252 and semicolons: labels, choices joined with « ; » inside quotes, states of progress."""
    people = crowd(36, incomplete=(4,))
    head = [
        "CLE",
        "DATE_SAISIE",
        "DATE_ENREG",
        "TEMPS_SAISIE",
        "ORIGINE_SAISIE",
        "APPAREIL_SAISIE",
        "PROGRESSION",
        "Vous_etes",
        "Commune",
        "Themes",
        "Satisfaction_accueil",
        "Difficultes",
        "Propositions",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        when = _day(p.number).strftime("%d/%m/%Y %H:%M:%S")
        rows.append(
            [
                f"K{p.number}Z8T",
                when,
                when,
                f"00:0{p.number % 9}:12",
                "Web",
                "Mobile",
                "Terminé" if p.is_complete else "En cours",
                p.voice_label,
                p.commune,
                " ; ".join(p.concerns),
                p.satisfaction,
                p.problem,
                p.idea,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(Difficultes=p.problem, Propositions=p.idea),
                {"Themes": p.concerns, "Satisfaction_accueil": [p.satisfaction]},
                p.is_complete,
            )
        )
    return Case("ENQ_SECURITE_2019.csv", delimited(rows, ";", encoding="cp1252"), expected, ["Z8T"])


def register() -> Case:
    """XLSX of a public register: who, where and what in columns of nobody's software, names and pieces beside."""
    people = crowd(37)
    head = [
        "N° d'observation",
        "Date de dépôt",
        "Mode de dépôt",
        "Déposant",
        "Qualité du déposant",
        "Ville du déposant",
        "Objet de l'observation",
        "Contenu de l'observation",
        "Pièces jointes",
        "Avis de l'enquêteur",
        "Adresse IP",
    ]
    rows: Rows = [["Registre dématérialisé – Sécurité du quotidien", *[""] * 10], head]
    expected = []
    for p in people:
        text = p.problem or "Observation sans texte, voir la pièce jointe."
        rows.append(
            [
                f"@{p.number + 1}",
                _day(p.number),
                "Web" if p.number % 3 else "Courrier",
                f"{p.first_name} {p.last_name}" if p.number % 2 else "Anonyme",
                p.voice_label,
                p.commune.upper(),
                "Cadre de vie",
                text,
                "photo.jpg" if p.number % 5 == 0 else "",
                "Favorable" if p.number % 2 else "",
                f"198.51.100.{p.number}",
            ]
        )
        expected.append(Expected(p.voice, p.commune.upper(), {"Contenu de l'observation": text}, {}))
    return Case(
        "observations_registre.xlsx",
        workbook({"Observations": rows}),
        expected,
        [p.last_name for p in people if p.number % 2] + ["198.51.100.", "Favorable"],
    )


def nextcloud() -> Case:
    """CSV of Nextcloud Forms in French: choices joined with « ; », the person's account in front."""
    people = crowd(38, with_other=False)
    head = [
        "ID de soumission",
        "ID d'utilisateur",
        "Nom d'affichage de l'utilisateur",
        "Horodatage",
        "Qui êtes-vous ?",
        "Où vivez-vous ?",
        "Vos trois priorités",
        "Ce qui ne va pas",
        "Ce qu'il faudrait changer",
        "Votre prénom",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        rows.append(
            [
                p.number + 501,
                p.handle,
                f"{p.first_name} {p.last_name}",
                _day(p.number).strftime("%Y-%m-%dT%H:%M:%S+01:00"),
                p.voice_label,
                p.commune,
                "; ".join(p.concerns),
                p.problem,
                p.idea,
                p.first_name,
            ]
        )
        expected.append(
            Expected(p.voice, p.commune, said(**{head[7]: p.problem, head[8]: p.idea}), {head[6]: p.concerns})
        )
    return Case(
        "Sécurité au village (réponses).csv",
        delimited(rows, ","),
        expected,
        secrets_of(people, "handle", "last_name"),
    )


def long_table() -> Case:
    """One row an answer; the person is told by a column of their own, under a heading of nobody's vocabulary."""
    people = crowd(39)
    rows: Rows = [["fiche", "territoire", "public rencontré", "thème abordé", "propos recueillis"]]
    expected = []
    for p in people:
        told = said(Constat=p.problem or "Je n'ai rien de particulier à signaler.", Attente=p.idea)
        rows += [
            [f"F-{p.number + 1:03d}", p.commune, p.voice_label, theme, text] for theme, text in told.items()
        ]
        expected.append(Expected(p.voice, p.commune, told, {}))
    return Case("entretiens de rue.xls", html_table(rows), expected, [])


def limesurvey_code_and_text() -> Case:
    """Codes and texts in the headings, short answer codes for the choices, a comment beside one of them."""
    people = crowd(40, incomplete=(0, 7))
    head = ["id. ID de la réponse", "submitdate. Date de soumission", "lastpage. Dernière page", "startlanguage. Langue de départ", "seed. Tête de série", "Q01. Vous êtes", "Q02. Commune", *[f"Q03[SQ00{n}]. Sujets [{c}]" for n, c in enumerate(CONCERNS, 1)], "Q04. Êtes-vous satisfait ?", "Q04[comment]. Êtes-vous satisfait ? [Commentaire]", "Q05. Précisez vos difficultés", "Q06. Et vos attentes", "Q07. Votre adresse électronique (facultatif)"]  # fmt: skip
    rows: Rows = [head]
    expected = []
    for p in people:
        when = _day(p.number).strftime("%Y-%m-%d %H:%M:%S")
        comment = "Il faudrait surtout que quelqu'un rappelle après." if p.number % 4 == 0 else ""
        rows.append(
            [
                p.number + 9,
                when if p.is_complete else "",
                4 if p.is_complete else 1,
                "fr",
                55_500_111 + p.number,
                p.voice_label,
                p.commune,
                *["Oui" if c in p.concerns else "" for c in CONCERNS],
                p.satisfaction,
                comment,
                p.problem,
                p.idea,
                p.email,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(
                    **{
                        "Précisez vos difficultés": p.problem,
                        "Et vos attentes": p.idea,
                        "Êtes-vous satisfait ? [Commentaire]": comment,
                    }
                ),
                {"Sujets": p.concerns, "Êtes-vous satisfait ?": [p.satisfaction]},
                p.is_complete,
            )
        )
    return Case(
        "results-survey990017.csv", delimited(rows, ","), expected, [*secrets_of(people, "email"), "55500"]
    )


CASES = (
    google_forms,
    decidim_survey,
    cap_collectif,
    eusurvey,
    jotform,
    sphinx,
    register,
    nextcloud,
    long_table,
    limesurvey_code_and_text,
)
