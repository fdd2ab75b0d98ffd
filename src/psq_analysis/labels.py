"""The one table of French labels that do not belong to the codebook."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml


@cache
def _labels() -> dict[str, dict[str, str]]:
    return yaml.safe_load(
        resources.files("psq_analysis.data").joinpath("labels.yml").read_text(encoding="utf-8")
    )


def label(family: str, key: str) -> str:
    """Return the French label of ``key``; a key without one (a stakeholder, a wave) is its own label.

    >>> label("groups", "outre_mer"), label("groups", "gendarmes")
    ('outre-mer', 'gendarmes')
    """
    return _labels()[family].get(key, key)


def department_name(code: str) -> str:
    """Return the name of a département; a code without one is shown as it is.

    >>> department_name("32"), department_name("974")
    ('Gers', 'La Réunion')
    """
    return _labels()["departments"].get(code, code)


def column(key: str) -> str:
    """Return the heading of a column shown to readers; an unknown key is an error of ours.

    >>> column("respondents")
    'Répondants (n)'
    """
    return _labels()["columns"][key]
