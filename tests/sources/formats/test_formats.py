"""The options of each export format, on files written here: separators, headings, masks, sheets, quotations."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from psq_analysis.errors import BadInput
from psq_analysis.sources import Intake, describe_file, format_description, read_files

SAID = [
    "Plus de patrouilles à pied le soir, surtout près de la gare ; merci.",
    'On m\'a répondu "revenez demain", puis plus rien.',
    "RAS",
    "L'accueil est correct,\nmais il ferme à 18 h.",
]


def _write_csv(path: Path, rows: list[list[str]], *, separator: str = ";", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _write_xlsx(path: Path, **sheets: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def _texts(intake: Intake) -> list[str]:
    return intake.remarks["text"].tolist()


def _column(intake: Intake, name: str) -> list[str | None]:
    return [
        None if value is None else value
        for value in intake.contributions[name].astype(object).where(intake.contributions[name].notna(), None)
    ]


def _limesurvey(headings: list[str]) -> list[list[str]]:
    rows = [headings]
    for number, text in enumerate(SAID, start=1):
        submitted = "" if number == 3 else f"2017-11-2{number} 08:07:10"
        rows.append(
            [
                str(number),
                submitted,
                "5",
                "fr",
                "jetonsecret",
                "192.0.2.7",
                "HAB" if number < 3 else "ELU",
                "",
                "Auch",
                "A1",
                text,
                "12.5",
                "31.2",
            ]
        )
    return rows


CODES = [
    "id",
    "submitdate",
    "lastpage",
    "startlanguage",
    "token",
    "ipaddr",
    "QPROF",
    "QPROF[other]",
    "QCOM",
    "QSENT",
    "QDIFF",
    "interviewtime",
    "QDIFFTime",
]
FULL = ["ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ", "Jeton", "Adresse IP", "Vous êtes :", "Vous êtes : [Autre]",
        "Votre commune", "Votre sentiment", "Quelles difficultés rencontrez-vous ?", "Temps total", "Durée pour la question : QDIFF"]  # fmt: skip


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "headings",
    [CODES, FULL, [f"{code}. {text}" for code, text in zip(CODES, FULL, strict=True)]],
    ids=["codes", "full", "both"],
)
def test_limesurvey_reads_alike_whatever_the_export_options(tmp_path, separator, encoding, headings) -> None:
    intake = read_files(
        [_write_csv(tmp_path / "export.csv", _limesurvey(headings), separator=separator, encoding=encoding)]
    )
    assert intake.contributions["source_format"].unique().tolist() == ["limesurvey_csv"]
    assert _texts(intake) == SAID
    assert intake.contributions["is_complete"].tolist() == [True, True, False, True]
    assert _column(intake, "stakeholder") == ["habitants", "habitants", "élus", "élus"]
    assert _column(intake, "place_commune") == ["Auch"] * 4
    everything = intake.answers.to_csv() + intake.contributions.to_csv() + intake.remarks.to_csv()
    assert "jetonsecret" not in everything
    assert "192.0.2.7" not in everything
    assert "31.2" not in everything


def test_limesurvey_undoes_the_apostrophe_that_masks_a_formula(tmp_path) -> None:
    rows = _limesurvey(CODES)
    rows[1][10] = "'=> une brigade ouverte le soir"
    intake = read_files([_write_csv(tmp_path / "export.csv", rows)])
    assert _texts(intake)[0] == "=> une brigade ouverte le soir"


def test_limesurvey_takes_the_quality_written_under_other(tmp_path) -> None:
    rows = _limesurvey(CODES)
    rows[1][6:8] = ["-oth-", "conseillère municipale"]
    rows[2][6:8] = ["-oth-", "poète"]
    intake = read_files([_write_csv(tmp_path / "export.csv", rows)])
    assert _column(intake, "stakeholder")[:2] == ["élus", None]


def test_framaforms_groups_ticked_columns_under_their_question(tmp_path) -> None:
    system = [
        "Numéro de série",
        "SID",
        "Heure de soumission",
        "Brouillon",
        "Adresse IP",
        "UID",
        "Nom d'utilisateur",
    ]
    rows = [
        ["Concertation"] + [""] * 11,
        ["Détails de la soumission"] + [""] * 8 + ["Vos priorités", "", ""],
        [*system, "Vous êtes", "Commune", "Présence", "Accueil", "Ce qui fonctionne mal"],
    ]
    for number, text in enumerate(SAID, start=1):
        rows.append(
            [
                str(number),
                "90",
                "01/12/2017 - 20:50",
                "1" if number == 2 else "0",
                "192.0.2.9",
                "0",
                "",
                "Particulier",
                "Vic-Fezensac",
                "X",
                "",
                text,
            ]
        )
    for separator in ("\t", "|"):
        intake = read_files([_write_csv(tmp_path / "frama.csv", rows, separator=separator)])
        assert intake.contributions["source_format"].iloc[0].startswith("framaforms_webform")
        assert _texts(intake) == SAID
        assert intake.contributions["is_complete"].tolist() == [True, False, True, True]
        assert set(zip(intake.answers["question"], intake.answers["value"], strict=True)) == {
            ("Vos priorités", "Présence")
        }
        assert intake.contributions["submitted_on"].dt.strftime("%d/%m/%Y").unique().tolist() == [
            "01/12/2017"
        ]


def test_grand_debat_questions_are_known_by_their_words_when_their_ids_drift(tmp_path) -> None:
    def vintage(path: Path, first_id: str, second_id: str, day: str) -> Path:
        system = [
            "id",
            "reference",
            "title",
            "createdAt",
            "publishedAt",
            "updatedAt",
            "trashed",
            "trashedStatus",
            "authorId",
            "authorType",
            "authorZipCode",
        ]
        rows = [
            [
                *system,
                f"{first_id} - Quelles difficultés rencontrez-vous ?",
                f"{second_id} - Sur quels sujets agir en premier ?",
            ]
        ]
        rows += [
            [
                f"UHJv{n}",
                f"9-{n}",
                "Mon avis",
                day,
                day,
                "",
                "true" if n == 1 else "false",
                "",
                f"VXNl{n}",
                "Citoyen / Citoyenne",
                "01000",
                text,
                "Accueil|Présence" if n % 2 else "Accueil",
            ]
            for n, text in enumerate(SAID)
        ]
        return _write_csv(path, rows, separator=",")

    first = vintage(
        tmp_path / "debat_2017.csv", "QUXVlc3Rpb246MjE1", "QUXVlc3Rpb246MjE2", "2017-11-22 12:54:30"
    )
    second = vintage(
        tmp_path / "debat_2018.csv", "QUXVlc3Rpb246NDAx", "QUXVlc3Rpb246NDAy", "2018-06-22 12:54:30"
    )
    intake = read_files([first, second])
    assert intake.remarks["question"].unique().tolist() == ["Quelles difficultés rencontrez-vous ?"]
    assert intake.contributions.groupby("source_file")["wave"].first().to_dict() == {
        "debat_2017.csv": "1",
        "debat_2018.csv": "2",
    }
    assert intake.contributions["is_complete"].tolist() == [True, False, True, True] * 2
    assert _column(intake, "place_postcode") == ["01000"] * 8
    assert sorted(intake.answers.loc[intake.answers["question"].str.startswith("Sur"), "value"].unique()) == [
        "Accueil",
        "Présence",
    ]


DECIDIM = [
    {"id": 310, "category": {"id": 24, "name": {"fr": "Tranquillité"}}, "scope": {"id": 200, "name": {"fr": "Condom"}}, "component": {"id": 47},
     "participatory_space": {"id": 12, "url": "https://participer.example"}, "title": {"fr": "Un référent"},
     "body": {"fr": "<p>Un gendarme&nbsp;référent</p><ul><li>le lundi</li><li>au marché</li></ul>"}, "state": "accepted",
     "answer": {"fr": "<p>Merci, c'est transmis au groupe de travail.</p>"}, "endorsements": {"total_count": 1, "user_endorsements": "Ana Ruiz"},
     "published_at": "2021-04-12 09:15:39 +0200"},
    {"id": 311, "category": {"id": None, "name": {"fr": ""}}, "scope": {"id": 201, "name": {"fr": "Gers"}}, "component": {"id": 47},
     "participatory_space": {"id": 12, "url": "https://participer.example"}, "title": {"fr": "Stop"},
     "body": {"fr": "<p>Vitesse &gt; 60 devant l'école, bruit &lt; zéro respect</p>"}, "state": "withdrawn", "answer": {"fr": ""},
     "endorsements": {"total_count": 0, "user_endorsements": ""}, "published_at": "2021-04-12 18:40:14 +0200"},
]  # fmt: skip


def _flat(item: dict, prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in item.items():
        flat.update(
            _flat(value, f"{prefix}{key}/")
            if isinstance(value, dict)
            else {f"{prefix}{key}": "" if value is None else str(value)}
        )
    return flat


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_decidim_reads_alike_as_json_csv_and_xlsx(tmp_path, kind) -> None:
    path = tmp_path / f"proposals.{kind}"
    flat = [_flat(item) for item in DECIDIM]
    rows = [list(flat[0]), *([item[key] for key in flat[0]] for item in flat)]
    if kind == "json":
        path.write_text(json.dumps(DECIDIM, ensure_ascii=False), encoding="utf-8")
    elif kind == "csv":
        _write_csv(path, rows)
    else:
        _write_xlsx(path, Proposals=rows)
    intake = read_files([path])
    assert intake.contributions["source_format"].iloc[0] == f"decidim_proposals_{kind}"
    assert [text.split() for text in _texts(intake)] == [
        ["Un", "gendarme", "référent", "le", "lundi", "au", "marché"],
        ["Vitesse", ">", "60", "devant", "l'école,", "bruit", "<", "zéro", "respect"],
    ]
    assert intake.contributions["is_complete"].tolist() == [True, False]
    assert _column(intake, "place_commune") == ["Condom", None]
    assert _column(intake, "place_department") == [None, "Gers"]
    assert "Ana Ruiz" not in intake.answers.to_csv()
    assert "transmis" not in intake.answers.to_csv() + intake.remarks.to_csv()


DOSSIERS = ["ID", "Email", "Civilité", "Nom", "Prénom", "Archivé", "État du dossier", "Dernière mise à jour le", "Déposé le", "Passé en instruction le",
            "Traité le", "Motivation de la décision", "Instructeurs", "Groupe instructeur", "Commune concernée", "Vous êtes", "Vos constats"]  # fmt: skip


def _dossiers() -> list[list[object]]:
    day = datetime.datetime(2017, 12, 4, 9, 30)
    return [DOSSIERS] + [
        [str(700 + n), f"p{n}@boite.example", "M.", "Dupuy", "Jean", False, "Accepté", day, day, day, day, "Doublon d'un dossier papier", "agent@gers.example",
         "Auch", "Seissan (32260)", "Habitant", text]
        for n, text in enumerate(SAID)
    ]  # fmt: skip


def test_demarches_simplifiees_adds_repeated_blocks_to_their_file_and_leaves_opinions_out(tmp_path) -> None:
    path = _write_xlsx(
        tmp_path / "dossiers.xlsx",
        Dossiers=_dossiers(),
        Etablissements=[["Dossier ID", "SIRET"]],
        Avis=[["Dossier ID", "Question / Introduction", "Réponse", "Expert"], ["700", "Pouvez-vous vérifier ?", "Constat exact, deux faits enregistrés.", "c@gers.example"]],
        Faits=[["Dossier ID", "Ligne", "Description du fait"], ["700", 1, "Vol de batterie dans le hangar, au mois d'août."], ["701", 1, "Voiture brûlée près du stade un samedi."],
               ["999", 1, "Un fait sans dossier dans cet export, hélas."]],
    )  # fmt: skip
    intake = read_files([path])
    assert len(intake.contributions) == 4
    assert len(intake.remarks) == 6
    assert intake.remarks["question_id"].value_counts().to_dict() == {
        "Vos constats": 4,
        "Description du fait": 2,
    }
    assert intake.ledger.iloc[0, 2:].tolist() == [7, 4, 2, 1]
    written = intake.remarks.to_csv() + intake.answers.to_csv()
    assert not any(secret in written for secret in ("Dupuy", "boite.example", "Constat exact", "Doublon"))
    assert _column(intake, "place_postcode") == ["32260"] * 4


def test_demarches_simplifiees_reads_the_csv_alike(tmp_path) -> None:
    rows = [[str(cell) for cell in row] for row in _dossiers()]
    intake = read_files([_write_csv(tmp_path / "dossiers.csv", rows, separator=",")])
    assert intake.contributions["source_format"].iloc[0] == "demarches_simplifiees_csv"
    assert _texts(intake) == SAID


def test_google_forms_workbook_reads_like_its_csv(tmp_path) -> None:
    rows: list[list[object]] = [
        ["Horodateur", "Adresse e-mail", "Vous êtes...", "Votre commune", "Qu'attendez-vous ?"]
    ]
    rows += [
        [datetime.datetime(2017, 12, 6, 16, 57, n), f"p{n}@boite.example", "Commerçant", "Pavie", text]
        for n, text in enumerate(SAID)
    ]
    intake = read_files([_write_xlsx(tmp_path / "reponses.xlsx", Réponses=rows)])
    assert intake.contributions["source_format"].iloc[0] == "google_forms_xlsx"
    assert _texts(intake) == SAID
    assert intake.contributions["submitted_on"].dt.date.unique().tolist() == [datetime.date(2017, 12, 6)]


def test_a_sheet_typed_by_hand_loses_titles_examples_totals_and_notes_but_no_respondent(tmp_path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in [
        ["Sous-préfecture de Condom"],
        ["Réunion du 14 décembre 2017"],
        [],
        ["N°", "Nom", "Participant", None, "Remarques recueillies", None],
        [None, None, "Qualité", "Commune", "Constats", "Attentes"],
        ["ex.", "DURAND Paul", "habitant", "Condom", "exemple de remarque", "ne rien écrire ici"],
        [1, "A", "maire", "Condom", "Les cambriolages reprennent dans les fermes isolées.", None],
        [2, "B", "commerç.", None, None, "Des rondes le samedi."],
        [3, "C", "hab.", None, None, None],
        ["— pause —"],
        [4, "D", "PM", "Valence-sur-Baïse", "RAS", "idem"],
        [5, "E", "gend.", "idem", "Deux postes vacants depuis l'été.", None],
        ["TOTAL", None, "5 personnes"],
        [],
        ["NB : propos résumés par le secrétariat."],
    ]:
        sheet.append(row)
    sheet.merge_cells("C4:D4")
    sheet.merge_cells("E4:F4")
    sheet.merge_cells("D7:D9")
    hidden = workbook.create_sheet("émargement")
    hidden.append(["Nom", "Remarque"])
    hidden.append(["Durand", "Cette feuille masquée ne doit pas être lue du tout."])
    hidden.sheet_state = "hidden"
    path = tmp_path / "réunion.xlsx"
    workbook.save(path)
    intake = read_files([path])
    assert intake.contributions["source_row"].tolist() == [7, 8, 9, 11, 12]
    assert _column(intake, "stakeholder") == [
        "élus",
        "commerçants",
        "habitants",
        "polices municipales",
        "gendarmes",
    ]
    assert _column(intake, "place_commune") == [
        "Condom",
        "Condom",
        "Condom",
        "Valence-sur-Baïse",
        "Valence-sur-Baïse",
    ]
    assert len(intake.remarks) == 5
    assert intake.remarks["question"].unique().tolist() == [
        "Remarques recueillies – Constats",
        "Remarques recueillies – Attentes",
    ]
    assert "masquée" in " ".join(intake.rejects["reason"])
    assert "feuille masquée ne doit pas" not in intake.remarks.to_csv()
    assert intake.ledger.iloc[0, 2:].tolist() == [10, 5, 0, 5]


def test_minutes_without_heading_styles_are_read_by_their_agenda(tmp_path) -> None:
    document = docx.Document()
    for text in (
        "Réunion de proximité du 5 décembre 2017", "Ordre du jour", "1. Présence sur le terrain", "2. Accueil du public",
        "1. Présence sur le terrain", "Le maire de Pavie : Plus de patrouilles dans les hameaux.",
        "M. LABORDE, boulanger (Auch) indique : « On m'a volé deux fois la recette. »", "2. Accueil du public",
        "Les habitants demandent :", "- un accueil ouvert le soir ;", "- un interprète.", "Réponse de la préfecture : un essai sera fait.",
        "La séance est levée à 20 h.",
    ):  # fmt: skip
        document.add_paragraph(text)
    path = tmp_path / "cr.docx"
    document.save(str(path))
    intake = read_files([path])
    assert list(zip(intake.remarks["question"], intake.remarks["text"], strict=True)) == [
        ("Présence sur le terrain", "Plus de patrouilles dans les hameaux."),
        ("Présence sur le terrain", "On m'a volé deux fois la recette."),
        ("Accueil du public", "un accueil ouvert le soir ;"),
        ("Accueil du public", "un interprète."),
    ]
    assert _column(intake, "stakeholder") == ["élus", "commerçants", "habitants", "habitants"]
    assert _column(intake, "place_commune") == ["Pavie", "Auch", None, None]
    assert "LABORDE" not in intake.remarks.to_csv() + intake.rejects.to_csv()


def test_emails_keep_the_message_and_lose_greeting_quotation_and_signature(tmp_path) -> None:
    (tmp_path / "boite.txt").write_text(
        "De : Jeanne Ferrand <jeanne@boite.example>\nEnvoyé : lundi 4 décembre 2017 10:12\nÀ : CONCERTATION\nObjet : mon avis\n\n"
        "Monsieur le préfet,\n\nLa route de Tarbes est un circuit le samedi.\nPrévoir un radar.\n\nBien cordialement\nJeanne Ferrand\n"
        "Présidente du comité des fêtes\n32300 Mirande\n05 62 00 01 77\n\nLe 2 décembre 2017, la préfecture a écrit :\n> Donnez votre avis.\n"
        "________________________________\n"
        "De : Luc Abadie <luc@boite.example>\nEnvoyé : mardi 5 décembre 2017 09:00\nÀ : CONCERTATION\nObjet : Réponse automatique : avis\n\n"
        "Je suis absent jusqu'au 12 décembre.\n",
        encoding="utf-8",
    )
    intake = read_files([tmp_path / "boite.txt"])
    assert _texts(intake) == ["La route de Tarbes est un circuit le samedi.\nPrévoir un radar."]
    assert _column(intake, "stakeholder") == ["associations"]
    assert _column(intake, "place_postcode") == ["32300"]
    assert intake.rejects["reason"].tolist() == ["réponse automatique : pas une contribution"]
    assert intake.ledger.iloc[0, 2:].tolist() == [2, 1, 0, 1]


def test_a_mapping_settles_a_table_without_headings(tmp_path) -> None:
    rows = [["Habitant", "32000", SAID[0]], ["Habitant", "32000", SAID[1]], ["Élu", "32300", SAID[3]]]
    path = _write_csv(tmp_path / "sans_entete.csv", rows)
    with pytest.raises(BadInput, match="ligne_entete: 0"):
        read_files([path])
    mapping = {
        "ligne_entete": 0,
        "colonnes": {"colonne 1": "voix", "colonne 2": "code_postal", "colonne 3": "texte_libre"},
    }
    intake = read_files([path], mapping=mapping)
    assert intake.contributions["source_row"].tolist() == [1, 2, 3]
    assert _column(intake, "stakeholder") == ["habitants", "habitants", "élus"]
    assert _texts(intake) == [SAID[0], SAID[1], SAID[3]]


def test_a_mapping_file_overrides_roles_and_qualities(tmp_path) -> None:
    rows = [["A", "B", "C"], ["T1", "Auch", SAID[0]], ["T2", "Pavie", SAID[1]], ["T1", "Auch", SAID[3]]]
    path = _write_csv(tmp_path / "codes.csv", rows)
    mapping = tmp_path / "correspondance.yml"
    mapping.write_text(
        "fichiers:\n  codes*:\n    colonnes: {A: voix, B: commune, C: texte_libre}\n    qualites: {T1: gendarmes, T2: habitants}\n    vague: 2\n",
        encoding="utf-8",
    )
    intake = read_files([path], mapping=mapping)
    assert _column(intake, "stakeholder") == ["gendarmes", "habitants", "gendarmes"]
    assert _column(intake, "wave") == ["2"] * 3
    assert _column(intake, "place_commune") == ["Auch", "Pavie", "Auch"]


def test_a_long_table_groups_the_answers_of_one_respondent(tmp_path) -> None:
    rows = [["repondant_id", "question", "reponse"]]
    for who in ("r1", "r2"):
        rows += [
            [who, "Que constatez-vous au quotidien ?", SAID[0]],
            [who, "Que proposez-vous en premier ?", SAID[3]],
        ]
    intake = read_files([_write_csv(tmp_path / "long.csv", rows)])
    assert len(intake.contributions) == 2
    assert len(intake.remarks) == 4
    assert intake.ledger.iloc[0, 2:].tolist() == [4, 2, 2, 0]


def _ods(path: Path, rows_xml: str) -> Path:
    office, table, text = (
        "urn:oasis:names:tc:opendocument:xmlns:" + part + ":1.0" for part in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}">'
        f'<office:body><office:spreadsheet><table:table table:name="Feuille1">{rows_xml}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        archive.writestr("content.xml", content)
    return path


def _ods_row(*cells: str, repeated: int = 1) -> str:
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inside}</table:table-row>'


def test_a_row_an_ods_repeats_twice_is_two_respondents(tmp_path) -> None:
    rows = (
        _ods_row("QUALITE", "LIEU", "REMARQUE")
        + _ods_row("HABITANT", "MARCIAC", "RAS", repeated=2)
        + _ods_row("MAIRE", "RISCLE", "Les gens roulent trop vite.")
    )
    intake = read_files([_ods(tmp_path / "bta.ods", rows)])
    assert intake.contributions["source_row"].tolist() == [2, 3, 4]
    assert intake.contributions["contribution_id"].is_unique


def test_an_ods_that_repeats_cells_by_the_million_is_refused_at_once(tmp_path) -> None:
    path = _ods(tmp_path / "bombe.ods", _ods_row("REMARQUE") + _ods_row("ha", repeated=1_000_000) * 5)
    with pytest.raises(BadInput, match="millions de cellules"):
        read_files([path])


def test_a_workbook_whose_parts_declare_entities_is_refused(tmp_path) -> None:
    source = _write_xlsx(tmp_path / "sain.xlsx", Feuille=[["Remarque"], [SAID[0]]])
    target = tmp_path / "piege.xlsx"
    with zipfile.ZipFile(source) as sound, zipfile.ZipFile(target, "w") as trap:
        for name in sound.namelist():
            trap.writestr(name, sound.read(name))
        trap.writestr(
            "xl/sharedStrings2.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>'
        )
    with pytest.raises(BadInput, match="entités"):
        read_files([target])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"   \n\n ", "blancs"),
        (b"\x00\x01\x02\x03" * 200, "pas du texte"),
        (b"<html><body><p>Remarque</p></body></html>", "HTML"),
        (b"PK\x03\x04abcdef", "tronqu"),
        (b"%PDF-1.4 ...", "PDF"),
        (b'{"cells": [], "nbformat": 4}', "JSON"),
        (b"une seule phrase, sans tableau\net une autre\n", "aucun s"),
        ("nom;âge\nJean;12\nLuc;14\n".encode(), "aucune réponse libre"),
    ],
)
def test_each_kind_of_trouble_has_its_own_sentence(tmp_path, content, words) -> None:
    path = tmp_path / "fichier.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        read_files([path])


def test_a_missing_file_a_folder_a_file_given_twice_and_a_copy_are_told_apart(tmp_path) -> None:
    with pytest.raises(BadInput, match="n'existe pas"):
        read_files([tmp_path / "absent.csv"])
    with pytest.raises(BadInput, match="un par un"):
        read_files([tmp_path])
    path = _write_csv(tmp_path / "a.csv", [["Remarque", "Commune"], [SAID[0], "Auch"]])
    with pytest.raises(BadInput, match="deux fois"):
        read_files([path, path])
    copy = tmp_path / "copie de a.csv"
    copy.write_bytes(path.read_bytes())
    with pytest.raises(BadInput, match=r"copie exacte de a\.csv"):
        read_files([path, copy])


def test_check_says_roles_certainty_and_counts_but_never_a_cell(tmp_path) -> None:
    path = _write_csv(tmp_path / "export.csv", _limesurvey(FULL))
    text = format_description(describe_file(path))
    assert "limesurvey_csv" in text
    assert "texte_libre" in text
    assert "interdit" in text
    assert "4 = 4 gardées" in text
    assert not any(said.split(",")[0] in text for said in SAID if said != "RAS")
    assert "jetonsecret" not in text


def test_rows_keep_their_identity_when_the_file_is_sorted_otherwise(tmp_path) -> None:
    rows = [["Commune", "Remarque"], ["Auch", SAID[0]], ["Pavie", SAID[1]], ["Auch", "RAS"], ["Auch", "RAS"]]
    one = read_files([_write_csv(tmp_path / "a.csv", rows)])
    (tmp_path / "b").mkdir()
    other = read_files([_write_csv(tmp_path / "b" / "a.csv", [rows[0], *rows[:0:-1]])])
    assert set(one.contributions["contribution_id"]) == set(other.contributions["contribution_id"])
    assert one.contributions["contribution_id"].is_unique
    assert set(one.remarks["remark_id"]) == set(other.remarks["remark_id"])


def test_a_later_export_that_repeats_earlier_rows_is_merged_and_counted(tmp_path) -> None:
    rows = _limesurvey(FULL)
    early = _write_csv(tmp_path / "le_20.csv", rows[:3])
    late = _write_csv(tmp_path / "le_30.csv", rows)
    intake = read_files([early, late])
    assert len(intake.contributions) == 4
    assert intake.ledger[["rows_in", "rows_out", "rows_merged", "rows_rejected"]].values.tolist() == [
        [2, 2, 0, 0],
        [4, 2, 2, 0],
    ]
    assert intake.contributions["wave"].unique().tolist() == ["1"]
