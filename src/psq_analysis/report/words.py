"""The words a group uses more than others, with their use in context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.comparison.distinctive_words import CONTEXT
from psq_analysis.disclosure.cell_keys import VARIANCE
from psq_analysis.french.labels import column, label, say
from psq_analysis.html.fragments import Fragment, render, sentence
from psq_analysis.proportions import wilson
from psq_analysis.quotes.choice import REFERENCE_LETTERS
from psq_analysis.sentences import words as sentences_words
from psq_analysis.tables import selections
from psq_analysis.tables.schema import UNDETERMINED

WORDS_SHOWN, QUOTED_WORDS = 8, 3  # of a territory: words, and verbatims among them


def specificity_map(specificities: pd.DataFrame, grouping: str) -> Fragment:
    """Words × groups, the signed specificity written in each cell; groups and words of which nothing may be published are left out.

    ``specificities``: of :func:`psq_analysis.comparison.distinctive_words.specificities`.
    """
    published = specificities.dropna(subset=["specificity"])
    if published.empty:
        return Fragment("")
    groups = list(dict.fromkeys(published["group"]))
    names = [french.capitalised(sentences_words.group_name(grouping, group)) for group in groups]
    cells = specificities.set_index(["word", "group"])["specificity"]
    highest = float(specificities["specificity"].abs().max()) or 1.0
    return render(
        "heat.html.j2",
        title=say("title_specificities"),
        measure=say("measure_specificities"),
        caption=say("caption_specificities", grouping=label("groupings", grouping).lower()),
        corner=column("word"),
        columns=names,
        rows=[
            (word, [_specificity_cell(cells.get((word, group)), highest) for group in groups])
            for word in dict.fromkeys(published["word"])
        ],
        withheld=label("words", "withheld_short"),
        table="",
    )


def _specificity_cell(value: Any, highest: float) -> dict[str, Any]:
    if value is None or pd.isna(value):
        return {"text": label("words", "withheld_short"), "level": 0}
    text = ("+" if value > 0 else "") + french.number(value, digits=1)
    return {"text": text, "level": max(0, round(100 * float(value) / highest))}


def territory_words(
    words: pd.DataFrame,
    uses: pd.DataFrame,
    prevalence: pd.DataFrame,
    *,
    min_cell: int,
) -> Fragment:
    """The words each territory uses more than the others, each with one verbatim in context; or that there is none.

    ``words``, ``uses``: the tables ``distinctive_words`` and ``words_in_context``.
    """
    words = words[words["grouping"] == "territory"]
    if not selections.has_groups(prevalence, "territory"):
        return Fragment("")
    if words.empty:
        territories = prevalence.loc[prevalence["grouping"] == "territory", "group"]
        alone = territories[territories != UNDETERMINED].nunique() < 2
        key = "no_words_alone" if alone else "no_words"
        return sentence(say(key, min_respondents=min_cell), kind="note")
    groups = []
    for group, of_group in words.groupby("group", sort=False):
        quoted: set[str] = set()
        shown = [_word(row, uses, quoted) for row in of_group.head(WORDS_SHOWN).itertuples()]
        groups.append({"label": label("groups", group), "words": shown})
    return render("words.html.j2", groups=groups, measure=say("words_measure", min_respondents=min_cell))


def _word(row: Any, uses: pd.DataFrame, quoted: set[str]) -> Mapping[str, Any]:
    """A word with its shares and one verbatim of a remark not yet ``quoted`` for the group (which it then adds)."""
    of_word = uses[(uses["group"] == row.group) & (uses["lemma"] == row.lemma)]
    fresh = of_word[~of_word["remark_id"].isin(quoted)].head(1 if len(quoted) < QUOTED_WORDS else 0)
    quoted.update(fresh["remark_id"])
    share = say(
        "word_share",
        mentions=french.number(row.mentions),
        respondents=french.number(row.respondents),
        share=_with_interval(row.mentions, row.respondents),
        share_others=_with_interval(row.mentions_others, row.others),
        others=french.number(row.others),
        q=sentences_words.q_text(row.q_value),
    )
    in_context = [
        {
            "before": _from_word(use.before),
            "word": use.word,
            "after": _to_word(use.after),
            "reference": use.remark_id[:REFERENCE_LETTERS],
        }
        for use in fresh.itertuples()
    ]
    return {"word": row.word, "share": share, "uses": in_context}


def _from_word(before: str) -> str:
    """Start a cut context at a whole word.

    >>> _from_word("a" * 50 + " la nuit et "), _from_word("La nuit et ")
    ('… la nuit et ', 'La nuit et ')
    """
    return before if len(before) < CONTEXT else f"… {before.partition(' ')[2]}"


def _to_word(after: str) -> str:
    return after if len(after) < CONTEXT else f"{after.rpartition(' ')[0]} …"


def shown_words(words: pd.DataFrame) -> pd.DataFrame:
    """The distinctive words as their reader sees them: group, word, share in the group and elsewhere, specificity, q."""
    counts = {"share": ("mentions", "respondents"), "share_others": ("mentions_others", "others")}
    return pd.DataFrame(
        {
            "group_label": [french.capitalised(label("groups", group)) for group in words["group"]],
            "word": words["word"],
            **{
                name: [
                    f"{_with_interval(part, whole)} ({sentences_words.n_text(whole)})"
                    for part, whole in zip(words[some], words[every], strict=True)
                ]
                for name, (some, every) in counts.items()
            },
            "specificity": [french.number(value, digits=1) for value in words["specificity"]],
            "q_value": [sentences_words.q_text(value) for value in words["q_value"]],
        }
    )


def _with_interval(mentions: int, respondents: int) -> str:
    """Write the share of a count moved by random keys, with the interval that holds that noise."""
    low, high = (float(end) for end in wilson(mentions, respondents, noise=VARIANCE**0.5 / respondents))
    return french.share_with_interval(mentions / respondents, low, high)
