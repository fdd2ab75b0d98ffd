"""Speed of masking, and its growth: ``python benchmarks/masking.py`` (remarks a second, one process).

Short remarks are drawn from sentences without personal data and, one in twenty, with some. The last column is the time
for a text compared with the smallest run: near 1 means that time grows with the number of remarks only.
"""

from __future__ import annotations

import random
import time

from psq_analysis.privacy.mask import mask

PLAIN = (
    "Plus de patrouilles à pied le soir, surtout autour de la gare.",
    "les quads passent à toute heure devant l'école et personne ne dit rien",
    "L'accueil de la brigade ferme à 18 h ; il faudrait une permanence le samedi matin.",
    "Rien à redire sur le travail des gendarmes, mais ils ne sont que six pour trente communes.",
    "Trop de paperasse, pas assez de terrain.",
    "On attend 40 minutes une patrouille à Saint-Clar, c'est long.",
)
PERSONAL = (
    "M. Castaing du 14 rue des Acacias gare sa moto (AB-123-CD) sur le trottoir.",
    "Rappelez Inès au 06 39 98 41 52, elle a tout vu.",
)
PERSONAL_SHARE = 1 / 20  # as in the feedback préfectures receive
SIZES = (2_000, 8_000, 32_000)


def draw(size: int) -> list[str]:
    """Return remarks, the same at every run."""
    chance = random.Random(2017)
    return [chance.choice(PERSONAL if chance.random() < PERSONAL_SHARE else PLAIN) for _ in range(size)]


def main() -> None:
    """Print remarks a second for growing numbers of remarks."""
    mask("M. Untel Xyz")  # loads the dictionaries
    smallest = None
    for size in SIZES:
        remarks = draw(size)
        start = time.perf_counter()
        for remark in remarks:
            mask(remark)
        each = (time.perf_counter() - start) / size
        smallest = smallest or each
        print(f"{size:7,d} remarks: {1 / each:9,.0f} a second, {each / smallest:.2f}")


if __name__ == "__main__":
    main()
