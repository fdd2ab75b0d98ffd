"""The names of codes, as the codebook gives them."""

from __future__ import annotations

from collections.abc import Mapping

from psq_analysis.coding.codebook import Codebook

Names = Mapping[tuple[str, str], str]


def codes_of(grid: Codebook) -> dict[str, list[str]]:
    """The codes of each scheme, « Autre » included: those whose share is computed even when nobody speaks of them."""
    return {scheme: list(grid.labels(scheme)) for scheme in grid.schemes}


def names_of(grid: Codebook) -> Names:
    """The French label of every code of every scheme."""
    return {(scheme, code): name for scheme in grid.schemes for code, name in grid.labels(scheme).items()}
