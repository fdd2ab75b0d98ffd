"""Files of decisions: lists in YAML, one entry a line, in which an analyst says what is done, to what, why, and on whose word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from psq_analysis.errors import BadInput
from psq_analysis.packaged import yaml_with_lines

WHY = ("reason", "source")  # every decision gives them


class DecisionError(BadInput):
    """A decision cannot be read or carried out; the message names file and line."""


def read_decisions(
    path: Path, *, actions: Mapping[str, Sequence[str]], subject: Sequence[str]
) -> list[tuple[str, dict[str, Any]]]:
    """Return the decisions of a file, each with where it stands (file and line); none where there is no file.

    ``actions``: the keys that each value of ``do`` needs; ``subject``: the keys that may say what is decided upon. Raises
    :class:`DecisionError` for a file that is no list in YAML, an unknown or a missing key, an unknown action.
    """
    if not path.is_file():
        return []
    try:
        tree, entries = yaml_with_lines(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", ligne {mark.line + 1}" if mark else ""
        raise DecisionError(
            f"{path.name}{line} : le fichier ne se lit pas. Écrivez une décision par tiret, comme dans docs/parametres.md."
        ) from None
    if entries is None:
        return []
    if not isinstance(entries, list) or tree is None:
        raise DecisionError(f"{path.name} : une liste de décisions est attendue, une par tiret.")
    read = []
    for node, entry in zip(tree.value, entries, strict=True):
        where = f"{path.name}, ligne {node.start_mark.line + 1}"
        _check(entry, where, actions, subject)
        read.append((where, entry))
    return read


def _check(entry: Any, where: str, actions: Mapping[str, Sequence[str]], subject: Sequence[str]) -> None:
    if not isinstance(entry, dict):
        raise DecisionError(
            f"{where} : une décision s'écrit « {subject[0]}: …, do: …, reason: …, source: … »."
        )
    known = {"do", *subject, *WHY, *(key for needed in actions.values() for key in needed)}
    unknown = sorted(set(map(str, entry)) - known)
    if unknown:
        raise DecisionError(
            f"{where} : « {unknown[0]} » est inconnu. Possibles : {', '.join(sorted(known))}."
        )
    do = str(entry.get("do"))
    if do not in actions:
        raise DecisionError(f"{where} : « do: {do} » est inconnu. Possibles : {', '.join(actions)}.")
    for key in (*actions[do], *WHY):
        if not str(entry.get(key) or "").strip():
            raise DecisionError(f"{where} : il manque « {key} » à cette décision ({do}). Complétez la ligne.")
