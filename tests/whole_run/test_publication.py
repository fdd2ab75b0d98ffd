"""A whole run publishes none of the personal data its files hold, no live formula, and no cell that can be worked out."""

from __future__ import annotations

import csv
import html
import json
import re
import unicodedata
import zipfile
from functools import cache, partial
from itertools import product
from pathlib import Path

import lxml.html
import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.optimize import linprog

from hostile import CANARIES
from psq_analysis.french.labels import label
from psq_analysis.gate import verify
from psq_analysis.respondents import counted as respondents_counted
from psq_analysis.respondents import groups
from psq_analysis.tables.schema import STAKEHOLDERS, VOICE_FAMILIES, disjoint
from subtraction import published_sums
from support import notebooks_run_here, psq_here

pytestmark = pytest.mark.slow
# All of it invented, and written in the raw files of the sample.
PLANTED = """
Ducassou; Peyrelongue; Castaignet; DELHOM PATRICK; kevin laborde; 06 39 98 41 27; 05.62.00.01.64; 0639980815;
mairie.secretariat.aignan@boite.example; cafe.du.parvis@boite.example; 14 impasse des Tilleuls; 3 bis, chemin du Moulin; AD-482-KV;
4127 RS 32; 2 58 03 32 208 047 43; FR76 1990 6007 3204 5177 2839 105; 14/07/1946; ismael_lahourre; lisle-au-quotidien-renaud-vignaux;
+33 6 39 98 42 17; 0692 00 01 47; Sabathé; mireille.sabathe@courriel.example; 8 bis impasse des Glycines; EB-209-XW; 203.0.113.57;
-21.00573; 55.28916; FR76 3099 9041 2004 5871 2003 665; lulu_du_busca; 14 mars 1971; Lacassagne; Ferradou; major Estrade; Payet; Hoareau;
Dorville; mamie Jeanne; gain-facile-runion; Lacourège; Dartigalongue; Espiau-Lassus; Talbi; Bordenave; RIO 1248807; 1248807; 318462;
05.62.00.01.47; yannick.sarrade@gendarmerie.example; DR-482-KX; Pépito la Banane; Cazalas; 05 62 00 01 47; M. D.; 12 rue du Foirail;
Baqué; DW-318-KH; Desclaux; LABORDERIE Thierry; Poydessus; Abeilhé; Mme T.; Belaïd; Darrieutort; VIGNOLLES Sylvie;
n.saint-upery@boite.example; Ducasse-Lary
"""
PLANTED_DATA = [datum.strip() for datum in PLANTED.replace("\n", " ").split(";")]


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return bare.lower()


@cache
def _contents(folder: Path) -> dict[str, str]:
    """Every file of a folder as text: bytes as they are, archives opened, tables and escapes read."""
    texts = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            text = pd.read_parquet(path).to_csv()
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                text = "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        else:
            text = path.read_bytes().decode("utf-8", "replace")
        if "plotly.js v" in text:
            text = re.sub(r"<script>/\*\*\n\* plotly\.js.*?</script>", "", text, flags=re.DOTALL)
        unescaped = re.sub(r"\\u([0-9a-f]{4})", lambda escape: chr(int(escape[1], 16)), text)
        texts[str(path.relative_to(folder))] = _plain(html.unescape(unescaped))
    return texts


def _pattern(datum: str) -> re.Pattern[str]:
    """The datum, its digits grouped in any way, no letter or digit around it."""
    plain = _plain(datum)
    if sum(map(str.isdigit, plain)) >= 6 and "@" not in plain:
        signs = re.sub(r"[\s.\-/,]", "", plain)
        body = r"[\s.\-/,]?".join(map(re.escape, signs))
    else:
        body = r"\s+".join(map(re.escape, plain.split()))
    return re.compile(rf"(?<![a-z0-9]){body}(?![a-z0-9])")


def _leaks(folder: Path, data: list[str]) -> list[tuple[str, str]]:
    return [
        (name, datum)
        for datum in data
        for pattern in [_pattern(datum)]
        for name, text in _contents(folder).items()
        if pattern.search(text)
    ]


def test_the_planted_data_are_in_the_raw_files(project):
    raw = project / "data/raw"
    absent = [
        datum
        for datum in PLANTED_DATA
        if not any(_pattern(datum).search(text) for text in _contents(raw).values())
    ]
    assert absent == []


@pytest.mark.parametrize("part", ["reports", "data/processed"])
def test_no_byte_of_what_the_sample_hides_is_published_or_processed(sample_run, part):
    assert _leaks(sample_run / part, PLANTED_DATA) == []


def test_the_sample_is_published_without_a_finding(sample_run):
    assert [finding.line for finding in verify.verify([sample_run / "reports"])] == []
    assert not list((sample_run / "reports").glob("*.retenu"))


def test_formulas_come_out_inert_from_a_whole_run(hostile_run):
    tables = hostile_run.reports / "tables"
    assert list(tables.glob("*.csv"))
    for path in tables.glob("*.csv"):
        cells = [cell for row in csv.reader(path.open(encoding="utf-8-sig", newline="")) for cell in row]
        assert not [cell for cell in cells if re.match(r"\s*[=+@\t\r]|\s*-(?![\d.])", cell)], path.name
    book = openpyxl.load_workbook(tables / "tables.xlsx")
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    with zipfile.ZipFile(tables / "tables.ods") as parts:
        assert b"table:formula" not in parts.read("content.xml")


def test_no_log_error_reject_or_manifest_quotes_what_a_respondent_wrote(hostile_run):
    assert _leaks(hostile_run.out, CANARIES) == []
    said = _plain(hostile_run.done.stdout + hostile_run.done.stderr)
    assert not [canary for canary in CANARIES if _pattern(canary).search(said)]


@pytest.mark.parametrize(
    "content",
    [
        "id;note\n1;{0}\n2;{0}\n",
        'id;texte\n1;"{0} sans fin\n2;encore {0}\n',
        "{0}\n",
        "\ufeffid;texte\n1;{0}\x00\x01\x02\x03\x04\x05\x06\x07\x08\n",
        '[{{"id": 1, "{0}": }}]',
        "From {0}\nSubject: {0}\n",
    ],
)
def test_an_error_message_never_quotes_the_file(tmp_path, content):
    path = tmp_path / "export.csv"
    path.write_text(content.format(CANARIES[0]), encoding="utf-8")
    for words in (["check", path], ["run", path, "--until", "clean", "--out", tmp_path / "out"]):
        with notebooks_run_here():
            done = psq_here(*words)
        assert CANARIES[0] not in done.stderr
        assert "Traceback" not in done.stderr


# ---------------------------------------------------------------------------------------------------------------------
# The attacker knows every number of the pages and of the downloads, and what the groups are made of.


def _counted(sample_run: Path) -> pd.DataFrame:
    processed = sample_run / "data/processed/concertation"
    contributions, remarks = (
        pd.read_parquet(processed / f"{table}.parquet") for table in ("contributions", "remarks")
    )
    return respondents_counted.respondents(remarks, contributions, include_incomplete=False)


PLACE = ("territory_type", "overseas")  # of which the disjoint territories are made


def _atoms(counted: pd.DataFrame, groupings: list[str]) -> pd.DataFrame:
    columns = [
        name
        for name in ("territory_type", "overseas", "density_level", "stakeholder", "wave", "campaign")
        if name in groupings or (name in PLACE and "territory" in groupings)
    ]
    values = [
        [*counted[name].dropna().unique(), *([None] if counted[name].isna().any() else [])]
        for name in columns
    ]
    atoms = pd.DataFrame(list(product(*values)), columns=columns)
    for name in columns:
        atoms[name] = atoms[name].astype(counted[name].dtype)
    if "density_level" in columns:
        seen = set(
            map(tuple, counted[["density_level", "territory_type"]].astype("string").fillna("").to_numpy())
        )
        pairs = map(tuple, atoms[["density_level", "territory_type"]].astype("string").fillna("").to_numpy())
        atoms = atoms[[pair in seen for pair in pairs]].reset_index(drop=True)
    return atoms.assign(territory=disjoint(atoms))


def _inside(atoms: pd.DataFrame, grouping: str, group: str) -> np.ndarray:
    if grouping == "all":
        return np.ones(len(atoms))
    return (groups.group_of(atoms, grouping).astype("string") == str(group)).fillna(False).to_numpy(float)


def _grid(index: Path, atoms: pd.DataFrame) -> tuple[list[np.ndarray], list[float], list[np.ndarray]]:
    """The table of respondents by family of voices and territory: sums shown, their values, and sums withheld."""
    table = lxml.html.parse(str(index)).getroot().find_class("grid-table")[0]
    rows = [[cell.text_content().strip() for cell in row] for row in table.iter("tr")]
    family = atoms["stakeholder"].map(VOICE_FAMILIES)
    family = family.astype("string").fillna(label("words", "unknown_voice")).str.casefold()
    place = atoms["territory"].map(lambda name: label("groups", name)).str.casefold()
    whole = label("words", "total").casefold()

    def members(of: pd.Series, name: str, shown: list[str]) -> np.ndarray:
        if name == whole:
            return np.ones(len(of), dtype=bool)
        return (of == name).to_numpy() if (of == name).any() else ~of.isin(shown).to_numpy()

    names = [name.casefold() for name in rows[0][1:]]
    families = [row[0].casefold() for row in rows[1:]]
    known, values, withheld = [], [], []
    for row_name, row in zip(families, rows[1:], strict=True):
        for column_name, cell in zip(names, row[1:], strict=True):
            inside = (members(family, row_name, families) & members(place, column_name, names)).astype(float)
            digits = re.sub(r"\D", "", cell)
            if digits:
                known.append(inside)
                values.append(float(digits))
            else:
                withheld.append(inside)
    return known, values, withheld


def _range(target: np.ndarray, known: list[np.ndarray], values: list[float]) -> float:
    ends = [
        linprog(sign * target, A_eq=np.array(known), b_eq=np.array(values), method="highs")
        for sign in (1, -1)
    ]
    assert all(end.status in (0, 3) for end in ends), "the published numbers contradict each other"
    return np.inf if any(end.status == 3 for end in ends) else -ends[1].fun - ends[0].fun


def test_no_withheld_cell_of_the_sample_can_be_worked_out_from_all_that_is_published(sample_run):
    reports = sample_run / "reports/concertation"
    published = pd.read_csv(reports / "tables/prevalence.csv")
    counted = _counted(sample_run)
    atoms = _atoms(counted, list(published["grouping"].unique()))
    assert set(counted["stakeholder"].dropna()) <= set(STAKEHOLDERS)
    grid_known, grid_values, grid_withheld = _grid(reports / "index.html", atoms)
    zero = np.zeros(len(atoms))
    recovered = []
    for (scheme, code), rows in published.groupby(["scheme", "code"], sort=False):
        told, told_values = published_sums(rows, partial(_inside, atoms))
        known = [np.r_[inside, inside] for inside in grid_known] + told
        values = [*grid_values, *told_values]
        if rows.loc[rows["grouping"] == "all", "is_suppressed"].any():
            continue
        for row in rows[rows["is_suppressed"]].itertuples():
            inside = _inside(atoms, row.grouping, row.group)
            for target in (np.r_[inside, zero], np.r_[zero, inside]):
                if _range(target, known, values) < 10 - 1e-6:
                    recovered.append((scheme, code, row.grouping, row.group))
        for inside in grid_withheld:
            if _range(np.r_[inside, inside], known, values) < 10 - 1e-6:
                recovered.append((scheme, code, "grid", int(inside.sum())))
    assert recovered == []


def test_the_shown_counts_of_the_sample_are_those_of_its_respondents(sample_run):
    """The attack above reads the page rightly: what it takes as known is true of the respondents counted."""
    counted = _counted(sample_run)
    known, values, _ = _grid(sample_run / "reports/concertation/index.html", counted.reset_index(drop=True))
    assert [float(inside.sum()) for inside in known] == values


def test_the_manifest_names_files_and_hashes_and_nothing_else_of_them(sample_run):
    manifest = json.loads((sample_run / "reports/concertation/manifest.json").read_text(encoding="utf-8"))
    assert all(set(entry) == {"file", "bytes", "sha256"} for entry in manifest["inputs"])
