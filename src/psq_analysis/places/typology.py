"""A typology: which kind of territory a commune is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from psq_analysis.errors import BadInput
from psq_analysis.tables.schema import TERRITORY_TYPES, UNDETERMINED

# from the narrowest to the widest
_KEYS = ("commune", "epci", "arrondissement", "attraction", "department", "density_level")


class BadTypology(BadInput):
    """The file of the types of territory is not one."""


@dataclass(frozen=True)
class Typology:
    """Which type each commune has: by commune, EPCI, arrondissement, category in an attraction area, département or density level.

    The narrowest rule wins, in this order.
    """

    types: Mapping[str, Mapping[str, str]]
    overseas: frozenset[str]
    title: str = field(default="")

    def of(self, communes: pd.DataFrame) -> pd.Series:
        """Return the type of each commune of the table, ``indetermine`` where no rule says.

        >>> from psq_analysis.places.communes import load_communes
        >>> load_typology("data/manual/typology.yml").of(load_communes().query("name == 'Auch'")).to_list()
        ['urbain']
        """
        keys = {
            "commune": communes["code"],
            "epci": communes["epci"],
            "arrondissement": communes["arrondissement"],
            "attraction": communes["attraction"],
            "department": communes["department_code"],
            "density_level": communes["density_level"].astype("string"),
        }
        decided = pd.Series(pd.NA, index=communes.index, dtype="string")
        for by in _KEYS:
            decided = decided.fillna(keys[by].map(dict(self.types.get(by, {}))).astype("string"))
        return decided.fillna(UNDETERMINED)


def load_typology(path: str | Path) -> Typology:
    """Read the types of territory, a YAML file like ``data/manual/typology.yml``.

    Each line of ``types`` names a ``density_level``, a ``commune`` (INSEE code), an ``epci`` (its name), an ``arrondissement`` (its code), an
    ``attraction`` (INSEE's category of communes in attraction areas: 11, 12, 13, 20, 30) or a ``department``, the ``type`` it has, the
    ``reason`` and the ``source``; ``overseas`` lists départements. Raises :class:`BadTypology`.

    >>> sorted(load_typology("data/manual/typology.yml").overseas)[:3]
    ['971', '972', '973']
    """
    path = Path(path)
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadTypology(
            f"Typologie « {path.name} » : illisible ({type(error).__name__}). Il faut un fichier YAML en UTF-8."
        ) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("types"), list) or not raw["types"]:
        raise BadTypology(f"Typologie « {path.name} » : il y manque la liste « types ».")
    types: dict[str, dict[str, str]] = {by: {} for by in _KEYS}
    for rank, line in enumerate(raw["types"], start=1):
        where = f"Typologie « {path.name} », ligne {rank} de « types »"
        by = [key for key in _KEYS if isinstance(line, dict) and key in line]
        if len(by) != 1:
            raise BadTypology(f"{where} : il faut un seul critère parmi {', '.join(_KEYS)}.")
        missing = [key for key in ("type", "reason", "source") if not line.get(key)]
        if missing:
            raise BadTypology(f"{where} : il y manque {', '.join(missing)}.")
        if line["type"] not in TERRITORY_TYPES:
            raise BadTypology(
                f"{where} : type inconnu « {line['type']} ». Types possibles : {', '.join(TERRITORY_TYPES)}."
            )
        criterion = str(line[by[0]])
        if criterion in types[by[0]]:
            raise BadTypology(f"{where} : « {criterion} » a déjà un type plus haut. Gardez une ligne.")
        types[by[0]][criterion] = line["type"]
    overseas = []
    for rank, line in enumerate(raw.get("overseas") or [], start=1):
        if not isinstance(line, dict) or not all(line.get(key) for key in ("department", "reason", "source")):
            raise BadTypology(
                f"Typologie « {path.name} », ligne {rank} de « overseas » : il y faut department, reason et source."
            )
        overseas.append(str(line["department"]))
    return Typology(types=types, overseas=frozenset(overseas), title=str(raw.get("title", "")))
