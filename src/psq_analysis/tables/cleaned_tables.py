"""The tables that ``01_clean`` writes: who answered, what they wrote, what became of every row."""

from __future__ import annotations

from psq_analysis.tables.columns import (
    COUNT,
    FLAG,
    LENGTH_5,
    NOT_NEGATIVE,
    REAL,
    TEXT,
    Table,
    at_least,
    between,
    column,
    one_of,
)
from psq_analysis.tables.terms import STAKEHOLDERS, TERRITORY_TYPES

TABLES: dict[str, Table] = {
    "contributions": Table(
        {
            "contribution_id": column(
                TEXT, "Respondent or speaking turn; stable hash of origin and content", unique=True
            ),
            "source_file": column(TEXT, "Name of the raw file, without folder"),
            "source_sheet": column(TEXT, "Sheet of the workbook; empty for other files", nullable=True),
            "source_row": column(
                COUNT,
                "Row (spreadsheet, CSV) or paragraph (minutes, e-mails) in the file, from 1",
                at_least(1),
            ),
            "source_format": column(TEXT, "Format recognised from the content, e.g. `limesurvey_csv`"),
            "wave": column(TEXT, "Wave of the survey the file belongs to, e.g. `1`"),
            "submitted_on": column(
                "datetime64[us]",
                "When the contribution was submitted; empty when the file does not say",
                nullable=True,
            ),
            "stakeholder": column(
                TEXT, "One of the eleven voices; empty when undecidable", one_of(STAKEHOLDERS), nullable=True
            ),
            "commune_code": column(
                TEXT, "INSEE code of the commune, five characters", LENGTH_5, nullable=True
            ),
            "department_code": column(TEXT, "Code of the département (`32`, `2A`, `974`)", nullable=True),
            "density_level": column(
                "Int64",
                "INSEE communal density grid, 1 (dense) to 7 (very sparse)",
                between(1, 7),
                nullable=True,
            ),
            "territory_type": column(
                TEXT, "Type of territory by density, mainland and overseas alike", one_of(TERRITORY_TYPES)
            ),
            "overseas": column(
                "boolean",
                "True in an overseas département or collectivity; empty when unknown",
                nullable=True,
            ),
            "is_complete": column(
                FLAG, "The questionnaire was submitted (always true for meetings and e-mails)"
            ),
            "is_turn": column(
                FLAG,
                "A speaking turn that the minutes give to no one in particular; else all that one person said",
            ),
            "record_key": column(
                COUNT,
                "Secret key of the raw row, which moves the counts of groups; never published",
                NOT_NEGATIVE,
            ),
        },
    ),
    "answers": Table(
        {
            "contribution_id": column(TEXT, "Contribution the answer belongs to"),
            "question_id": column(TEXT, "Identifier of the question in its file"),
            "question": column(TEXT, "The question as asked"),
            "value": column(TEXT, "The answer chosen"),
        },
    ),
    "remarks": Table(
        {
            "remark_id": column(
                TEXT, "Free-text answer; stable hash of contribution and question", unique=True
            ),
            "contribution_id": column(TEXT, "Contribution the remark belongs to"),
            "question_id": column(TEXT, "Identifier of the question in its file"),
            "question": column(TEXT, "The question as asked"),
            "text": column(TEXT, "The remark, repaired and with personal data masked"),
            "language": column(
                TEXT, "Language: `fr`, or the ISO 639 code of another (`cpf`: French-based creoles)"
            ),
            "is_noise": column(
                FLAG, "The remark is not coded: it says nothing (« RAS », « néant »), or is not in French"
            ),
            "duplicate_group": column(
                TEXT, "Shared by remarks that are exact or near copies of each other", nullable=True
            ),
            "campaign_id": column(
                TEXT,
                "Shared by remarks of an organised answer: copies given by many respondents",
                nullable=True,
            ),
            "weight": column(
                REAL,
                "1 for a remark on its own; in a campaign, 1 / number of respondents who gave it",
                between(0.0, 1.0),
            ),
        },
    ),
    "ideas": Table(
        {
            "idea_id": column(TEXT, "One idea in a remark; stable hash of remark and position", unique=True),
            "remark_id": column(TEXT, "Remark the idea belongs to"),
            "start": column(COUNT, "First character in `remarks.text`, from 0", NOT_NEGATIVE),
            "end": column(COUNT, "Character after the last one in `remarks.text`", at_least(1)),
            "text": column(TEXT, "Exactly `remarks.text[start:end]`"),
        },
    ),
    "rejects": Table(
        {
            "source_file": column(TEXT, "Name of the raw file"),
            "source_sheet": column(TEXT, "Sheet of the workbook; empty for other files", nullable=True),
            "source_row": column(
                "Int64", "Row in the file, from 1; empty for a whole file or sheet", nullable=True
            ),
            "column": column(TEXT, "Column of the cell not kept; empty for a whole row", nullable=True),
            "reason": column(TEXT, "Why, in French; never the content"),
        },
    ),
    "ledger": Table(
        {
            "source_file": column(TEXT, "Name of the raw file"),
            "stage": column(TEXT, "`read` counts rows of the file, `clean` and later stages count remarks"),
            "rows_in": column(COUNT, "Rows that entered the stage", NOT_NEGATIVE),
            "rows_out": column(COUNT, "Rows kept", NOT_NEGATIVE),
            "rows_merged": column(COUNT, "Rows merged into another one", NOT_NEGATIVE),
            "rows_rejected": column(COUNT, "Rows rejected, each with its reason in `rejects`", NOT_NEGATIVE),
        },
        adds_up=("rows_in", ("rows_out", "rows_merged", "rows_rejected")),
    ),
}
