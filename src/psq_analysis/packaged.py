"""Read the vocabulary files that stand beside the modules of this package."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader reads the same files ten times as fast


def read_text(package: str, name: str) -> str:
    """Return the file ``name`` that stands in ``package``, decoded from UTF-8."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


@cache
def read_yaml(package: str, name: str) -> Any:
    """Return what the YAML file ``name`` of ``package`` holds, read once a process. Callers do not change it.

    >>> read_yaml("psq_analysis.french", "labels.yml")["groups"]["all"]
    'ensemble'
    """
    return yaml.load(read_text(package, name), Loader=_LOADER)
