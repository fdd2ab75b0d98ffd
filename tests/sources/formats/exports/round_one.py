"""Ten exports as their software writes them: LimeSurvey, Qualtrics, SurveyMonkey, Typeform, KoboToolbox, Framaforms, Microsoft Forms, demarches-simplifiees, Tally, a sheet kept by hand."""

from __future__ import annotations

import datetime

from openpyxl.styles import Font

from .people import CONCERNS, Case, Expected, beside, crowd, said, secrets_of
from .write import book, delimited, ods_by_rodf, saved, workbook

DAY = datetime.datetime(2018, 1, 15, 9, 12, 30)


def _day(n: int) -> datetime.datetime:
    return DAY + datetime.timedelta(days=n, minutes=37 * n)


def limesurvey() -> Case:
    """Full question texts and full answers, semicolons; HTML in a question; « Oui »/« Non »/blank for each choice."""
    people = crowd(11, incomplete=(3, 8))
    concern = "Quels sujets vous préoccupent ?"
    head = ["ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ", "Tête de série", "Date de lancement", "Date de la dernière action", "Adresse IP",
            "Vous êtes :", "Vous êtes : [Autre]", "<p>Dans quelle commune <strong>habitez-vous</strong>&nbsp;?</p>", "Votre nom (facultatif)",
            *[f"{concern} [{c}]" for c in CONCERNS], f"{concern} [Autre]", "Êtes-vous satisfait de la présence des forces de l'ordre ?",
            "<p>Qu'est-ce qui ne va pas <em>près de chez vous</em> ?</p>", "Que proposez-vous ?", "Temps total"]  # fmt: skip
    rows = [head]
    expected = []
    for p in people:
        sent = _day(p.number).strftime("%Y-%m-%d %H:%M:%S")
        full = p.is_complete
        rows.append([p.number * 3 + 4, sent if full else "", 5 if full else 2, "fr", 1198374651 + p.number, sent, sent, f"198.51.100.{p.number + 20}",
                     p.voice_label, "", p.commune, p.last_name, *["Oui" if c in p.concerns else "Non" for c in CONCERNS], p.other, p.satisfaction,
                     p.problem, p.idea, 312.5 + p.number])  # fmt: skip
        told, named = beside(f"{concern} [Autre]", p.other)
        remarks = (
            said(**{"Qu'est-ce qui ne va pas près de chez vous ?": p.problem, "Que proposez-vous ?": p.idea})
            | told
        )
        expected.append(
            Expected(
                p.voice, p.commune, remarks, {concern: p.concerns, head[-4]: [p.satisfaction]} | named, full
            )
        )
    return Case(
        "results-survey731205.csv",
        delimited(rows, ";", encoding="utf-8-sig"),
        expected,
        [*secrets_of(people, "last_name"), "198.51.100."],
    )


def qualtrics() -> Case:
    """Three heading rows: codes, texts, JSON of import identifiers; one column a choice, its label in the cell."""
    people = crowd(12, incomplete=(5,))
    codes = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId", "RecipientLastName",
             "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage",
             "Q1", "Q2", *[f"Q3_{n}" for n in range(1, 8)], "Q3_7_TEXT", "Q4", "Q5"]  # fmt: skip
    asked = "Parmi ces sujets, lesquels vous concernent ?"
    texts = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID", "Recipient Last Name",
             "Recipient First Name", "Recipient Email", "External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel", "User Language",
             "À quel titre répondez-vous ?", "Votre commune", *[f"{asked} - Selected Choice - {c}" for c in [*CONCERNS, "Autre (précisez)"]], f"{asked} - Autre (précisez) - Text",
             "Racontez-nous une difficulté rencontrée.", "Qu'aimeriez-vous voir changer ?"]  # fmt: skip
    rows = [codes, texts, [f'{{"ImportId":"QID{n}"}}' for n in range(len(codes))]]
    expected = []
    for p in people:
        when = _day(p.number).strftime("%Y-%m-%d %H:%M:%S")
        rows.append([when, when, "IP Address", f"203.0.113.{p.number + 3}", 100 if p.is_complete else 46, 240 + p.number, "True" if p.is_complete else "False", when,
                     f"R_2aX{p.number}kLmP9qZ{p.number}", p.last_name, p.first_name, p.email, "", "43.6465", "0.5855", "anonymous", "FR", p.voice_label, p.commune,
                     *[c if c in p.concerns else "" for c in CONCERNS], "Autre (précisez)" if p.other else "", p.other, p.problem, p.idea])  # fmt: skip
        told, named = beside(f"{asked} - Autre (précisez) - Text", p.other)
        closed = {asked: p.concerns + (["Autre (précisez)"] if p.other else [])} | named
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{texts[-2]: p.problem, texts[-1]: p.idea}) | told,
                closed,
                p.is_complete,
            )
        )
    return Case(
        "Tranquillité+publique_February+2,+2018_10.14.csv",
        delimited(rows, ","),
        expected,
        [*secrets_of(people, "last_name", "first_name", "email"), "203.0.113.", "R_2aX"],
    )


def surveymonkey() -> Case:
    """XLSX, two heading rows in French; the question above its first choice only."""
    people = crowd(13)
    asked = "Qu'est-ce qui vous gêne au quotidien ? (plusieurs réponses possibles)"
    top = ["ID du répondant", "ID du collecteur", "Date de début", "Date de fin", "Adresse IP", "Adresse e-mail", "Prénom", "Nom de famille", "Données personnalisées 1",
           "Vous répondez en tant que :", "", asked, *[""] * len(CONCERNS), "Dans quelle commune vivez-vous ?", "Qu'attendez-vous de la gendarmerie et de la police ?", "Un dernier mot ?"]  # fmt: skip
    low = [""] * 9 + [
        "Response",
        "Autre (veuillez préciser)",
        *CONCERNS,
        "Autre (veuillez préciser)",
        "Réponse ouverte",
        "Réponse ouverte",
        "Réponse ouverte",
    ]
    rows = [top, low]
    expected = []
    for p in people:
        rows.append([118_000_000_000 + p.number, 391_004_221, _day(p.number), _day(p.number) + datetime.timedelta(minutes=6), f"192.0.2.{p.number + 1}", "", "", "", "",
                     p.voice_label, "", *[c if c in p.concerns else "" for c in CONCERNS], p.other, p.commune, p.problem, p.idea])  # fmt: skip
        told, named = beside(f"{asked} – Autre (veuillez préciser)", p.other)
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{top[-2]: p.problem, top[-1]: p.idea}) | told,
                {asked: p.concerns} | named,
            )
        )
    return Case(
        "Concertation sécurité - Réponses.xlsx",
        workbook({"Sheet": rows}),
        expected,
        ["192.0.2.", "118000000"],
    )


def typeform() -> Case:
    """CSV with commas; a choice is a column whose heading is the label itself."""
    people = crowd(14)
    head = ["#", "Bonjour ! Vous êtes plutôt…", *CONCERNS, "Other", "Et vous habitez où ?", "Notre police, vous en pensez quoi ?", "Votre idée pour que ça aille mieux", "Laissez-nous votre *e-mail* si vous voulez une réponse",
            "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"]  # fmt: skip
    rows = [head]
    expected = []
    for p in people:
        when = _day(p.number).strftime("%Y-%m-%d %H:%M:%S")
        rows.append([f"{p.number:02d}ab{p.number * 7919 % 9973:04d}xyz9q{p.number}", p.voice_label, *[c if c in p.concerns else "" for c in CONCERNS], p.other, p.commune, p.problem, p.idea, p.email if p.number % 3 else "",
                     "completed", when, "", when, f"{p.number * 104729 % 1000003:06x}c1d2", ""])  # fmt: skip
        told, named = beside("Other", p.other)
        expected.append(
            Expected(p.voice, p.commune, said(**{head[-9]: p.problem, head[-8]: p.idea}) | told, named)
        )
    return Case(
        "responses-Kq2vT7-01HF2.csv",
        delimited(rows, ",", quoting=0),
        expected,
        [*secrets_of(people, "email"), "c1d2", "xyz9q"],
    )


def kobo() -> Case:
    """XLSX with labels, groups in the headings, 0/1 columns beside the list of choices, and what the device adds."""
    people = crowd(15)
    q = "Sujets cités par la personne"
    head = ["start", "end", "today", "username", "deviceid", "Identité/Nom de l'enquêté", "Identité/Qualité de l'enquêté", "Lieu/Commune", "Lieu/Position GPS", "_Lieu/Position GPS_latitude", "_Lieu/Position GPS_longitude",
            f"Questions/{q}", *[f"Questions/{q}/{c}" for c in CONCERNS], "Questions/Satisfaction générale", "Questions/Ce qui pose problème ici", "Questions/Ce qu'il faudrait faire",
            "__version__", "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "_tags", "_index"]  # fmt: skip
    rows = [head]
    expected = []
    for p in people:
        when = _day(p.number)
        rows.append([when.isoformat(timespec="milliseconds") + "+01:00", when.isoformat(timespec="milliseconds") + "+01:00", when.strftime("%Y-%m-%d"), "enqueteur_3", "collect:kB7wQ2", f"{p.first_name} {p.last_name}", p.voice_label, p.commune,
                     f"43.6{p.number} 0.5{p.number} 0 0", f"43.6{p.number}", f"0.5{p.number}", " ".join(p.concerns), *[1 if c in p.concerns else 0 for c in CONCERNS], p.satisfaction, p.problem, p.idea,
                     "vLnQ8xJ", 9_000_100 + p.number, f"6f9619ff-8b86-d011-b42d-00c04fc9{p.number:04d}", when.strftime("%Y-%m-%dT%H:%M:%S"), "", "", "submitted_via_web", "agent.saisie", "", p.number + 1])  # fmt: skip
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{"Ce qui pose problème ici": p.problem, "Ce qu'il faudrait faire": p.idea}),
                {q: p.concerns, "Satisfaction générale": [p.satisfaction]},
            )
        )
    return Case(
        "Recueil_terrain_-_all_versions_-_labels_-_2018-02-01.xlsx",
        workbook({"Recueil terrain": rows}),
        expected,
        [f"{p.first_name} {p.last_name}" for p in people]
        + ["enqueteur_3", "agent.saisie", "6f9619ff", "43.6"],
    )


def framaforms() -> Case:
    """« Excel » of Drupal's webform: UTF-16 text with tabs, named .xls, three rows of headings of unequal length."""
    people = crowd(16, incomplete=(2,))
    system = [
        "Numéro de série",
        "SID",
        "Heure de soumission",
        "Completed Time",
        "Modified Time",
        "Brouillon",
        "Adresse IP",
        "UID",
        "Nom d'utilisateur",
    ]
    groups = ["Détails de la soumission"] + [""] * 10 + ["Vos préoccupations"] + [""] * (len(CONCERNS) - 1)
    head = [
        *system,
        "Votre qualité",
        "Votre courriel (pour être recontacté)",
        *CONCERNS,
        "Ville ou village",
        "Que constatez-vous ?",
        "Que suggérez-vous ?",
    ]
    rows = [["Vivre tranquille en Armagnac"] + [""] * 12, groups, head]
    expected = []
    for p in people:
        when = _day(p.number).strftime("%d/%m/%Y - %H:%M")
        rows.append([p.number + 1, 70_100 + p.number * 3, when, when if p.is_complete else "", when, 0 if p.is_complete else 1, f"198.51.100.{p.number + 70}", 0, p.handle, p.voice_label, p.email,
                     *["X" if c in p.concerns else "" for c in CONCERNS], p.commune, p.problem, p.idea])  # fmt: skip
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{"Que constatez-vous ?": p.problem, "Que suggérez-vous ?": p.idea}),
                {"Vos préoccupations": p.concerns},
                p.is_complete,
            )
        )
    return Case(
        "vivre_tranquille.xls",
        b"\xff\xfe" + delimited(rows, "\t", encoding="utf-16-le", end="\n"),
        expected,
        [*secrets_of(people, "email", "handle"), "198.51.100."],
    )


def microsoft_forms() -> Case:
    """XLSX, English system columns, choices closed by « ; », a Likert statement a column, points and feedback of a quiz."""
    people = crowd(17)
    head = ["Id", "Start time", "Completion time", "Email", "Name", "Last modified time", "Quel est votre profil ?", "Dans quelle ville habitez-vous ?", "Quelles sont vos préoccupations ?", "L'accueil est rapide", "L'accueil est aimable",
            "Décrivez un problème que vous vivez", "Que feriez-vous à notre place ?"]  # fmt: skip
    agree = ["Tout à fait d'accord", "Plutôt d'accord", "Plutôt pas d'accord"]
    rows = [head]
    expected = []
    for p in people:
        one, two = agree[p.number % 3], agree[(p.number * 2 + 1) % 3]
        rows.append([p.number + 1, _day(p.number), _day(p.number) + datetime.timedelta(minutes=4), p.email, f"{p.last_name.upper()} {p.first_name}", "", p.voice_label, p.commune,
                     "".join(f"{c};" for c in [*p.concerns, *([p.other] if p.other else [])]), one, two, p.problem, p.idea])  # fmt: skip
        told, named = beside(f"{head[8]} – Autre", p.other)
        remarks = said(**{head[-2]: p.problem, head[-1]: p.idea}) | told
        expected.append(
            Expected(
                p.voice, p.commune, remarks, {head[8]: p.concerns, head[9]: [one], head[10]: [two]} | named
            )
        )
    return Case(
        "Sécurité du quotidien(1-11).xlsx",
        workbook({"Sheet1": rows}),
        expected,
        secrets_of(people, "email") + [p.last_name.upper() for p in people],
    )


def demarches() -> Case:
    """ODS by rodf: files, establishments, opinions, a repeated block; the Gers in three columns."""
    people = crowd(18)
    head = ["ID", "Email", "FranceConnect ?", "Civilité", "Nom", "Prénom", "Archivé", "État du dossier", "Dernière mise à jour le", "Déposé le", "Passé en instruction le", "Traité le", "Motivation de la décision", "Instructeurs", "Groupe instructeur",
            "Vous agissez en qualité de", "Commune", "Commune (Code INSEE)", "Commune (Département)", "Vos sujets", "Votre témoignage", "Vos propositions", "Je certifie l'exactitude des informations"]  # fmt: skip
    files, blocks, expected = [head], [["Dossier ID", "Ligne", "Où ?", "Que s'est-il passé ?"]], []
    from .people import COMMUNES  # noqa: PLC0415

    for p in people:
        key = 18_200_300 + p.number * 11
        when = _day(p.number).strftime("%Y-%m-%d %H:%M:%S +0100")
        files.append([key, p.email, "Non", "Mme" if p.number % 2 else "M.", p.last_name, p.first_name, "Non", "Accepté", when, when, when, when, "", "instr@prefecture.example", "défaut",
                      p.voice_label, f"{p.commune} (32{p.number}00)"[: len(p.commune)], COMMUNES[p.commune], "32 – Gers", ", ".join(p.concerns), p.problem, p.idea, "Oui"])  # fmt: skip
        facts = [f"Fait numéro {p.number} : un portail tagué pendant la nuit."] if p.number % 4 == 0 else []
        blocks += [[key, n + 1, "rue du Lavoir", fact] for n, fact in enumerate(facts)]
        remarks: dict = said(**{"Votre témoignage": p.problem, "Vos propositions": p.idea})
        if facts:
            remarks["Que s'est-il passé ?"] = facts
        expected.append(Expected(p.voice, p.commune, remarks, {"Vos sujets": p.concerns}))
    sheets = {"Dossiers": files, "Etablissements": [["Dossier ID", "Champ", "Établissement SIRET"]], "Avis": [["Dossier ID", "Introduction", "Réponse", "Expert"], [18_200_300, "Pour avis", "Rien à redire sur ce dossier.", "Mme Dupin"]], "(991) Faits": blocks}  # fmt: skip
    return Case(
        "dossiers_tranquillite_2018-02-03_08-00.ods",
        ods_by_rodf(sheets),
        expected,
        [*secrets_of(people, "email", "last_name"), "Rien à redire"],
    )


def tally() -> Case:
    """CSV: the list of choices, then one TRUE/FALSE column a choice with the label in brackets."""
    people = crowd(19, with_other=False)
    q = "Qu'est-ce qui vous inquiète le plus ?"
    head = [
        "Submission ID",
        "Respondent ID",
        "Submitted at",
        "Vous êtes",
        "Commune de résidence",
        q,
        *[f"{q} ({c})" for c in CONCERNS],
        "Décrivez la situation en quelques mots",
        "Votre proposition",
        "Téléphone (si vous voulez être rappelé)",
    ]
    rows = [head]
    expected = []
    for p in people:
        rows.append([f"wMe{p.number}PqV", f"xZr{p.number}Lk", _day(p.number).strftime("%Y-%m-%d %H:%M:%S"), p.voice_label, p.commune, ", ".join(p.concerns), *["TRUE" if c in p.concerns else "FALSE" for c in CONCERNS], p.problem, p.idea,
                     p.phone if p.number % 2 else ""])  # fmt: skip
        expected.append(
            Expected(p.voice, p.commune, said(**{head[-3]: p.problem, head[-2]: p.idea}), {q: p.concerns})
        )
    return Case(
        "Concertation_Submissions_2018-02-01.csv",
        delimited(rows, ",", quoting=0, end="\n"),
        expected,
        [*secrets_of([p for p in people if p.number % 2], "phone"), "PqV", "xZr"],
    )


def by_hand() -> Case:
    """One sheet a meeting, named by commune and day; a merged title, two levels of headings, sub-totals, a line struck through."""
    sheets: dict[str, list[list[object]]] = {
        "LISEZ-MOI": [["Une feuille par réunion ; ne pas écrire de noms."]]
    }
    expected = []
    struck = []
    for seed, commune, day in ((20, "Mirande", "12-01-18"), (21, "Lectoure", "19-01-18")):
        people = crowd(seed, 6)
        rows: list[list[object]] = [
            [f"Réunion de proximité – {commune} – {day.replace('-', '/')}", "", "", "", ""],
            [],
            ["", "Participant", "", "Ce qui a été dit", ""],
            ["N°", "qualité", "quartier", "constat", "proposition"],
        ]
        for p in people:
            rows.append([p.number + 1, p.voice_label.lower(), "centre", p.problem, p.idea])
            expected.append(
                Expected(
                    p.voice,
                    commune,
                    said(
                        **{"Ce qui a été dit – constat": p.problem, "Ce qui a été dit – proposition": p.idea}
                    ),
                    {},
                )
            )
        rows += [
            ["", "", "", "", ""],
            ["Total participants", "", "", 6, ""],
            [7, "habitant", "gare", "Propos retiré après la réunion.", ""],
        ]
        struck.append((f"{commune} {day}", len(rows)))
        sheets[f"{commune} {day}"] = rows
    made = book(sheets)
    for name, row in struck:
        for cell in made[name][row]:
            cell.font = Font(strike=True)
        made[name].merge_cells("A1:E1")
        made[name].merge_cells("B3:C3")
        made[name].merge_cells("D3:E3")
    return Case("Réunions proximité janvier.xlsx", saved(made), expected, ["Propos retiré"])


CASES = (
    limesurvey,
    qualtrics,
    surveymonkey,
    typeform,
    kobo,
    framaforms,
    microsoft_forms,
    demarches,
    tally,
    by_hand,
)
