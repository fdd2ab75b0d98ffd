"""Ten exports written without looking at how they are read: other software, other words, other habits."""

from __future__ import annotations

import datetime
import json

from openpyxl.comments import Comment

from .people import CONCERNS, SATISFACTION, Case, Expected, crowd, said, secrets_of
from .write import Rows, book, delimited, html_table, saved, workbook

DAY = datetime.datetime(2021, 9, 6, 18, 2, 44)


def _day(n: int) -> datetime.datetime:
    return DAY + datetime.timedelta(days=2 * n, minutes=17 * n)


def drupal_nine() -> Case:
    """Webform of Drupal 9, CSV: labels, one column an option with X, drafts, who was logged in."""
    people = crowd(51, incomplete=(2, 9), with_other=False)
    head = ["Serial number", "Submission ID", "Submission UUID", "Token", "Submission URI", "Created", "Completed", "Changed", "In draft", "Current page", "Remote IP address", "Submitted by: ID", "Submitted by: Title", "Submitted by: URL", "Language", "Submitted to: Entity type", "Locked", "Sticky", "Notes",
            "Nom et prénom", "Votre qualité", "Votre commune", *[f"Vos sujets: {c}" for c in CONCERNS], "Ce qui vous préoccupe", "Vos suggestions"]  # fmt: skip
    rows: Rows = [head]
    expected = []
    for p in people:
        when = _day(p.number).strftime("%Y-%m-%d %H:%M:%S")
        rows.append([p.number + 1, 300 + p.number, f"aa{p.number}-77c1", f"tok{p.number}Qz", f"/form/x/{p.number}", when, when if p.is_complete else "", when, "No" if p.is_complete else "Yes", "", f"203.0.113.{p.number + 20}", p.number + 1000, f"{p.handle}", "/user/1", "Français", "node", "No", "No", "", f"{p.first_name} {p.last_name}", p.voice_label, p.commune,
                     *["X" if c in p.concerns else "" for c in CONCERNS], p.problem, p.idea])  # fmt: skip
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{"Ce qui vous préoccupe": p.problem, "Vos suggestions": p.idea}),
                {"Vos sujets": p.concerns},
                p.is_complete,
            )
        )
    return Case(
        "concertation_securite.csv",
        delimited(rows, ","),
        expected,
        [*secrets_of(people, "handle", "last_name"), "203.0.113.", "77c1"],
    )


def survio() -> Case:
    """XLSX of an online tool nobody declared: its own identifiers, duration and browser in front, choices « , »."""
    people = crowd(52, with_other=False)
    head = [
        "Réponse n°",
        "Début",
        "Fin",
        "Durée",
        "Navigateur",
        "Pays",
        "Adresse IP",
        "1. Qui êtes-vous ? *",
        "2. Où habitez-vous ? *",
        "3. Qu'est-ce qui vous inquiète ?",
        "4. Votre confiance envers la police",
        "5. Racontez-nous",
        "6. Que faudrait-il faire en priorité ?",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        rows.append(
            [
                p.number + 1,
                _day(p.number),
                _day(p.number) + datetime.timedelta(minutes=5),
                "00:05:12",
                "Firefox 92",
                "FR",
                f"198.51.100.{p.number + 4}",
                p.voice_label,
                p.commune,
                ", ".join(p.concerns),
                p.satisfaction,
                p.problem,
                p.idea,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{"Racontez-nous": p.problem, "Que faudrait-il faire en priorité ?": p.idea}),
                {
                    "Qu'est-ce qui vous inquiète ?": p.concerns,
                    "Votre confiance envers la police": [p.satisfaction],
                },
            )
        )
    return Case("resultats-sondage.xlsx", workbook({"Résultats": rows}), expected, ["198.51.100.", "Firefox"])


def decidim_debates() -> Case:
    """JSON of Decidim proposals: bodies in HTML, nested titles, authors and coordinates."""
    people = crowd(53)
    items = []
    expected = []
    for p in people:
        body = p.problem or p.idea or "Une idée sans détail."
        items.append(
            {
                "id": p.number + 1,
                "category": {"id": 1, "name": {"fr": "Tranquillité"}},
                "scope": {"id": 2, "name": {"fr": p.commune}},
                "participatory_space": {"id": 1, "url": "https://d.example/p"},
                "component": {"id": 3},
                "title": {"fr": f"Proposition {p.number}"},
                "body": {"fr": "<p>" + body.replace("&", "&amp;").replace("<", "&lt;") + "</p>"},
                "author": {"id": [900 + p.number], "name": [f"{p.first_name} {p.last_name}"], "url": [""]},
                "latitude": 43.64 + p.number / 1000,
                "longitude": 0.58,
                "published_at": _day(p.number).strftime("%Y-%m-%d %H:%M:%S +0200"),
                "endorsements": {"total_count": 2, "user_endorsements": [p.handle]},
                "state": None,
                "reference": f"D-{p.number}",
            }
        )
        expected.append(Expected(None, p.commune, {"body/fr": body}, {}))
    return Case(
        "proposals.json",
        json.dumps(items, ensure_ascii=False).encode(),
        expected,
        [*secrets_of(people, "last_name", "handle"), "43.64"],
    )


def google_relinked() -> Case:
    """A Google workbook whose form was linked again: two sheets of answers, the second repeats some of the first."""
    people = crowd(54, 12, with_other=False)
    head = ["Horodateur", "Vous êtes :", "Commune", "Vos préoccupations", "Votre message à la gendarmerie"]

    def row(p) -> list[object]:
        return [
            _day(p.number),
            p.voice_label,
            p.commune,
            ", ".join(p.concerns),
            p.problem or "Merci pour cette écoute.",
        ]

    sheets = {
        "Réponses au formulaire 1": [head, *[row(p) for p in people[:8]]],
        "Réponses au formulaire 2": [head, *[row(p) for p in people[5:]]],
    }
    expected = [
        Expected(
            p.voice, p.commune, {head[4]: p.problem or "Merci pour cette écoute."}, {head[3]: p.concerns}
        )
        for p in people
    ]
    return Case("Vos attentes (réponses).xlsx", workbook(sheets), expected, [])


def permanence() -> Case:
    """By hand: banners for the communes, a voice in short, a comment on a cell, a line « à supprimer », initials of who wrote."""
    people = crowd(55, 9)
    rows: Rows = [
        ["Permanence mobile « tranquillité »"],
        ["Secteur nord – relevé de l'adjudant-chef"],
        [],
        ["", "qualité", "remarques faites", "attentes exprimées", "pris par"],
    ]
    expected = []
    for commune, group in zip(
        ("Samatan", "Masseube", "Seissan"), (people[:3], people[3:6], people[6:]), strict=True
    ):
        rows.append([f"COMMUNE DE {commune.upper()}", "", "", "", ""])
        for p in group:
            rows.append(
                [
                    "",
                    p.voice_label,
                    p.problem or "RAS",
                    p.idea,
                    "ADJ CABARROU" if p.number % 2 else "MDL FITTES",
                ]
            )
            expected.append(
                Expected(
                    p.voice,
                    commune.upper(),
                    said(**{"remarques faites": p.problem or "RAS", "attentes exprimées": p.idea}),
                    {},
                )
            )
    rows += [["", "à supprimer", "Test de saisie du matin", "", ""], ["Total", "", 9, "", ""]]
    made = book({"relevé": rows, "Feuil2": [["notes pour moi"]]})
    made["relevé"]["C6"].comment = Comment("voir avec le maire", "ADJ CABARROU")
    return Case(
        "releve permanence mobile.xlsx",
        saved(made),
        expected,
        ["CABARROU", "FITTES", "Test de saisie", "voir avec le maire"],
    )


def qualtrics_xlsx() -> Case:
    """Qualtrics in XLSX, choices of one question in one cell with commas, a preview among the answers."""
    people = crowd(56, incomplete=(3,), with_other=False)
    codes = [
        "StartDate",
        "EndDate",
        "Status",
        "Progress",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "UserLanguage",
        "voix",
        "lieu",
        "themes",
        "accueil",
        "vecu",
        "idee",
    ]
    texts = [
        "Start Date",
        "End Date",
        "Response Type",
        "Progress",
        "Finished",
        "Recorded Date",
        "Response ID",
        "User Language",
        "Vous êtes :",
        "Dans quelle commune vivez-vous ?",
        "Quels thèmes faut-il traiter d'abord ?",
        "Êtes-vous satisfait de l'accueil ?",
        "Décrivez ce que vous avez vécu",
        "Une idée pour améliorer les choses ?",
    ]
    rows: Rows = [
        codes,
        texts,
        [
            "Preview",
            "x",
            "Survey Preview",
            100,
            "True",
            "",
            "R_p",
            "FR",
            "Gendarme",
            "Auch",
            "Bruit",
            "Peu satisfait",
            "mon bout d'essai",
            "encore un bout d'essai",
        ],
    ]
    expected = []
    for p in people:
        rows.append(
            [
                _day(p.number),
                _day(p.number),
                "IP Address",
                100 if p.is_complete else 30,
                "True" if p.is_complete else "False",
                _day(p.number),
                f"R_{p.number}Zk",
                "FR",
                p.voice_label,
                p.commune,
                ",".join(p.concerns),
                p.satisfaction,
                p.problem,
                p.idea,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{texts[12]: p.problem, texts[13]: p.idea}),
                {texts[10]: p.concerns, texts[11]: [p.satisfaction]},
                p.is_complete,
            )
        )
    return Case("PSQ.xlsx", workbook({"Sheet0": rows}), expected, ["Zk", "bout d'essai"])


def odk_csv() -> Case:
    """ODK Central: underscores and group prefixes, choices as names separated by spaces and 0/1 columns split."""
    people = crowd(57, with_other=False)
    names = ["bruit", "vols", "vitesse", "stups", "incivilites", "accueil"]
    head = [
        "SubmissionDate",
        "start",
        "end",
        "username",
        "deviceid",
        "profil-qualite",
        "profil-commune",
        "profil-nom_repondant",
        "sujets",
        *[f"sujets/{n}" for n in names],
        "remarque_generale",
        "proposition",
        "position-Latitude",
        "position-Longitude",
        "meta-instanceID",
        "KEY",
        "SubmitterID",
        "SubmitterName",
        "DeviceID",
        "ReviewState",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        when = _day(p.number).isoformat() + "Z"
        ticks = [int(c in p.concerns) for c in CONCERNS]
        rows.append(
            [
                when,
                when,
                when,
                "agent7",
                "collect:Zx9",
                p.voice_label,
                p.commune,
                f"{p.first_name} {p.last_name}",
                " ".join(n for n, t in zip(names, ticks, strict=True) if t),
                *ticks,
                p.problem,
                p.idea,
                "43.7" + str(p.number),
                "0.61",
                f"uuid:{p.number}f0",
                f"uuid:{p.number}f0",
                12,
                "Agent Sept",
                "collect:Zx9",
                "",
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(remarque_generale=p.problem, proposition=p.idea),
                {"sujets": [n for n, t in zip(names, ticks, strict=True) if t]},
            )
        )
    return Case(
        "recueil.csv",
        delimited(rows, ","),
        expected,
        [*secrets_of(people, "last_name"), "Agent Sept", "Zx9", "43.7"],
    )


def semicolon_excel() -> Case:
    """CSV saved by a French Excel: cp1252, semicolons, dates day first, a score, an age, two persons' columns."""
    people = crowd(58, with_other=False)
    rows: Rows = [
        [
            "Date",
            "Interlocuteur",
            "Agent",
            "Age",
            "Profession ou qualité",
            "Commune",
            "Note /10",
            "Verbatim",
            "Suite souhaitée",
        ]
    ]
    expected = []
    for p in people:
        rows.append(
            [
                _day(p.number).strftime("%d/%m/%y"),
                f"{p.last_name.upper()} {p.first_name}",
                "MP",
                20 + p.number * 4,
                p.voice_label,
                p.commune,
                p.number % 10 + 1,
                p.problem or "Rien de spécial.",
                p.idea,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(Verbatim=p.problem or "Rien de spécial.", **{"Suite souhaitée": p.idea}),
                {"Note /10": [str(p.number % 10 + 1)]},
            )
        )
    return Case(
        "micro-trottoir.csv",
        delimited(rows, ";", quoting=0, encoding="cp1252"),
        expected,
        [p.last_name.upper() for p in people],
    )


def page_named_xls() -> Case:
    """An HTML page named .xls, as many sites send: a title row over the table, breaks inside cells, escaped ampersands."""
    people = crowd(59)
    q = "Sujets"
    rows: Rows = [
        ["Identifiant", "Date d'envoi", "Profil", "Commune", q, "Commentaire libre", "Adresse e-mail"]
    ]
    expected = []
    for p in people:
        rows.append(
            [
                p.number + 7000,
                _day(p.number).strftime("%d/%m/%Y %H:%M"),
                p.voice_label,
                p.commune,
                " | ".join(p.concerns),
                p.problem,
                p.email,
            ]
        )
        expected.append(
            Expected(p.voice, p.commune, said(**{"Commentaire libre": p.problem}), {q: p.concerns})
        )
    return Case("export_2021-10-01.xls", html_table(rows), expected, secrets_of(people, "email"))


def limesurvey_xlsx() -> Case:
    """LimeSurvey in XLSX by its own writer: an anonymous survey, answers that begin with a sign, a grid, an « Autre » for the commune."""
    people = crowd(60, incomplete=(5,))
    head = [
        "ID de la réponse",
        "Date de soumission",
        "Dernière page",
        "Langue de départ",
        "Tête de série",
        "Vous êtes",
        "Votre commune",
        "Votre commune [Autre]",
        "Êtes-vous satisfait : [de l'accueil]",
        "Êtes-vous satisfait : [des délais]",
        "Dites-nous ce qui ne va pas",
        "Et que proposez-vous ?",
    ]
    rows: Rows = [head]
    expected = []
    for p in people:
        listed = p.number % 3 != 0
        one, two = SATISFACTION[p.number % 4], SATISFACTION[(p.number + 2) % 4]
        rows.append(
            [
                p.number + 2,
                "1980-01-01 00:00:00" if p.is_complete else "",
                3,
                "fr",
                771_100_200 + p.number,
                p.voice_label,
                p.commune if listed else "Autre",
                "" if listed else p.commune,
                one,
                two,
                p.problem,
                p.idea,
            ]
        )
        expected.append(
            Expected(
                p.voice,
                p.commune,
                said(**{head[10]: p.problem, head[11]: p.idea}),
                {head[8]: [one], head[9]: [two]},
                p.is_complete,
            )
        )
    return Case("results-survey110022.xlsx", workbook({"Enquête": rows}), expected, ["7711002"])


CASES = (
    drupal_nine,
    survio,
    decidim_debates,
    google_relinked,
    permanence,
    qualtrics_xlsx,
    odk_csv,
    semicolon_excel,
    page_named_xls,
    limesurvey_xlsx,
)
