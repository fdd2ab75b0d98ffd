"""What a reader can work out of published counts by addition and subtraction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

TOLERANCE = 1e-6  # of the linear solver, in respondents
UNBOUNDED = 3  # status of scipy.optimize.linprog
Reals = NDArray[np.float64]


class Attack:
    """What a reader can conclude on sums of non-negative atoms, given the sums that are shown.

    ``limits``: the most each atom may be; ``between``: weighted sums of which only bounds are shown (row, lower, upper). Each solution
    found is kept as a witness: most counts turn out to have a wide range without being solved for.
    """

    def __init__(
        self,
        known: list[Reals],
        values: list[float],
        *,
        limits: Reals | None = None,
        between: list[tuple[Reals, float, float]] | None = None,
    ) -> None:
        self._known, self._values = np.array(known), np.array(values)
        self._bounds = (0, None) if limits is None else [(0, limit) for limit in limits]
        self._below = [row for row, _, _ in between or ()] + [-row for row, _, _ in between or ()]
        self._most = [high for _, _, high in between or ()] + [-low for _, low, _ in between or ()]
        self._witnesses: list[Reals] = []

    def width(self, target: Reals, *, enough: float) -> float:
        """Return how far apart two possible values of ``target`` are; stops looking beyond ``enough``."""
        seen = [float(target @ witness) for witness in self._witnesses]
        for direction in (-1.0, 1.0):
            if seen and max(seen) - min(seen) >= enough:
                break
            solved = linprog(
                direction * target,
                A_eq=self._known,
                b_eq=self._values,
                A_ub=np.array(self._below) if self._below else None,
                b_ub=self._most or None,
                bounds=self._bounds,
                method="highs",
            )
            if solved.status == UNBOUNDED:
                return np.inf
            if solved.x is None:
                raise ArithmeticError(f"small cells: the linear solver stopped ({solved.message})")
            self._witnesses.append(solved.x)
            seen.append(float(target @ solved.x))
        return max(seen) - min(seen)
