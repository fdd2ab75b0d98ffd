"""LimeSurvey exports (CSV, XLSX): headings as codes, as full text or as both; short or long answers."""

from __future__ import annotations

import re

from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Role, Sheet
from psq_analysis.sources.tables.heading_text import heading_of
from psq_analysis.sources.tables.sheet import read_own_sheets
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import plain

_CODE_AND_TEXT = re.compile(r"^(?P<code>[A-Za-z]\w*(?:\[[^\]]*\])*)\s*[.:]\s+(?P<text>\S.*)$", re.DOTALL)
_SYSTEM = {
    "id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "ipaddr", "refurl",
    "id de la reponse", "date de soumission", "derniere page", "langue de depart", "tete de serie", "date de lancement",
    "date de la derniere action", "adresse ip", "url de reference", "url referente", "code d acces",
    "response id", "date submitted", "last page", "start language", "date started", "date last action", "ip address",
    "referrer url",
    "antwort id", "datum abgeschickt", "letzte seite", "start sprache", "zufallsstartwert", "zugangscode", "datum gestartet", "datum letzte aktivitat",
    "ip adresse", "weiterleitungs url",
    "id de respuesta", "fecha de envio", "ultima pagina", "lenguaje inicial", "semilla", "codigo de acceso", "fecha de inicio",
    "fecha de la ultima accion", "direccion ip",
}  # fmt: skip
_ENOUGH_SYSTEM_COLUMNS = 3  # submission date, page, language… together occur in no other export
_SUBMITTED = ("submitdate", "date de soumission", "date submitted", "datum abgeschickt", "fecha de envio")

_MARKS = (
    ("{question_not_shown}", ""), ("{newline}", "\n"), ("{cr}", ""), ("{quote}", '"'), ("{tab}", " "), ("{lbrace}", "{"), ("{rbrace}", "}"),
)  # fmt: skip

_ROLES = (
    (r"^(id|id de la réponse|response id|antwort id|id de respuesta)\b", Role.IDENTIFIER),
    (r"^(submitdate|date de soumission|date submitted|datum abgeschickt|fecha de envío)\b", Role.DATE),
    (r"^(lastpage|dernière page|last page|startlanguage|langue de départ|start language|letzte seite|start-sprache|última página|lenguaje inicial)\b", Role.IGNORED),
    (r"^(startdate|datestamp|date de lancement|date de la dernière action|date started|date last action|datum gestartet|datum letzte aktivität|fecha de inicio|fecha de la última acción)\b", Role.IGNORED),
    (r"^(seed|tête de série|token|code d.accès|jeton|ipaddr|adresse ip|ip address|refurl|url de référence|url référente|referrer url|zufallsstartwert|zugangscode|ip-adresse|weiterleitungs-url|semilla|código de acceso|dirección ip)\b", Role.FORBIDDEN),
    (r"^(firstname|lastname|email|attribute_\d+|prénom|nom|adresse de courriel)$", Role.FORBIDDEN),
    (r"^(interviewtime|grouptime\d*|.*\btime:|\w+time)\b", Role.FORBIDDEN),
    (r"^(temps total|temps pour|temps (du|de la)|durée (pour|du|de la|totale)|total time|group time|question time)", Role.FORBIDDEN),
)  # fmt: skip


def recognises(document: Document) -> bool:
    """Tell whether the first row of a sheet holds LimeSurvey's own columns."""
    return any(_is_own(sheet) for sheet in document.sheets)


def _is_own(sheet: Sheet) -> bool:
    return len(_system_columns(sheet.rows[0])) >= _ENOUGH_SYSTEM_COLUMNS


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per response; a response without submission date is incomplete."""
    suffix = "csv" if document.container == "text" else document.container
    table_format = TableFormat(
        name=f"limesurvey_{suffix}",
        roles=_ROLES,
        question=_question,
        is_complete=_is_complete,
        clean=_without_marks,
        header_row=1,
    )
    own = [sheet for sheet in document.sheets if _is_own(sheet)] or document.sheets[:1]
    return read_own_sheets(document, own, table_format, mapping)


def _system_columns(headings: list[str]) -> set[str]:
    return {
        name
        for heading in headings
        for name in (plain(heading), plain(split_heading(heading)[0]))
        if name in _SYSTEM
    }


def split_heading(heading: str) -> tuple[str, str]:
    """Return code and text of a heading that may hold either or both.

    >>> split_heading("Q8DIFF"), split_heading("Q8DIFF. Quelles difficultés ?"), split_heading("Quelles difficultés ?")
    (('Q8DIFF', 'Q8DIFF'), ('Q8DIFF', 'Quelles difficultés ?'), ('Quelles difficultés ?', 'Quelles difficultés ?'))
    """
    both = _CODE_AND_TEXT.match(heading)
    return (both["code"], both["text"]) if both else (heading, heading)


def _question(heading: str, group: str) -> tuple[str, str]:
    code, text = split_heading(heading)
    return code, heading_of(text).text


def _is_complete(row: dict[str, str]) -> bool:
    """A response that was sent has a submission date; that of an anonymous survey is 1980-01-01."""
    for heading, value in row.items():
        if plain(heading) in _SUBMITTED or plain(split_heading(heading)[0]) in _SUBMITTED:
            return bool(value)
    return True


def _without_marks(text: str) -> str:
    """Undo what the VV export writes for line ends, quotation marks and questions not shown.

    >>> _without_marks("Plus de rondes.{newline}Et {quote}partout{quote}."), _without_marks("{question_not_shown}")
    ('Plus de rondes.\\nEt "partout".', '')
    """
    for mark, meant in _MARKS:
        text = text.replace(mark, meant)
    return text
