"""Place labels so that none covers another, a point or the edge of the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

OUTSIDE = 1e4  # square pixels that leaving the drawing costs: more than covering any label


class Box(NamedTuple):
    """A rectangle in pixels, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Box:
        """Return the box of this size whose middle is ``x``, ``y``."""
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def shared(self, other: Box) -> float:
        """Return the area that two boxes share.

        >>> Box(0, 0, 4, 2).shared(Box(3, 1, 9, 9)), Box(0, 0, 1, 1).shared(Box(1, 0, 2, 1))
        (1, 0.0)
        """
        across = min(self.right, other.right) - max(self.left, other.left)
        up = min(self.top, other.top) - max(self.bottom, other.bottom)
        return across * up if across > 0 and up > 0 else 0.0

    def holds(self, other: Box) -> bool:
        """Tell whether ``other`` lies inside, its edges included."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and other.right <= self.right
            and other.top <= self.top
        )


class Place(NamedTuple):
    """Where a label may stand: its box, how it is shifted from its point, and what it would cover there."""

    box: Box
    shift: tuple[float, float]
    covered: float = 0.0


def best_place(places: Iterable[Place], taken: Sequence[Box], drawing: Box) -> Place:
    """Return the first place that covers nothing inside ``drawing``, else the one that covers least.

    ``places``: at least one; ``covered`` of the place returned is the area it would cover.

    >>> sides = [Place(Box(0, 0, 2, 1), (1, 0)), Place(Box(-2, 0, 0, 1), (-1, 0))]
    >>> best_place(sides, [Box(1, 0, 3, 1)], Box(-5, -5, 5, 5)).shift
    (-1, 0)
    """
    tried = []
    for place in places:
        covered = sum(place.box.shared(other) for other in taken)
        covered += 0 if drawing.holds(place.box) else OUTSIDE
        if not covered:
            return place
        tried.append(place._replace(covered=covered))
    return min(tried, key=lambda place: place.covered)


def spread(heights: Iterable[float], room: float) -> list[float]:
    """Return sorted heights, each moved up as far as it needs to stand ``room`` above the one before.

    >>> spread([0.5, 0.1, 0.52], 0.1)
    [0.1, 0.5, 0.6]
    """
    placed: list[float] = []
    for height in sorted(heights):
        placed.append(max(height, placed[-1] + room) if placed else height)
    return placed
