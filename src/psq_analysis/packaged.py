"""What a package holds besides code: the vocabulary files beside its modules, and the names it gives from them; and how YAML is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module, resources
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


def yaml_with_lines(text: str) -> tuple[yaml.Node | None, Any]:
    """Return the nodes of a YAML text, which know their lines (from 0), and what it holds; raises ``yaml.YAMLError``.

    >>> node, content = yaml_with_lines("a: 1\\nb: [2]")
    >>> content, node.value[1][0].start_mark.line
    ({'a': 1, 'b': [2]}, 1)
    """
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def public_names(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a package that gives names from its modules.

    ``homes``: module (from the package, or by its whole name) and name in it, by public name. A module is loaded when a name of it is first asked
    for, so that opening the door costs nothing.

    >>> give, _ = public_names("psq_analysis.french", {"written": "numbers.number"})
    >>> give("written")(1046)
    '1\u202f046'
    """

    def give(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, attribute = homes[name].rpartition(".")
        home = module if module.startswith("psq_analysis.") else f"{package}.{module}"
        return getattr(import_module(home), attribute)

    def names() -> list[str]:
        return sorted(homes)

    return give, names
