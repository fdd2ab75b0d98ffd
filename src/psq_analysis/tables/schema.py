"""The tables that flow through the chain: names, types, units, meaning.

Every table the chain writes under ``data/processed/RUN/`` has its model here and nowhere else. A stage ends with
:func:`conform`, which orders the columns, casts them and refuses a table that breaks its contract.
``docs/dictionary.md`` is tested against the descriptions below.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

TEXT = pd.StringDtype()
FLAG = "bool"
COUNT = "int64"
REAL = "float64"

STAKEHOLDERS = (
    "policiers",
    "gendarmes",
    "élus",
    "autorités judiciaires et administratives",
    "polices municipales",
    "transports",
    "bailleurs et services sociaux",
    "sécurité privée",
    "associations",
    "commerçants",
    "habitants",
)
# eleven voices in four families, so that they can be crossed with territories without small cells
VOICE_FAMILIES = {
    "policiers": "forces de l'ordre",
    "gendarmes": "forces de l'ordre",
    "élus": "élus, autorités et partenaires",
    "autorités judiciaires et administratives": "élus, autorités et partenaires",
    "polices municipales": "élus, autorités et partenaires",
    "transports": "élus, autorités et partenaires",
    "bailleurs et services sociaux": "élus, autorités et partenaires",
    "sécurité privée": "élus, autorités et partenaires",
    "associations": "associations et commerçants",
    "commerçants": "associations et commerçants",
    "habitants": "habitants",
}

TERRITORY_TYPES = ("urbain", "periurbain", "rural", "indetermine")
TERRITORIES = ("urbain", "periurbain", "rural", "outre_mer", "indetermine")
SCHEMES = ("theme", "objective", "fundamental", "tone")
SHEET = "source_sheet"  # no file but a workbook has sheets: a table made from others may leave the column out
COUNTED = (*SCHEMES, "subtheme")  # what shares are given of
DEMAND_KINDS = ("demande", "irritant", "satisfaction")
ORIGINS = ("codebook", "model", "human")

OUT_OF_SCOPE = "hors_champ"
OTHER = "autre"
NO_CONTENT = "sans_contenu"


class ContractError(ValueError):
    """A table does not have the columns, types or values its schema promises."""


def _column(dtype: object, description: str, *checks: pa.Check, nullable: bool = False, unique: bool = False):
    return pa.Column(dtype, list(checks), nullable=nullable, unique=unique, description=description)


def _one_of(values: tuple[str, ...]) -> pa.Check:
    return pa.Check.isin(values)


_SHARE = pa.Check.in_range(0.0, 1.0)
_NOT_NEGATIVE = pa.Check.ge(0)

TABLES: dict[str, pa.DataFrameSchema] = {
    "contributions": pa.DataFrameSchema(
        {
            "contribution_id": _column(
                TEXT, "Respondent or speaking turn; stable hash of origin and content", unique=True
            ),
            "source_file": _column(TEXT, "Name of the raw file, without folder"),
            "source_sheet": _column(TEXT, "Sheet of the workbook; empty for other files", nullable=True),
            "source_row": _column(
                COUNT,
                "Row (spreadsheet, CSV) or paragraph (minutes, e-mails) in the file, from 1",
                pa.Check.ge(1),
            ),
            "source_format": _column(TEXT, "Format recognised from the content, e.g. `limesurvey_csv`"),
            "wave": _column(TEXT, "Wave of the survey the file belongs to, e.g. `1`"),
            "submitted_on": _column(
                "datetime64[us]",
                "When the contribution was submitted; empty when the file does not say",
                nullable=True,
            ),
            "stakeholder": _column(
                TEXT, "One of the eleven voices; empty when undecidable", _one_of(STAKEHOLDERS), nullable=True
            ),
            "commune_code": _column(
                TEXT, "INSEE code of the commune, five characters", pa.Check.str_length(5, 5), nullable=True
            ),
            "department_code": _column(TEXT, "Code of the département (`32`, `2A`, `974`)", nullable=True),
            "density_level": _column(
                "Int64",
                "INSEE communal density grid, 1 (dense) to 7 (very sparse)",
                pa.Check.in_range(1, 7),
                nullable=True,
            ),
            "territory_type": _column(
                TEXT, "Type of territory by density, mainland and overseas alike", _one_of(TERRITORY_TYPES)
            ),
            "overseas": _column(
                "boolean",
                "True in an overseas département or collectivity; empty when unknown",
                nullable=True,
            ),
            "is_complete": _column(
                FLAG, "The questionnaire was submitted (always true for meetings and e-mails)"
            ),
        },
        name="contributions",
    ),
    "answers": pa.DataFrameSchema(
        {
            "contribution_id": _column(TEXT, "Contribution the answer belongs to"),
            "question_id": _column(TEXT, "Identifier of the question in its file"),
            "question": _column(TEXT, "The question as asked"),
            "value": _column(TEXT, "The answer chosen"),
        },
        name="answers",
    ),
    "remarks": pa.DataFrameSchema(
        {
            "remark_id": _column(
                TEXT, "Free-text answer; stable hash of contribution and question", unique=True
            ),
            "contribution_id": _column(TEXT, "Contribution the remark belongs to"),
            "question_id": _column(TEXT, "Identifier of the question in its file"),
            "question": _column(TEXT, "The question as asked"),
            "text": _column(TEXT, "The remark, repaired and with personal data masked"),
            "is_noise": _column(FLAG, "The remark says nothing (« RAS », « néant », « voir plus haut »)"),
            "duplicate_group": _column(
                TEXT, "Shared by remarks that are exact or near copies of each other", nullable=True
            ),
            "campaign_id": _column(
                TEXT,
                "Shared by remarks of an organised answer: copies given by many respondents",
                nullable=True,
            ),
            "weight": _column(
                REAL,
                "1 for a remark on its own; in a campaign, 1 / number of respondents who gave it",
                pa.Check.in_range(0.0, 1.0),
            ),
        },
        name="remarks",
    ),
    "ideas": pa.DataFrameSchema(
        {
            "idea_id": _column(TEXT, "One idea in a remark; stable hash of remark and position", unique=True),
            "remark_id": _column(TEXT, "Remark the idea belongs to"),
            "start": _column(COUNT, "First character in `remarks.text`, from 0", _NOT_NEGATIVE),
            "end": _column(COUNT, "Character after the last one in `remarks.text`", pa.Check.ge(1)),
            "text": _column(TEXT, "Exactly `remarks.text[start:end]`"),
        },
        name="ideas",
    ),
    "codes": pa.DataFrameSchema(
        {
            "idea_id": _column(TEXT, "Idea the code was given to"),
            "scheme": _column(TEXT, "`theme`, `objective`, `fundamental` or `tone`", _one_of(SCHEMES)),
            "code": _column(TEXT, "A code of the codebook, or `hors_champ`, `autre`"),
            "score": _column(REAL, "Calibrated confidence, 0 to 1; 1 for a human code", _SHARE),
            "origin": _column(TEXT, "`codebook` (seed expressions), `model` or `human`", _one_of(ORIGINS)),
        },
        name="codes",
    ),
    "subthemes": pa.DataFrameSchema(
        {
            "idea_id": _column(TEXT, "Idea placed in the cluster"),
            "theme": _column(TEXT, "Theme under which the cluster emerged"),
            "subtheme_id": _column(TEXT, "Identifier of the cluster, `<theme>/<number>`"),
            "label": _column(TEXT, "Distinctive words that name the cluster"),
            "distance": _column(
                REAL, "Cosine distance of the idea to the centre of its cluster, 0 to 2", _NOT_NEGATIVE
            ),
        },
        name="subthemes",
    ),
    "clusters": pa.DataFrameSchema(
        {
            "theme": _column(TEXT, "Theme under which the cluster emerged"),
            "subtheme_id": _column(TEXT, "Identifier of the cluster, as in `subthemes`", unique=True),
            "label": _column(TEXT, "Distinctive words that name the cluster"),
            "headline": _column(
                TEXT,
                "Typical sentence of its ideas, which is its title; empty when nobody wrote one",
                nullable=True,
            ),
            "respondents": _column(COUNT, "Counted respondents with an idea in the cluster", _NOT_NEGATIVE),
            "counted": _column(COUNT, "All counted respondents (n)", _NOT_NEGATIVE),
            "share": _column("Float64", "respondents / counted", _SHARE, nullable=True),
            "low": _column("Float64", "Lower end of the 95 % Wilson interval", _SHARE, nullable=True),
            "high": _column("Float64", "Upper end of the 95 % Wilson interval", _SHARE, nullable=True),
            "ideas": _column(COUNT, "Ideas in the cluster", _NOT_NEGATIVE),
            "stability": _column(
                "Float64",
                "Mean best Jaccard over resamples, 0 to 1; empty when the theme was not cut",
                _SHARE,
                nullable=True,
            ),
            "is_stable": _column(FLAG, "The cluster is found again in most resamples; only these are shown"),
        },
        name="clusters",
    ),
    "demands": pa.DataFrameSchema(
        {
            "idea_id": _column(TEXT, "Idea that asks, complains or praises"),
            "kind": _column(TEXT, "`demande`, `irritant` or `satisfaction`", _one_of(DEMAND_KINDS)),
            "demand_id": _column(
                TEXT, "What is asked of what, `<kind>/<action>-<object>`; the same from run to run"
            ),
            "label": _column(TEXT, "Phrase people used, corrected in agreement and capitals"),
            "action": _column(TEXT, "What is to be done, as a lemma; empty where a thing is wanted"),
            "object": _column(TEXT, "What it is done to; empty where the action says enough"),
            "place": _column(
                TEXT, "Where, in the words of the idea; empty when it does not say", nullable=True
            ),
        },
        name="demands",
    ),
    "demand_groups": pa.DataFrameSchema(
        {
            "kind": _column(TEXT, "`demande`, `irritant` or `satisfaction`", _one_of(DEMAND_KINDS)),
            "demand_id": _column(TEXT, "Identifier, as in `demands`", unique=True),
            "label": _column(TEXT, "Phrase people used, corrected in agreement and capitals"),
            "respondents": _column(COUNT, "Counted respondents who say it", _NOT_NEGATIVE),
            "counted": _column(COUNT, "All counted respondents (n)", _NOT_NEGATIVE),
            "share": _column("Float64", "respondents / counted", _SHARE, nullable=True),
            "low": _column("Float64", "Lower end of the 95 % Wilson interval", _SHARE, nullable=True),
            "high": _column("Float64", "Upper end of the 95 % Wilson interval", _SHARE, nullable=True),
            "ideas": _column(COUNT, "Ideas in it", _NOT_NEGATIVE),
            "objective": _column(
                TEXT, "Objective that half of its respondents give at least; else empty", nullable=True
            ),
            "theme": _column(
                TEXT, "Theme that half of its respondents give at least; else empty", nullable=True
            ),
            "is_campaign": _column(FLAG, "An organised answer: `respondents` are its signatories"),
            "is_shown": _column(FLAG, "Three respondents at least say it"),
        },
        name="demand_groups",
    ),
    "demand_quotes": pa.DataFrameSchema(
        {
            "kind": _column(TEXT, "`demande`, `irritant` or `satisfaction`", _one_of(DEMAND_KINDS)),
            "demand_id": _column(TEXT, "Identifier, as in `demands`"),
            "idea_id": _column(TEXT, "Idea quoted"),
            "remark_id": _column(TEXT, "Remark it comes from"),
            "reference": _column(TEXT, "Opaque reference printed beside the quotation"),
            "text": _column(TEXT, "The quotation, exact"),
        },
        name="demand_quotes",
    ),
    "prevalence": pa.DataFrameSchema(
        {
            "scheme": _column(
                TEXT, "`theme`, `objective`, `fundamental`, `tone` or `subtheme`", _one_of(COUNTED)
            ),
            "code": _column(TEXT, "The code (or `subtheme_id`) whose prevalence this is"),
            "grouping": _column(
                TEXT, "What the groups are: `all`, `territory`, `territory_type`, `stakeholder`…"
            ),
            "group": _column(TEXT, "The group, e.g. `rural`"),
            "respondents": _column(
                "Int64", "Respondents of the group who gave a usable remark (n)", nullable=True
            ),
            "mentions": _column(
                "Int64", "Of these, respondents with at least one idea under the code", nullable=True
            ),
            "share": _column("Float64", "mentions / respondents", _SHARE, nullable=True),
            "low": _column("Float64", "Lower end of the 95 % Wilson interval", _SHARE, nullable=True),
            "high": _column("Float64", "Upper end of the 95 % Wilson interval", _SHARE, nullable=True),
            "share_corrected": _column(
                "Float64",
                "Share corrected for coding errors by a human-coded sample; empty without one",
                nullable=True,
            ),
            "low_corrected": _column("Float64", "Lower end of its 95 % interval", nullable=True),
            "high_corrected": _column("Float64", "Upper end of its 95 % interval", nullable=True),
            "is_suppressed": _column(
                FLAG, "The cell is withheld: too few respondents, or it would reveal such a cell"
            ),
        },
        name="prevalence",
    ),
    "contrasts": pa.DataFrameSchema(
        {
            "scheme": _column(TEXT, "`theme`, `objective`, `fundamental` or `tone`", _one_of(SCHEMES)),
            "code": _column(TEXT, "The code compared"),
            "grouping": _column(TEXT, "What the groups are"),
            "group_a": _column(TEXT, "First group"),
            "group_b": _column(TEXT, "Second group"),
            "difference": _column(
                "Float64",
                "share in A − share in B, as a fraction",
                pa.Check.in_range(-1.0, 1.0),
                nullable=True,
            ),
            "low": _column("Float64", "Lower end of the 95 % Newcombe interval", nullable=True),
            "high": _column("Float64", "Upper end of the 95 % Newcombe interval", nullable=True),
            "risk_ratio": _column("Float64", "share in A / share in B", nullable=True),
            "p_value": _column("Float64", "Two-sided p-value of the contrast", _SHARE, nullable=True),
            "q_value": _column(
                "Float64",
                "p-value after Benjamini–Hochberg over all contrasts of the run",
                _SHARE,
                nullable=True,
            ),
            "cramers_v": _column("Float64", "Cramér's V of the 2 × 2 table, 0 to 1", _SHARE, nullable=True),
            "verdict": _column(
                TEXT,
                "`more_often`, `less_often`, `no_detectable_difference` or `too_few`",
                _one_of(("more_often", "less_often", "no_detectable_difference", "too_few")),
            ),
        },
        name="contrasts",
    ),
    "rejects": pa.DataFrameSchema(
        {
            "source_file": _column(TEXT, "Name of the raw file"),
            "source_sheet": _column(TEXT, "Sheet of the workbook; empty for other files", nullable=True),
            "source_row": _column(
                "Int64", "Row in the file, from 1; empty for a whole file or sheet", nullable=True
            ),
            "column": _column(TEXT, "Column of the cell not kept; empty for a whole row", nullable=True),
            "reason": _column(TEXT, "Why, in French; never the content"),
        },
        name="rejects",
    ),
    "ledger": pa.DataFrameSchema(
        {
            "source_file": _column(TEXT, "Name of the raw file"),
            "stage": _column(TEXT, "`read` counts rows of the file, `clean` and later stages count remarks"),
            "rows_in": _column(COUNT, "Rows that entered the stage", _NOT_NEGATIVE),
            "rows_out": _column(COUNT, "Rows kept", _NOT_NEGATIVE),
            "rows_merged": _column(COUNT, "Rows merged into another one", _NOT_NEGATIVE),
            "rows_rejected": _column(
                COUNT, "Rows rejected, each with its reason in `rejects`", _NOT_NEGATIVE
            ),
        },
        checks=[
            pa.Check(
                lambda t: t["rows_in"] == t["rows_out"] + t["rows_merged"] + t["rows_rejected"],
                error="rows in = kept + merged + rejected",
            )
        ],
        name="ledger",
    ),
}


def empty(table: str) -> pd.DataFrame:
    """Return the table with no row, each column in its type."""
    return conform(pd.DataFrame(columns=list(TABLES[table].columns)), table)


def conform(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return ``frame`` with exactly the columns of ``table``, in order and in their types.

    Raises :class:`ContractError` when a column is missing or a value breaks the contract; the message names table,
    column and rule, never a value.

    >>> conform(pd.DataFrame({"source_file": ["a.csv"], "stage": ["read"], "rows_in": [3], "rows_out": [2],
    ...                       "rows_merged": [0], "rows_rejected": [1]}), "ledger").shape
    (1, 6)
    >>> conform(pd.DataFrame({"source_file": ["a.csv"]}), "ledger")
    Traceback (most recent call last):
        ...
    psq_analysis.tables.schema.ContractError: table ledger: missing columns stage, rows_in, rows_out, rows_merged, rows_rejected
    """
    model = TABLES[table]
    if SHEET in model.columns and SHEET not in frame.columns:
        frame = frame.assign(**{SHEET: pd.NA})
    missing = [name for name in model.columns if name not in frame.columns]
    if missing:
        raise ContractError(f"table {table}: missing columns {', '.join(missing)}")
    ordered = frame[list(model.columns)].reset_index(drop=True)
    typed = ordered.astype({name: column.dtype.type for name, column in model.columns.items()})
    try:
        return model.validate(typed, lazy=True)
    except pa.errors.SchemaErrors as error:
        broken = sorted({f"{row.column}: {row.check}" for row in error.failure_cases.itertuples()}, key=str)
        raise ContractError(f"table {table}: {'; '.join(broken)}") from None


UNDETERMINED = "indetermine"
OVERSEAS = "outre_mer"


def disjoint(contributions: pd.DataFrame) -> pd.Series:
    """Return the territory of each contribution, in disjoint groups: mainland by type, overseas as one, undetermined.

    >>> disjoint(pd.DataFrame({"territory_type": ["urbain", "urbain", "indetermine"],
    ...                        "overseas": pd.array([True, False, pd.NA], dtype="boolean")})).to_list()
    ['outre_mer', 'urbain', 'indetermine']
    """
    overseas = contributions["overseas"].astype("boolean").fillna(False).astype(bool)
    return contributions["territory_type"].astype("string").mask(overseas, OVERSEAS).rename("territory")
