"""The regions of France and their départements."""

from __future__ import annotations

from functools import cache

from psq_analysis.packaged import read_yaml


@cache
def region_of_department() -> dict[str, str]:
    return {
        department: name
        for name, held in read_yaml(__package__, "regions.yml").items()
        for department in held
    }


def region_departments(name: str) -> frozenset[str]:
    """Return the codes of the départements of a region.

    >>> sorted(region_departments("Corse"))
    ['2A', '2B']
    """
    return frozenset(code for code, region in region_of_department().items() if region == name)
