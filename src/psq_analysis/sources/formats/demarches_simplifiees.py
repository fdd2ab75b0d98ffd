"""demarches-simplifiees exports (CSV, XLSX, ODS): one row per file, other sheets for establishments, opinions, repeated blocks."""

from __future__ import annotations

from psq_analysis.sources.errors import NoFreeText
from psq_analysis.sources.mapping import Mapping
from psq_analysis.sources.model import Document, Reading, Reject, Role, Sheet
from psq_analysis.sources.tables.repeated_blocks import add_block
from psq_analysis.sources.tables.sheet import read_sheet
from psq_analysis.sources.tables.table_format import TableFormat
from psq_analysis.sources.vocabulary import plain

_SYSTEM = {
    "id", "email", "civilite", "archive", "etat du dossier", "derniere mise a jour le", "depose le", "passe en instruction le",
    "traite le", "motivation de la decision", "instructeurs", "groupe instructeur", "franceconnect",
}  # fmt: skip
_ENOUGH_SYSTEM_COLUMNS = 4  # state, deposit, instruction, motive… together occur in no other export
_NOT_CONTRIBUTIONS = ("etablissements", "avis")
_ROLES = (
    (r"^(ID|Dossier ID)$", Role.IDENTIFIER),
    (r"^(Email|FranceConnect ?\??|Civilité|Nom|Prénom|Instructeurs|Nom du demandeur|Prénom du demandeur)$", Role.FORBIDDEN),
    (r"^(Dépôt pour un tiers|Nom du mandataire|Prénom du mandataire|Usager|Demandeur|Adresse électronique)", Role.FORBIDDEN),
    (r"^(Établissement|Entreprise|Association) (SIRET|siège|NAF|libellé|Adresse|numéro|type|nom|code|complément|localité|SIREN|capital|forme|raison|date|effectif|RNA|titre|objet|prénom|numero)", Role.IGNORED),
    (r"^(Archivé|État du dossier|Dernière mise à jour( du dossier)? le|Passé en instruction le|Traité le|Motivation de la décision|Groupe instructeur|Labels)$", Role.IGNORED),
    (r"^Déposé le$", Role.DATE),
    (r"^(J.accepte|Je certifie|J.atteste|Ligne)\b", Role.IGNORED),
)  # fmt: skip


def recognises(document: Document) -> bool:
    """Tell whether a sheet holds the columns of a file's life: state, deposit, instruction."""
    return any(_is_main(sheet) for sheet in document.sheets)


def _is_main(sheet: Sheet) -> bool:
    return len({plain(heading) for heading in sheet.rows[0]} & _SYSTEM) >= _ENOUGH_SYSTEM_COLUMNS


def read(document: Document, mapping: Mapping) -> Reading:
    """Return one contribution per file; the rows of repeated blocks add their remarks to their file."""
    suffix = "csv" if document.container == "text" else document.container
    table_format = TableFormat(name=f"demarches_simplifiees_{suffix}", roles=_ROLES, header_row=1)
    main = next(sheet for sheet in document.sheets if _is_main(sheet))
    blocks = [sheet for sheet in document.sheets if sheet is not main and _is_block(sheet)]
    try:
        reading = read_sheet(document, main, table_format, mapping)
    except NoFreeText:
        if not blocks:
            raise
        reading = _without_remarks(document, main, table_format, mapping)
    for sheet in document.sheets:
        if sheet is not main and sheet not in blocks:
            reading.rejects.append(
                Reject(
                    None, f"feuille « {sheet.name} » : pas de contribution (établissements, avis d'experts)"
                )
            )
    for block in blocks:
        _add_block(reading, main, block, document, mapping)
    return reading


def _is_block(sheet: Sheet) -> bool:
    headings = [plain(heading) for heading in sheet.rows[0]]
    return (
        "dossier id" in headings and plain(sheet.name) not in _NOT_CONTRIBUTIONS and "expert" not in headings
    )


def _without_remarks(document: Document, main: Sheet, table_format: TableFormat, mapping: Mapping) -> Reading:
    widened = Sheet(
        main.name,
        [[*row, "" if index else "réponse libre"] for index, row in enumerate(main.rows)],
        main.numeric_cells,
    )
    return read_sheet(document, widened, table_format, mapping)


def _add_block(reading: Reading, main: Sheet, block: Sheet, document: Document, mapping: Mapping) -> None:
    owner_key = next(
        index
        for index, heading in enumerate(main.rows[0])
        if plain(heading) in ("id", "dossier id", "numero de dossier")
    )
    block_format = TableFormat(name=reading.source_format, roles=_ROLES, header_row=1)
    block_key = [plain(heading) for heading in block.rows[0]].index("dossier id")
    add_block(
        reading, document, block, mapping, table_format=block_format, owners=main, owner_key=owner_key, block_key=block_key
    )  # fmt: skip
