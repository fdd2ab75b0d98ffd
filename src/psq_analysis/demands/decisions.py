"""What an analyst decided about demands and sub-themes: ``data/manual/names.yml``.

Each entry of the list names a group and says what becomes of it, why, and on whose word::

    - {group: demande/police, do: rename, label: "Plus de policiers dans les rues", reason: "trop court", source: "M. D., 12/12"}
    - {group: [demande/camera, demande/video], do: merge, into: demande/camera, reason: "…", source: "…"}
    - {group: demande/patrouilles, do: split, words: nuit, into: demande/patrouilles-la-nuit, label: "…", reason: "…", source: "…"}
    - {group: demande/lutter, do: freeze, label: "Lutter contre les incivilités", reason: "…", source: "…"}

A group is a ``demand_id``, or a ``subtheme_id``; since sub-themes are numbered anew by each run, a sub-theme may also be named
by a sentence it holds (``holds: "La brigade n'ouvre plus."`` instead of ``group``). ``freeze`` keeps a name whatever people write
next, and keeps the group apart where it would have joined another. Decisions are carried out in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict

from psq_analysis.tables.decision_files import DecisionError, read_decisions
from psq_analysis.text.plain import unaccent
from psq_analysis.text.search import matches

ACTIONS = {
    "rename": ("label",),
    "merge": ("into",),
    "split": ("words", "into", "label"),
    "freeze": ("label",),
}
_SUBJECT = ("group", "holds")


class Decision(BaseModel):
    """One line of ``names.yml``; ``where`` is the file and line, for messages."""

    model_config = ConfigDict(frozen=True)

    groups: tuple[str, ...]
    holds: str
    do: str
    label: str
    into: str
    words: str
    reason: str
    source: str
    where: str


def load_decisions(path: Path) -> list[Decision]:
    """Read the decisions of a file; none where there is no file. Raises :class:`DecisionError`, which names file and line."""
    return [
        _decision(entry, where) for where, entry in read_decisions(path, actions=ACTIONS, subject=_SUBJECT)
    ]


def _decision(entry: dict[str, Any], where: str) -> Decision:
    group = entry.get("group") or ()
    groups = (group,) if isinstance(group, str) else tuple(map(str, group))
    if not groups and not entry.get("holds"):
        raise DecisionError(
            f"{where} : dites de quel groupe il s'agit, par « group » ou par « holds » (une phrase qu'il contient)."
        )
    texts = {
        key: str(entry.get(key) or "").strip()
        for key in ("holds", "label", "into", "words", "reason", "source")
    }
    return Decision(groups=groups, do=entry["do"], where=where, **texts)


def frozen(decisions: Sequence[Decision]) -> frozenset[str]:
    """The groups that join no other."""
    return frozenset(group for one in decisions if one.do == "freeze" for group in one.groups)


def apply(
    table: pd.DataFrame, decisions: Sequence[Decision], texts: pd.Series, *, key: str, kind: str
) -> pd.DataFrame:
    """Return ``table`` (a row per idea: ``idea_id``, ``key``, ``label``) as the decisions about ``kind`` leave it.

    ``texts`` are the ideas by ``idea_id``. ``kind`` is ``demande`` or ``sous-thème``, for messages. A decision about a group
    that this run does not have changes nothing: another wave, another consultation. Raises :class:`DecisionError` when
    ``holds`` fits several groups or ``split`` finds nothing.

    >>> table = pd.DataFrame({"idea_id": ["i", "j"], "demand_id": ["a", "b"], "label": ["Caméras", "Vidéo"]})
    >>> decision = Decision(groups=("a", "b"), holds="", do="merge", into="a", label="", words="", reason="r", source="s", where="l")
    >>> apply(table, [decision], pd.Series(["x", "y"], index=["i", "j"]), key="demand_id", kind="demande")["label"].tolist()
    ['Caméras', 'Caméras']
    """
    for decision in decisions:
        groups = _groups(table, decision, texts, key)
        is_in = table[key].isin(groups)
        if not is_in.any():
            continue
        if decision.do == "split":
            said = table["idea_id"].map(texts).fillna("").tolist()
            is_in &= pd.Series(matches(said, decision.words), index=table.index, dtype=bool)
            if not is_in.any():
                raise DecisionError(
                    f"{decision.where} : aucune idée de ce {kind} ne contient « {decision.words} ». Changez les mots."
                )
        if decision.into:
            named = table.loc[table[key] == decision.into, "label"]
            label = decision.label or (named.iloc[0] if len(named) else table.loc[is_in, "label"].iloc[0])
            merged = is_in | (table[key] == decision.into)
            table = table.assign(
                **{key: table[key].mask(is_in, decision.into), "label": table["label"].mask(merged, label)}
            )
        else:
            table = table.assign(label=table["label"].mask(is_in, decision.label))
    return table.drop_duplicates(["idea_id", key], ignore_index=True)


def _groups(table: pd.DataFrame, decision: Decision, texts: pd.Series, key: str) -> tuple[str, ...]:
    if not decision.holds:
        return decision.groups
    plain = unaccent(decision.holds)
    ideas = texts.index[texts.map(unaccent).str.contains(plain, regex=False)]
    found = tuple(table.loc[table["idea_id"].isin(ideas), key].unique())
    if len(found) > 1:
        raise DecisionError(
            f"{decision.where} : « {decision.holds} » se trouve dans plusieurs groupes ({', '.join(found)}). Donnez une phrase plus longue."
        )
    return found
