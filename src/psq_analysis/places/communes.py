"""The reference table of communes: read the project's own, or any table of communes with its density levels."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from importlib import resources
from io import StringIO
from pathlib import Path

import pandas as pd
import pyarrow.parquet
from python_calamine import CalamineError

from psq_analysis.errors import BadInput
from psq_analysis.packaged import read_text
from psq_analysis.text.plain import folded

HEADER_ROWS = 20  # INSEE's workbooks put titles and notes above the header, never more than a dozen rows
DECIMALS = 3  # of the coordinates shipped: a hundred metres
MOSTLY = 0.95  # a column is what 95 % of its cells say: totals and notes below a table are not communes
NATIONAL = 1_000  # above, a grid that never goes beyond level 4 is INSEE's older grid of four levels, not a small area
CODE = re.compile(r"(?:\d{5}|2[AB]\d{3})")
_SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_CODE_HEADERS = ("codgeo", "codeinsee", "codecommune", "depcom", "com", "insee", "code", "codeinseecommune")
_NAME_HEADERS = (
    "libgeo",
    "commune",
    "nomcommune",
    "libellecommune",
    "libellegeographique",
    "nomcom",
    "libelledescommunes",
    "libcom",
    "nomdelacommune",
    "name",
    "nom",
    "libelle",
)
COLUMNS = [
    "code",
    "name",
    "department_code",
    "density_level",
    "population",
    "postcodes",
    "epci",
    "homonyms",
    "lat",
    "lng",
    "arrondissement",
    "attraction",
]


class BadCommuneTable(BadInput):
    """A file given as the table of communes is not one."""


def plain_name(name: str) -> str:
    """Reduce the name of a place to what two spellings of it share: no accent, hyphen, case or « St ».

    >>> plain_name("St-Clar"), plain_name("L’ISLE JOURDAIN"), plain_name("Cœur de Gascogne")
    ('saint clar', 'l isle jourdain', 'coeur de gascogne')
    """
    words = re.sub(r"\bs/\s*", "sur ", folded(re.sub(r"[’'`]", " ", name)))
    return " ".join(_SAINTS.get(word, word) for word in re.findall(r"[a-z0-9]+", words))


def plain_names(names: Iterable[str]) -> list[str]:
    """The same as :func:`plain_name` for many names at once, a hundred times quicker.

    >>> plain_names(["St-Clar", "L’Isle-Jourdain"])
    ['saint clar', 'l isle jourdain']
    """
    text = folded(re.sub(r"[’'`]", " ", "\n".join(name.replace("\n", " ") for name in names)))
    text = re.sub(r"[^a-z0-9\n]+", " ", re.sub(r"\bs/ *", "sur ", text))
    text = re.sub(r"\b(?:sts?|stes?)\b", lambda match: _SAINTS[match[0]], text)
    return [line.strip() for line in text.split("\n")]


def department_of(code: str) -> str:
    """Return the département of an INSEE commune code.

    >>> department_of("32013"), department_of("2A004"), department_of("97411")
    ('32', '2A', '974')
    """
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def load_communes(path: str | Path | None = None) -> pd.DataFrame:
    """Read a table of communes; without a path, that of the project: all communes of France (``communes.md`` says what it holds).

    Any CSV or workbook will do in which a column holds INSEE codes, one the names and one the density levels 1 to 7; they
    are recognised by their content and their names, below any title rows: INSEE's own grid of any year since 2022, or a table
    enriched with population, postcodes (separated by a bar), EPCI and coordinates. Postcodes, EPCI and coordinates a file lacks
    are taken from the project's tables where known (coordinates: at least those of each préfecture).

    One row per commune, sorted by code: ``code``, ``name``, ``department_code``, ``density_level`` (Int64), ``population``
    (Int64), ``postcodes`` and ``epci`` (text, empty when unknown), ``homonyms`` (communes of the country with this
    name, itself included, as far as known), ``lat``, ``lng`` (degrees, WGS84), ``arrondissement`` (code) and ``attraction`` (INSEE's
    category of the commune in the attraction area of a town), both text, empty when the file has none.

    Raises :class:`BadCommuneTable` when the file cannot be read or has no such columns.

    >>> communes = load_communes().set_index("code")
    >>> communes.loc["32013", "name"], int(communes.loc["32013", "density_level"])
    ('Auch', 2)
    """
    shipped = _shipped()
    if path is None:
        return shipped
    communes = _recognise(Path(path))
    known = shipped.set_index("code")
    for column in ("postcodes", "epci"):
        ours = communes["code"].map(known[column]).fillna("")
        communes[column] = communes[column].mask(communes[column] == "", ours)
    prefectures = _prefectures().set_index("code")
    for column in ("lat", "lng"):
        ours = communes["code"].map(known[column]).fillna(communes["code"].map(prefectures[column]))
        communes[column] = communes[column].fillna(ours)
    ours = communes["code"].map(known["homonyms"]).fillna(1).astype("int64")
    counted = communes.groupby(communes["name"].map(plain_name))["code"].transform("size")
    return communes.assign(homonyms=pd.concat([ours, counted], axis=1).max(axis=1))[COLUMNS]


def shipped_names() -> list[str]:
    """Return the names of all communes as written, without loading the rest of the table."""
    return _parquet(["name"])["name"].to_pylist()


def overseas_names() -> list[str]:
    """Return the names of the communes overseas (codes 97 and 98), as :func:`shipped_names`.

    >>> "Mamoudzou" in overseas_names(), "Condom" in overseas_names()
    (True, False)
    """
    table = _parquet(["code", "name"])
    return table.filter([code[:2] in ("97", "98") for code in table["code"].to_pylist()])["name"].to_pylist()


def _parquet(columns: list[str] | None = None) -> pyarrow.Table:
    with resources.files(__package__).joinpath("communes.parquet").open("rb") as file:
        return pyarrow.parquet.read_table(file, columns=columns)


def load_former_names() -> pd.DataFrame:
    """Read the names that are no longer those of a commune: ``name`` (plain), ``code``, ``postcode``."""
    with StringIO(read_text(__package__, "former_names.csv")) as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def _shipped() -> pd.DataFrame:
    table = _parquet().to_pandas()
    overseas = table["code"].str.startswith(("97", "98"))
    counts = {name: table[name].astype("Int64") for name in ("density_level", "population", "homonyms")}
    return table.assign(
        **counts,
        department_code=table["code"].str.slice(0, 2).mask(overseas, table["code"].str.slice(0, 3)),
        epci=table["epci"].astype(str),
        lat=table["lat"].astype("float64").round(DECIMALS),
        lng=table["lng"].astype("float64").round(DECIMALS),
        arrondissement="",
        attraction="",
    )[COLUMNS]


def _prefectures() -> pd.DataFrame:
    with StringIO(read_text(__package__, "prefectures.csv")) as file:
        return pd.read_csv(file, dtype={"department_code": str, "code": str})


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in ("lat", "lng")}
    counts = {
        name: pd.to_numeric(table[name], errors="coerce").round().astype("Int64")
        for name in ("density_level", "population", "homonyms")
    }
    zonings = {name: table.get(name, "") for name in ("arrondissement", "attraction")}
    return table.assign(**numbers, **counts, **zonings)[COLUMNS].sort_values("code", ignore_index=True)


def _recognise(path: Path) -> pd.DataFrame:
    oldest = None
    for sheet in _sheets(path):
        table = _table_below_titles(sheet)
        if table is None:
            continue
        code = _code_column(table)
        density = _density_column(table, code)
        if density is None:
            oldest = oldest or "aucune colonne n’y donne les niveaux de densité (1 à 7)"
            continue
        levels = pd.to_numeric(table[density], errors="coerce")
        if len(table) > NATIONAL and levels.max() <= 4:
            oldest = "sa grille a 4 niveaux : prenez la grille à 7 niveaux de l’INSEE (depuis 2022)"
            continue
        return _selected(table[levels.notna()], code, density, path)
    why = oldest or "aucune colonne n’y donne des codes INSEE de communes"
    raise BadCommuneTable(
        f"Table des communes « {path.name} » : {why}. Il y faut le code INSEE, le nom et le niveau de densité de chaque commune."
    )


def _sheets(path: Path) -> list[pd.DataFrame]:
    if not path.is_file():
        raise BadCommuneTable(f"Table des communes « {path} » : fichier introuvable. Vérifiez le chemin.")
    try:
        if path.suffix.lower() in {".xlsx", ".xls", ".xlsb", ".ods"}:
            book = pd.read_excel(path, sheet_name=None, header=None, dtype=str, engine="calamine")
            # documentation, then communes, then lists of a few: the longest sheet is that of the communes
            return sorted((sheet.fillna("") for sheet in book.values()), key=len, reverse=True)
        return [_delimited(path)]
    except (ValueError, OSError, CalamineError) as error:
        raise BadCommuneTable(
            f"Table des communes « {path.name} » : illisible ({type(error).__name__}). Il faut un CSV ou un classeur XLSX."
        ) from error


def _delimited(path: Path) -> pd.DataFrame:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    lines = text.splitlines()
    if not lines:
        raise BadCommuneTable(f"Table des communes « {path.name} » : fichier vide.")
    sample = lines[min(len(lines) - 1, HEADER_ROWS) :][:50]
    separator = max(";,\t|", key=lambda mark: min(line.count(mark) for line in sample))
    width = max(line.count(separator) for line in lines) + 1
    return pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        names=range(width),
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
    )


def _table_below_titles(sheet: pd.DataFrame) -> pd.DataFrame | None:
    for row in range(min(HEADER_ROWS, len(sheet) - 1)):
        if not sheet.iloc[row + 1].astype(str).str.strip().map(_as_code).isin([""]).all():
            header = [str(cell).strip() or f"#{place}" for place, cell in enumerate(sheet.iloc[row])]
            body = sheet.iloc[row + 1 :].fillna("").astype(str).apply(lambda column: column.str.strip())
            body.columns = pd.Index(header)
            table = body.loc[:, ~body.columns.duplicated()]
            if _code_column(table) is not None:
                return table
    return None


def _as_code(cell: str) -> str:
    code = cell.upper()
    if re.fullmatch(r"\d{4}", code):
        code = "0" + code
    return code if CODE.fullmatch(code) else ""


def _short(header: str) -> str:
    return plain_name(header).replace(" ", "")


def _code_column(table: pd.DataFrame) -> str | None:
    found = []
    for header in table.columns:
        codes = table[header].map(_as_code)
        valid = codes != ""
        distinct = codes[valid].nunique() / max(valid.sum(), 1)
        if valid.mean() >= MOSTLY and distinct >= MOSTLY and "postal" not in _short(header):
            found.append(header)
    named = [header for header in found if _short(header) in _CODE_HEADERS or "insee" in _short(header)]
    return (named or found or [None])[0]


def _density_column(table: pd.DataFrame, code: str | None) -> str | None:
    found: dict[str, float] = {}
    for header in table.columns:
        if header == code or not re.search(r"dens|niveau|degre", _short(header)):
            continue
        levels = pd.to_numeric(table[header], errors="coerce")
        if levels.isin(range(1, 8)).mean() >= MOSTLY:
            found[header] = levels.max()
    # since 2025 INSEE gives the degree (1 to 3, DENS) beside the seven levels (DENS7)
    return max(found, key=lambda header: ("7" in header, found[header])) if found else None


def _column(table: pd.DataFrame, pattern: str, *, text: bool) -> pd.Series:
    for header in table.columns:
        if re.search(pattern, _short(header)):
            cells = table[header]
            if text == bool(cells.str.contains("[A-Za-z]").mean() > 0.5):
                return cells
    return pd.Series("", index=table.index)


def _selected(table: pd.DataFrame, code: str | None, density: str, path: Path) -> pd.DataFrame:
    named = [header for wanted in _NAME_HEADERS for header in table.columns if _short(header) == wanted]
    named = [header for header in named if header != code]
    if not named:
        raise BadCommuneTable(
            f"Table des communes « {path.name} » : aucune colonne ne donne le nom des communes. Nommez-la « commune »."
        )
    codes = table[code].map(_as_code)
    if codes.duplicated().any():
        raise BadCommuneTable(
            f"Table des communes « {path.name} » : des codes y figurent deux fois (par exemple {codes[codes.duplicated()].iloc[0]}). "
            "Gardez une ligne par commune."
        )
    return _typed(
        pd.DataFrame(
            {
                "code": codes,
                "name": table[named[0]],
                "department_code": codes.map(department_of),
                "density_level": table[density],
                "population": _column(table, r"^(pop|pmun|ptot)", text=False),
                "postcodes": _column(table, r"postal|postaux|postcode|^cp$", text=False),
                "epci": _column(table, r"epci", text=True),
                "homonyms": "1",
                "lat": _column(table, r"^lat", text=False),
                "lng": _column(table, r"^(lng|lon)", text=False),
                "arrondissement": _column(table, r"^(codearrondissement|arrondissement|arr)\d*$", text=False),
                "attraction": _column(table, r"^cateaav\d*$", text=False),
            }
        )
    )
