"""What people complain of, praise and ask for in many words: the subjects of ``concerns.yml`` raised by each idea."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd

from psq_analysis.packaged import read_yaml
from psq_analysis.text.concordance import Concordance
from psq_analysis.text.content_words import without_placeholders
from psq_analysis.text.corpus import Corpus
from psq_analysis.text.expressions import Either, parse

TROUBLES, SERVICE, PRAISE, WISHES = "troubles", "service", "praise", "wishes"
# A complaint or a praise names its subjects early; what a long story mentions on its way is not its subject.
MAX_SUBJECTS = 2


class Concern(NamedTuple):
    """A subject of complaint or praise and the expressions that raise it."""

    part: str
    name: str
    spelt: tuple[str, ...]
    expressions: tuple[Either, ...]


@cache
def load_concerns() -> tuple[Concern, ...]:
    """Return the subjects of ``concerns.yml``, in its order."""
    return tuple(
        Concern(part, name, tuple(expressions), tuple(map(parse, expressions)))
        for part, concerns in read_yaml("psq_analysis.demands", "concerns.yml").items()
        for name, expressions in concerns.items()
    )


def concerns(texts: Sequence[str]) -> pd.DataFrame:
    """Return the subjects each text raises: ``text`` (its position), ``part``, ``name``.

    >>> concerns(["On a attendu deux heures.", "Des crottes partout"])[["text", "name"]].values.tolist()
    [[0, 'attente'], [1, 'déjections_canines']]
    """
    said = Concordance(Corpus.read([without_placeholders(text) for text in texts]))
    found = [
        (int(text), concern.part, concern.name)
        for concern in load_concerns()
        for text in sorted({int(one) for tree in concern.expressions for one in said.texts(tree)})
    ]
    rows = pd.DataFrame(found, columns=["text", "part", "name"])
    return rows.sort_values("text", kind="stable", ignore_index=True)
