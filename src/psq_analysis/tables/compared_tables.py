"""The tables that ``03_compare`` writes: who counts, shares, differences, words, areas, findings."""

from __future__ import annotations

from psq_analysis.tables.columns import (
    COUNT,
    FLAG,
    NOT_NEGATIVE,
    OPTIONAL_COUNT,
    OPTIONAL_REAL,
    REAL,
    SHARE,
    TEXT,
    Table,
    at_least,
    between,
    column,
    one_of,
)
from psq_analysis.tables.terms import AREA_LEVELS, COUNTED, FLOW_STEPS, QUESTION_KINDS, SCHEMES

_SHARE = {
    "share": column("Float64", "mentions / respondents", SHARE, nullable=True),
    "low": column(
        "Float64",
        "Lower end of the 95 % interval, clusters and random keys included",
        SHARE,
        nullable=True,
    ),
    "high": column(
        "Float64",
        "Upper end of the 95 % interval, clusters and random keys included",
        SHARE,
        nullable=True,
    ),
}
_CHOSEN_EDGE = column(
    TEXT,
    "`few`: two at most, and `mentions` is 1; `nearly_all`: all but two at most, and it is all but 1; else empty",
    one_of(("", "few", "nearly_all")),
)
_CONTRASTS = {
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
    "low": column(
        "Float64", "Lower end of the 95 % interval, clusters and random keys included", nullable=True
    ),
    "high": column(
        "Float64", "Upper end of the 95 % interval, clusters and random keys included", nullable=True
    ),
    "risk_ratio": column("Float64", "share in A / share in B", nullable=True),
    "p_value": column("Float64", "Two-sided p-value of the contrast", SHARE, nullable=True),
    "q_value": column(
        "Float64",
        "p-value after Benjamini–Hochberg over all contrasts of the run",
        SHARE,
        nullable=True,
    ),
    "cramers_v": column("Float64", "Cramér's V of the 2 × 2 table, 0 to 1", SHARE, nullable=True),
    "within_source": column(
        "boolean",
        "The difference holds among people asked the same questions; empty when that cannot be told",
        nullable=True,
    ),
    "verdict": column(
        TEXT,
        "`different` (announced), `equivalent` (within 10 points) or `unknown`; `unknown` without numbers: a side has too few respondents",
        one_of(("different", "equivalent", "unknown")),
    ),
}

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
                "Int64", "Respondents of the group who gave a usable remark (n), exact", nullable=True
            ),
            "mentions": column(
                "Int64",
                "Of these, respondents with at least one idea under the code; in a group, moved at random by 3 at most",
                nullable=True,
            ),
            **_SHARE,
            "share_corrected": column(
                "Float64",
                "Share corrected for coding errors by a human-coded sample; empty without one",
                nullable=True,
            ),
            "low_corrected": column("Float64", "Lower end of its 95 % interval", nullable=True),
            "high_corrected": column("Float64", "Upper end of its 95 % interval", nullable=True),
            "edge": column(
                TEXT,
                "`few`: two at most mention the code, and `mentions` is 1; `nearly_all`: all do but two at most, and it is all but 1; else empty",
                one_of(("", "few", "nearly_all")),
            ),
            "is_shown": column(
                FLAG, "The group has enough respondents to be shown; else the numbers are empty"
            ),
        },
    ),
    "closed_answers": Table(
        {
            "question_id": column(TEXT, "The question in plain letters, the same for all files that ask it"),
            "question": column(TEXT, "The question as asked"),
            "kind": column(
                TEXT,
                "`choice`, `scale` (its answers have an order) or `several` (several answers may be chosen)",
                one_of(QUESTION_KINDS),
            ),
            "rank": column(COUNT, "Place of the answer in its question, from 1", at_least(1)),
            "value": column(TEXT, "The answer; `autre` for those that fewer than three people typed"),
            "is_unsure": column(FLAG, "The answer gives no opinion, or another than those listed"),
            "grouping": column(
                TEXT, "What the groups are: `all`, `territory` or `voice` (small voices with their family)"
            ),
            "group": column(TEXT, "The group, e.g. `rural`"),
            "respondents": column(
                "Int64", "People of the group who answered the question (n), exact", nullable=True
            ),
            "mentions": column(
                "Int64",
                "Of these, those who chose the answer; in a group, moved at random by 3 at most",
                nullable=True,
            ),
            **_SHARE,
            "edge": _CHOSEN_EDGE,
            "is_shown": column(FLAG, "Enough people of the group answered; else the numbers are empty"),
        },
    ),
    "closed_crossed": Table(
        {
            "question_id": column(TEXT, "The question, as in `closed_answers`"),
            "question": column(TEXT, "The question as asked"),
            "rank": column(COUNT, "Place of the answer in its question, from 1", at_least(1)),
            "value": column(TEXT, "The answer"),
            "scheme": column(TEXT, "`theme` or `demand`"),
            "code": column(TEXT, "What those who chose it speak of"),
            "respondents": column("Int64", "Counted respondents who chose the answer (n), exact"),
            "mentions": column(
                "Int64",
                "Of these, those who speak of it, moved at random by 3 at most",
                nullable=True,
            ),
            **_SHARE,
            "edge": _CHOSEN_EDGE,
        },
    ),
    "contrasts": Table(_CONTRASTS),
    "contrasts_without_campaigns": Table(_CONTRASTS),
    "flow": Table(
        {
            "step": column(
                TEXT,
                "`received` = `incomplete` + `silent` + `organised` + `counted`; then what is said beside them",
                one_of(FLOW_STEPS),
                unique=True,
            ),
            "count": column(
                OPTIONAL_COUNT, "How many; empty where too few to be told apart", NOT_NEGATIVE, nullable=True
            ),
        },
    ),
    "voices": Table(
        {
            "level": column(
                TEXT,
                "`voice` (everywhere) or `family` (of voices, by territory)",
                one_of(("voice", "family")),
            ),
            "voice": column(TEXT, "Voice or family of voices as shown, small ones merged; `total` for all"),
            "territory": column(TEXT, "Territory as shown, small ones merged; `all` or `total` for all"),
            "respondents": column(
                OPTIONAL_COUNT, "Counted respondents; empty where withheld", NOT_NEGATIVE, nullable=True
            ),
        },
    ),
    "tones": Table(
        {
            "scheme": column(TEXT, "`theme` or `objective`", one_of(SCHEMES)),
            "code": column(TEXT, "Code of the ideas"),
            "tone": column(TEXT, "Tone of these ideas"),
            "respondents": column(
                COUNT, "Counted respondents with such an idea; one may have several tones", NOT_NEGATIVE
            ),
        },
    ),
    "areas": Table(
        {
            "area": column(TEXT, "Identifier of the area", unique=True),
            "level": column(TEXT, "How wide it is", one_of(AREA_LEVELS)),
            "name": column(TEXT, "Its name; empty for `elsewhere`", nullable=True),
            "department_code": column(TEXT, "Its département; empty for a region", nullable=True),
            "is_rest": column(FLAG, "Other areas inside it are shown apart"),
            "is_exact": column(FLAG, "The commune of every respondent in it is known"),
            "respondents": column(COUNT, "Counted respondents", NOT_NEGATIVE),
            "lat": column(REAL, "Latitude of the middle of its communes, degrees", nullable=True),
            "lng": column(REAL, "Longitude of the middle of its communes, degrees", nullable=True),
            "scheme": column(TEXT, "Scheme of the code mapped; empty when none is", nullable=True),
            "code": column(TEXT, "The code mapped; empty when none is", nullable=True),
            "mentions": column(
                OPTIONAL_COUNT,
                "Of these, respondents who mention the code, moved at random by 3 at most",
                nullable=True,
            ),
            "edge": column(
                TEXT,
                "`few`: two at most mention the code, and `mentions` is 1; `nearly_all`: all do but two at most, and it is all but 1; else empty",
                one_of(("", "few", "nearly_all")),
            ),
            "share": column(
                OPTIONAL_REAL, "mentions / respondents; empty where withheld", SHARE, nullable=True
            ),
            "low": column(
                OPTIONAL_REAL,
                "Lower end of the 95 % interval, clusters and random keys included",
                SHARE,
                nullable=True,
            ),
            "high": column(
                OPTIONAL_REAL,
                "Upper end of the 95 % interval, clusters and random keys included",
                SHARE,
                nullable=True,
            ),
        },
    ),
    "area_communes": Table(
        {
            "area": column(TEXT, "Area the commune is shown in, as in `areas`"),
            "department_code": column(TEXT, "Its département", nullable=True),
            "lat": column(REAL, "Latitude, degrees", nullable=True),
            "lng": column(REAL, "Longitude, degrees", nullable=True),
        },
    ),
    "distinctive_words": Table(
        {
            "grouping": column(TEXT, "What the groups are: `territory` or `stakeholder`"),
            "group": column(TEXT, "The group that uses the word more than the others"),
            "lemma": column(TEXT, "The word in its dictionary form"),
            "word": column(TEXT, "Its commonest spelling"),
            "respondents": column(COUNT, "Respondents of the group", NOT_NEGATIVE),
            "mentions": column(
                OPTIONAL_REAL, "Of these, those who use the word, moved at random by 3 at most", nullable=True
            ),
            "others": column(OPTIONAL_REAL, "Respondents outside the group", nullable=True),
            "mentions_others": column(OPTIONAL_REAL, "Of these, those who use the word", nullable=True),
            "specificity": column(
                OPTIONAL_REAL, "Lafon's specificity, signed order of magnitude", nullable=True
            ),
            "log_ratio": column(OPTIONAL_REAL, "Base 2 logarithm of the ratio of the shares", nullable=True),
            "p_value": column(OPTIONAL_REAL, "Two-sided hypergeometric p-value", SHARE, nullable=True),
            "q_value": column(
                OPTIONAL_REAL, "p-value after Benjamini–Hochberg over all words tested", SHARE, nullable=True
            ),
        },
    ),
    "words_in_context": Table(
        {
            "grouping": column(TEXT, "What the groups are"),
            "group": column(TEXT, "The group whose word it is"),
            "lemma": column(TEXT, "The word, as in `distinctive_words`"),
            "remark_id": column(TEXT, "Remark it is used in"),
            "before": column(TEXT, "The masked text before the word, exact"),
            "word": column(TEXT, "The word as written"),
            "after": column(TEXT, "The masked text after the word, exact"),
        },
    ),
    "findings": Table(
        {
            "rank": column(COUNT, "Order in the report, from 1", at_least(1)),
            "sentence": column(TEXT, "The finding in French, with its number, interval and n"),
            "section": column(TEXT, "Anchor of the section that says more"),
            "headline": column(TEXT, "Its number, in large"),
            "value": column(
                OPTIONAL_REAL,
                "Share or difference, as a fraction; empty for a finding in words",
                nullable=True,
            ),
            "low": column(OPTIONAL_REAL, "Lower end of its 95 % interval", nullable=True),
            "high": column(OPTIONAL_REAL, "Upper end of its 95 % interval", nullable=True),
            "is_difference": column(FLAG, "A difference between two groups, not a share"),
        },
    ),
    "badges": Table(
        {
            "scheme": column(TEXT, "As in `codes`", one_of(SCHEMES)),
            "code": column(TEXT, "The code read"),
            "readings": column(COUNT, "Respondents whom people read under the scheme", at_least(1)),
            "people": column(COUNT, "Of these, those in whom people found the code", NOT_NEGATIVE),
            "machine": column(COUNT, "Of these, those in whom the program found it", NOT_NEGATIVE),
            "precision": column(
                OPTIONAL_REAL, "Share of `machine` that people found too; empty without any", nullable=True
            ),
            "precision_low": column(OPTIONAL_REAL, "Lower end of its 95 % interval", nullable=True),
            "precision_high": column(OPTIONAL_REAL, "Upper end of its 95 % interval", nullable=True),
            "recall": column(
                OPTIONAL_REAL,
                "Share of `people` that the program found too; empty without any",
                nullable=True,
            ),
            "recall_low": column(OPTIONAL_REAL, "Lower end of its 95 % interval", nullable=True),
            "recall_high": column(OPTIONAL_REAL, "Upper end of its 95 % interval", nullable=True),
        },
    ),
}
