"""Names an analyst types, found among those that exist: exact, by its beginning, or else refused with the nearest ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from psq_analysis.errors import BadInput
from psq_analysis.text.plain import plain_words

MOST_NAMED = 12  # names listed in an error before it can no longer be read
ALIKE = 0.6  # of the letters of two names, for one to be taken as a slip for the other


class UnknownName(BadInput):
    """A column, group, code or reference does not exist in a run; the message names the nearest ones."""


def found(asked: str, known: Mapping[str, Iterable[str]], *, kind: str) -> str:
    """Return the key of ``known`` that ``asked`` names: one of its spellings, or the only one it begins or is a part of.

    ``known``: per key, its other spellings (labels). Case, accents and punctuation do not count. Raises :class:`UnknownName` with the
    nearest names, or with those that fit when several do.

    >>> found("Election", {"élus": (), "gendarmes": ()}, kind="Voix")
    Traceback (most recent call last):
        ...
    psq_analysis.respondents.nearest.UnknownName: Voix « Election » introuvable. Possibles : élus, gendarmes.
    >>> found("reunion", {"32": ["Gers"], "974": ["La Réunion"]}, kind="Département")
    '974'
    """
    spelt: dict[str, str] = {}
    for key, others in known.items():
        for name in (key, *others):
            spelt.setdefault(plain_words(str(name)), key)
    wanted = plain_words(str(asked))
    if wanted in spelt:
        return spelt[wanted]
    if wanted:
        for fits in (str.startswith, str.__contains__):
            keys = dict.fromkeys(key for name, key in spelt.items() if fits(name, wanted))
            if len(keys) == 1:
                return next(iter(keys))
            if keys:
                named = _listed([_shown(key, known) for key in keys])
                raise UnknownName(
                    f"{kind} « {asked} » : plusieurs possibilités ({named}). Écrivez le nom en entier."
                )
    close = dict.fromkeys(spelt[name] for name in difflib.get_close_matches(wanted, spelt, n=3, cutoff=ALIKE))
    hint = (
        f" Vouliez-vous dire {' ou '.join(f'« {_shown(key, known)} »' for key in close)} ?" if close else ""
    )
    possible = _listed([_shown(key, known) for key in known])
    raise UnknownName(f"{kind} « {asked} » introuvable.{hint} Possibles : {possible}.")


def _shown(key: str, known: Mapping[str, Iterable[str]]) -> str:
    label = next(iter(known[key]), "")
    return f"{key} ({label})" if label and label != key else str(key)


def _listed(names: list[str]) -> str:
    if not names:
        return "aucune"
    more = f"… ({len(names)} en tout)" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
