"""The tables that ``03_compare`` writes: who counts, shares, differences, words, areas, findings."""

from __future__ import annotations

from psq_analysis.tables.columns import (
    FLAG,
    SHARE,
    TEXT,
    Table,
    between,
    column,
    one_of,
)
from psq_analysis.tables.terms import COUNTED, SCHEMES

TABLES: dict[str, Table] = {
    "prevalence": Table(
        {
            "scheme": column(
                TEXT, "`theme`, `objective`, `fundamental`, `tone` or `subtheme`", one_of(COUNTED)
            ),
            "code": column(TEXT, "The code (or `subtheme_id`) whose prevalence this is"),
            "grouping": column(
                TEXT, "What the groups are: `all`, `territory`, `territory_type`, `stakeholder`…"
            ),
            "group": column(TEXT, "The group, e.g. `rural`"),
            "respondents": column(
                "Int64", "Respondents of the group who gave a usable remark (n)", nullable=True
            ),
            "mentions": column(
                "Int64", "Of these, respondents with at least one idea under the code", nullable=True
            ),
            "share": column("Float64", "mentions / respondents", SHARE, nullable=True),
            "low": column("Float64", "Lower end of the 95 % Wilson interval", SHARE, nullable=True),
            "high": column("Float64", "Upper end of the 95 % Wilson interval", SHARE, nullable=True),
            "share_corrected": column(
                "Float64",
                "Share corrected for coding errors by a human-coded sample; empty without one",
                nullable=True,
            ),
            "low_corrected": column("Float64", "Lower end of its 95 % interval", nullable=True),
            "high_corrected": column("Float64", "Upper end of its 95 % interval", nullable=True),
            "is_suppressed": column(
                FLAG, "The cell is withheld: too few respondents, or it would reveal such a cell"
            ),
        },
    ),
    "contrasts": Table(
        {
            "scheme": column(TEXT, "`theme`, `objective`, `fundamental` or `tone`", one_of(SCHEMES)),
            "code": column(TEXT, "The code compared"),
            "grouping": column(TEXT, "What the groups are"),
            "group_a": column(TEXT, "First group"),
            "group_b": column(TEXT, "Second group"),
            "difference": column(
                "Float64",
                "share in A − share in B, as a fraction",
                between(-1.0, 1.0),
                nullable=True,
            ),
            "low": column("Float64", "Lower end of the 95 % Newcombe interval", nullable=True),
            "high": column("Float64", "Upper end of the 95 % Newcombe interval", nullable=True),
            "risk_ratio": column("Float64", "share in A / share in B", nullable=True),
            "p_value": column("Float64", "Two-sided p-value of the contrast", SHARE, nullable=True),
            "q_value": column(
                "Float64",
                "p-value after Benjamini–Hochberg over all contrasts of the run",
                SHARE,
                nullable=True,
            ),
            "cramers_v": column("Float64", "Cramér's V of the 2 × 2 table, 0 to 1", SHARE, nullable=True),
            "verdict": column(
                TEXT,
                "`more_often`, `less_often`, `no_detectable_difference` or `too_few`",
                one_of(("more_often", "less_often", "no_detectable_difference", "too_few")),
            ),
        },
    ),
}
