"""Word classes in French sentences."""

from __future__ import annotations

import numpy as np

from psq_analysis import french
from psq_analysis.french.labels import say
from psq_analysis.subthemes.word_classes import WordClasses

# Adjusted Rand: from 0.2 on two cuts have something in common, from 0.5 on most of it (Hubert and Arabie's index is 0 by chance).
IN_PART, MOSTLY = 0.2, 0.5


def sentences(found: WordClasses, *, is_part: bool = False) -> str:
    """Say how many ideas the tree was drawn from, how many it leaves out, and how far it agrees with themes and sub-themes; nothing of a part of a run."""
    if is_part:
        return say("ideas_of_part")
    if not found.read:
        return say("classes_nothing")
    drawn = (
        say("classes_sample", in_scope=french.number(found.in_scope)) if found.read < found.in_scope else ""
    )
    left_out = say(
        "classes_unclassified",
        read=french.count(found.read, "idée"),
        drawn=drawn,
        unclassified=french.count(found.unclassified, "idée"),
        share=french.percent(found.unclassified / found.read),
        verb="reste" if found.unclassified < 2 else "restent",
    )
    return f"{left_out} {_agreement_sentence(found)}".strip()


def _agreement_sentence(found: WordClasses) -> str:
    if len(found.classes) < 2 or np.isnan(found.with_themes) or np.isnan(found.with_subthemes):
        return ""
    best = max(found.with_themes, found.with_subthemes)
    verdict = "mostly" if best >= MOSTLY else "in_part" if best >= IN_PART else "hardly"
    return say(
        f"classes_agree_{verdict}",
        themes=french.number(found.with_themes, digits=2),
        subthemes=french.number(found.with_subthemes, digits=2),
    )
