"""What the report says of itself: limits, method, files, parameters, how to do it again, what lies beside it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import pandas as pd

from psq_analysis import french
from psq_analysis.french.labels import label, say
from psq_analysis.html.fragments import Fragment, render, table
from psq_analysis.proportions import wilson
from psq_analysis.respondents.flow import Flow
from psq_analysis.sentences import words as sentences_words
from psq_analysis.tables import selections
from psq_analysis.tables.schema import STAKEHOLDERS

HASH_SHOWN = 12  # characters of a SHA-256 that tell files apart by eye; the whole is in manifest.json


def limits(
    prevalence: pd.DataFrame, flow: pd.DataFrame, trace: Mapping[str, Any], *, min_cell: int
) -> Fragment:
    """What the data do not carry: who is missing, what is undetermined or not shown, how much alike answers are, how well the coding was checked.

    ``flow``: the table of the run; ``trace``: what it noted, with the sentence on the quality of the coding, the same on every page.
    """
    return render("sentences.html.j2", sentences=limit_sentences(prevalence, flow, trace, min_cell=min_cell))


def limit_sentences(
    prevalence: pd.DataFrame, flow: pd.DataFrame, trace: Mapping[str, Any], *, min_cell: int
) -> list[str]:
    """The sentences of :func:`limits`, those that concern everyone first."""
    steps = Flow.of(flow)
    only = trace.get("parameters", {}).get("only", "")
    texts = [
        say("limit_self_selected"),
        say("limit_only", only=only) if only else "",
        _likeness(steps, trace),
        _missing_voices(prevalence),
        _unknown_places(steps),
        say("limit_overseas") if steps.counted > steps.undetermined and not steps.overseas else "",
        _unplaced_ideas(prevalence),
        _small_groups(prevalence, min_cell),
        say("limit_moved"),
        trace.get("coding", ""),
        *_reading(trace),
    ]
    return [text for text in texts if text]


def _reading(trace: Mapping[str, Any]) -> list[str]:
    """What the reading of the files left open: points to check, turns without a person, remarks in another language."""
    found = (
        ("limit_doubts", french.count(int(trace.get("doubts", 0)), "point")),
        ("limit_turns", french.count(int(trace.get("turns", 0)), "intervention")),
        ("limit_languages", french.count(int(trace.get("other_languages", 0)), "remarque")),
    )
    noted = (trace.get(key, 0) for key in ("doubts", "turns", "other_languages"))
    return [say(key, count=count) for (key, count), number in zip(found, noted, strict=True) if number]


def _missing_voices(prevalence: pd.DataFrame) -> str:
    present = set(prevalence.loc[prevalence["grouping"] == "stakeholder", "group"]) & set(STAKEHOLDERS)
    if not present:
        return say("limit_voices_unknown")
    missing = [voice for voice in STAKEHOLDERS if voice not in present]
    if not missing:
        return say("limit_voices_all")
    intro = say("limit_voice_one" if len(missing) == 1 else "limit_voice_many")
    return say("limit_voices_missing", intro=intro, voices=french.enumeration(missing))


def _unknown_places(steps: Flow) -> str:
    undetermined = steps.undetermined / steps.counted if steps.counted else 1.0
    if undetermined == 1:
        return say("limit_place_all_unknown")
    if not undetermined:
        return say("limit_place_known")
    low, high = (float(end) for end in wilson(steps.undetermined, steps.counted))
    return say(
        "limit_place_unknown",
        share=f"{french.percent(undetermined)} {french.interval(low, high)}",
        n=sentences_words.n_text(steps.counted),
    )


def _unplaced_ideas(prevalence: pd.DataFrame) -> str:
    rows = selections.overall(prevalence, "theme")
    parts = [
        say(
            "limit_unplaced_part",
            share=french.share_with_interval(row.share, row.low, row.high),
            verb="ont" if row.mentions > 1 else "a",
            kind=label("unplaced_ideas", row.code),
        )
        for row in rows[rows["code"].isin(selections.NOT_SUBJECTS) & (rows["mentions"] > 0)].itertuples()
    ]
    size = sentences_words.n_text(rows["respondents"].iloc[0]) if parts else ""
    return say("limit_unplaced", parts=french.enumeration(parts), n=size) if parts else ""


def _small_groups(prevalence: pd.DataFrame, min_cell: int) -> str:
    """Name the territories and voices that have too few respondents to be shown."""
    rows = prevalence[prevalence["grouping"].isin(("territory", "stakeholder")) & ~prevalence["is_shown"]]
    groups = [
        sentences_words.group_name(*one)
        for one in rows[["grouping", "group"]].drop_duplicates().itertuples(index=False, name=None)
    ]
    return say("limit_small_groups", min_cell=min_cell, groups=french.enumeration(groups)) if groups else ""


def _likeness(steps: Flow, trace: Mapping[str, Any]) -> str:
    """Say how many independent respondents these are worth, on average over the themes."""
    effect = trace.get("design_effect")
    if not effect:
        return say("limit_no_cluster")
    return say(
        "limit_likeness",
        n=french.number(steps.counted),
        effective=french.number(round(steps.counted / effect)),
        effect=french.number(effect, digits=1),
    )


def method(*, min_cell: int) -> Fragment:
    """The method in one page, with the thresholds of this run."""
    return render("method.html.j2", min_cell=min_cell)


def inputs(trace: Mapping[str, Any]) -> Fragment:
    """The files of the run by hash."""
    rows = pd.DataFrame(trace["inputs"]).rename(columns={"file": "source_file"})
    shortened = rows.assign(sha256=rows["sha256"].str[:HASH_SHOWN] + "…")
    return table(shortened, caption=label("captions", "inputs"))


def versions(trace: Mapping[str, Any]) -> Fragment:
    """The command that does it again, the parameters that differ from the defaults, the versions of the software."""
    given = {name: value for name, value in trace.get("parameters", {}).items() if value not in ("", None)}
    words = " ".join(f"-p {name} {shlex.quote(_as_typed(value))}" for name, value in given.items())
    files = " ".join(shlex.quote(entry["file"]) for entry in trace["inputs"])
    parameters = (
        say("parameters_given", names=french.enumeration(list(given))) if given else say("parameters_default")
    )
    rows = pd.DataFrame({"package": list(trace["versions"]), "version": list(trace["versions"].values())})
    return render(
        "versions.html.j2",
        command=f"psq run {files} {words}".strip(),
        parameters=parameters,
        table=table(rows, caption=label("captions", "versions")),
    )


def _as_typed(value: object) -> str:
    """Write a parameter as it is typed.

    >>> _as_typed("organisation/modèle"), _as_typed(20), _as_typed(["overseas", "density_level"])
    ('organisation/modèle', '20', 'overseas,density_level')
    """
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
