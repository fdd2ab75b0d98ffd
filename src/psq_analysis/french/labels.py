"""The French words of the reports that do not belong to the codebook: labels and sentences, read from YAML."""

from __future__ import annotations

from functools import cache
from typing import Any

from psq_analysis.packaged import read_yaml

SHORT_LENGTH = 34  # characters of a chart label that fit beside its number on a phone


@cache
def _labels() -> dict[str, dict[str, str]]:
    return _read("labels.yml")


@cache
def _sentences() -> dict[str, str]:
    return _read("sentences.yml")


def _read(name: str) -> dict[str, Any]:
    return read_yaml(__package__, name)


def sentence_templates() -> list[str]:
    """Return every sentence of the table, its values still to be put in."""
    return list(_sentences().values())


def label(family: str, key: str) -> str:
    """Return the French label of ``key``; a key without one (a stakeholder, a wave) is its own label.

    >>> label("groups", "outre_mer"), label("groups", "gendarmes")
    ('outre-mer', 'gendarmes')
    """
    return _labels()[family].get(key, key)


def say(key: str, **values: object) -> str:
    """Return the sentence ``key`` with its values in place; a value is never read as a template.

    >>> say("around", verbatim="{{7*7}} ${x}")
    '« {{7*7}} ${x} »'
    """
    return _sentences()[key].format(**values)


def short(name: str) -> str:
    """Return the short form of a codebook label, for a chart: the one given by the label table, else the start of it.

    The table is keyed by the label itself: the same code of another codebook may mean something else.

    >>> short("Confiance mutuelle entre la population et les forces de sécurité"), short("Bruit")
    ('Confiance mutuelle', 'Bruit')
    >>> short("Relations entre les différents services publics du canton")
    'Relations entre les différents…'
    """
    given = _labels()["short"].get(name)
    if given or len(name) <= SHORT_LENGTH:
        return given or name
    return name[:SHORT_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


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
