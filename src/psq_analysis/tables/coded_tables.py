"""The tables that ``02_cluster`` writes: codes of ideas, sub-themes, quotations."""

from __future__ import annotations

from psq_analysis.tables.columns import (
    COUNT,
    FLAG,
    NOT_NEGATIVE,
    OPTIONAL_COUNT,
    REAL,
    SHARE,
    TEXT,
    Table,
    column,
    one_of,
)
from psq_analysis.tables.terms import DEMAND_KINDS, ORIGINS, QUOTE_SECTIONS, ROLES, SCHEMES

TABLES: dict[str, Table] = {
    "codes": Table(
        {
            "idea_id": column(TEXT, "Idea the code was given to"),
            "scheme": column(TEXT, "`theme`, `objective`, `fundamental` or `tone`", one_of(SCHEMES)),
            "code": column(TEXT, "A code of the codebook, or `hors_champ`, `autre`"),
            "score": column(REAL, "Calibrated confidence, 0 to 1; 1 for a human code", SHARE),
            "origin": column(TEXT, "`codebook` (seed expressions), `model` or `human`", one_of(ORIGINS)),
        },
    ),
    "codes_replaced": Table(
        {
            "idea_id": column(TEXT, "Idea of a remark that people read"),
            "scheme": column(TEXT, "`theme`, `objective`, `fundamental` or `tone`", one_of(SCHEMES)),
            "code": column(
                TEXT, "The code the program had given to it; empty where it had given none", nullable=True
            ),
            "score": column("Float64", "Its calibrated confidence, 0 to 1", SHARE, nullable=True),
            "origin": column(TEXT, "As in `codes`", one_of(ORIGINS), nullable=True),
        },
    ),
    "subthemes": Table(
        {
            "idea_id": column(TEXT, "Idea placed in the cluster"),
            "theme": column(TEXT, "Theme under which the cluster emerged"),
            "subtheme_id": column(TEXT, "Identifier of the cluster, `<theme>/<number>`"),
            "label": column(TEXT, "Distinctive words that name the cluster"),
            "distance": column(
                REAL, "Cosine distance of the idea to the centre of its cluster, 0 to 2", NOT_NEGATIVE
            ),
        },
    ),
    "clusters": Table(
        {
            "theme": column(TEXT, "Theme under which the cluster emerged"),
            "subtheme_id": column(TEXT, "Identifier of the cluster, as in `subthemes`", unique=True),
            "label": column(TEXT, "Distinctive words that name the cluster"),
            "headline": column(
                TEXT,
                "Typical sentence of its ideas, which is its title; empty when nobody wrote one",
                nullable=True,
            ),
            "respondents": column(COUNT, "Counted respondents with an idea in the cluster", NOT_NEGATIVE),
            "counted": column(COUNT, "All counted respondents (n)", NOT_NEGATIVE),
            "share": column("Float64", "respondents / counted", SHARE, nullable=True),
            "low": column(
                "Float64", "Lower end of the 95 % interval, clusters included", SHARE, nullable=True
            ),
            "high": column(
                "Float64", "Upper end of the 95 % interval, clusters included", SHARE, nullable=True
            ),
            "ideas": column(
                OPTIONAL_COUNT, "Ideas in the cluster; empty for a part of a run", NOT_NEGATIVE, nullable=True
            ),
            "stability": column(
                "Float64",
                "Mean best Jaccard over resamples, 0 to 1; empty when the theme was not cut",
                SHARE,
                nullable=True,
            ),
            "is_stable": column(FLAG, "The cluster is found again in most resamples; only these are shown"),
        },
    ),
    "demands": Table(
        {
            "idea_id": column(TEXT, "Idea that asks, complains or praises"),
            "kind": column(TEXT, "`demande`, `irritant` or `satisfaction`", one_of(DEMAND_KINDS)),
            "demand_id": column(
                TEXT, "What is asked of what, `<kind>/<action>-<object>`; the same from run to run"
            ),
            "label": column(TEXT, "Phrase people used, corrected in agreement and capitals"),
            "action": column(TEXT, "What is to be done, as a lemma; empty where a thing is wanted"),
            "object": column(TEXT, "What it is done to; empty where the action says enough"),
            "place": column(
                TEXT, "Where, in the words of the idea; empty when it does not say", nullable=True
            ),
        },
    ),
    "demand_groups": Table(
        {
            "kind": column(TEXT, "`demande`, `irritant` or `satisfaction`", one_of(DEMAND_KINDS)),
            "demand_id": column(TEXT, "Identifier, as in `demands`", unique=True),
            "label": column(TEXT, "Phrase people used, corrected in agreement and capitals"),
            "respondents": column(COUNT, "Counted respondents who say it", NOT_NEGATIVE),
            "counted": column(COUNT, "All counted respondents (n)", NOT_NEGATIVE),
            "share": column("Float64", "respondents / counted", SHARE, nullable=True),
            "low": column(
                "Float64", "Lower end of the 95 % interval, clusters included", SHARE, nullable=True
            ),
            "high": column(
                "Float64", "Upper end of the 95 % interval, clusters included", SHARE, nullable=True
            ),
            "ideas": column(
                OPTIONAL_COUNT, "Ideas in it; empty for a part of a run", NOT_NEGATIVE, nullable=True
            ),
            "objective": column(
                TEXT, "Objective that half of its respondents give at least; else empty", nullable=True
            ),
            "theme": column(
                TEXT, "Theme that half of its respondents give at least; else empty", nullable=True
            ),
            "is_campaign": column(FLAG, "An organised answer: `respondents` are its signatories"),
            "is_shown": column(FLAG, "Three respondents at least say it; five for a part of a run"),
        },
    ),
    "demand_quotes": Table(
        {
            "kind": column(TEXT, "`demande`, `irritant` or `satisfaction`", one_of(DEMAND_KINDS)),
            "demand_id": column(TEXT, "Identifier, as in `demands`"),
            "idea_id": column(TEXT, "Idea quoted"),
            "remark_id": column(TEXT, "Remark it comes from"),
            "reference": column(TEXT, "Opaque reference printed beside the quotation"),
            "text": column(TEXT, "The quotation, exact"),
        },
    ),
    "quotes": Table(
        {
            "section": column(
                TEXT,
                "Where it is shown: `subthemes` (one by one), `codes` (a theme or an objective) or `report`",
                one_of(QUOTE_SECTIONS),
            ),
            "scheme": column(TEXT, "Scheme of the code it stands for; empty for a sub-theme", nullable=True),
            "code": column(TEXT, "Code it stands for; empty for a sub-theme", nullable=True),
            "theme": column(TEXT, "Theme of its sub-theme; empty for a code", nullable=True),
            "subtheme_id": column(TEXT, "Its sub-theme, as in `clusters`; empty for a code", nullable=True),
            "label": column(TEXT, "Name of its sub-theme; empty for a code", nullable=True),
            "role": column(
                TEXT, "`centre` (typical), `edge` (apart) or `dissent` (of the other opinion)", one_of(ROLES)
            ),
            "idea_id": column(TEXT, "Idea quoted"),
            "remark_id": column(TEXT, "Remark the idea belongs to"),
            "reference": column(TEXT, "Opaque reference shown with it: the start of `remark_id`"),
            "text": column(TEXT, "Exact words of the remark, masked"),
        },
    ),
    "held_remarks": Table(
        {
            "remark_id": column(
                TEXT, "Remark of which nothing is quoted before a person has read it", unique=True
            ),
            "contribution_id": column(TEXT, "Contribution the remark belongs to"),
        },
    ),
}
