"""What the house knows to be a town, a street, a make, a saint, a law, a plain word: vetoes on the tagger, and only on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from psq_analysis.privacy.name_lexicon import About, communes, is_word, lexicon, plain
from psq_analysis.privacy.name_tokens import LONGEST_ACRONYM, Words

# « les Gersois », « des Réunionnais »: people of a place.
_FOLK = re.compile(r"(?:ois|ais|ains|iens|eens)$")
# After these, the name of a commune is the commune.
_BEFORE_A_PLACE = frozenset(
    {"a", "vers", "entre", "jusqu", "commune", "ville", "mairie", "village", "secteur", "canton"}
)
_PLACE_LINKS = frozenset(
    {"du", "de", "la", "le", "les", "sur", "sous", "en", "lès", "lez", "des", "aux", "d", "et"}
)
# « à Ti Bras », « vers Ravine Sèche »: what a place overseas is made of.
_OF_THE_LAND = frozenset(
    {"bras", "ravine", "ilet", "anse", "morne", "piton", "trou", "crique", "motu", "pointe", "plaine"}
)
# Surnames after a title (« M. Toussaint »), days and feasts elsewhere.
_CALENDAR = frozenset({"toussaint", "noel", "janvier", "avril", "juillet", "samedi", "lundi"})
# « ladjudant », « cest »: an article or pronoun glued to its word.
_GLUED_ARTICLE = re.compile(r"[ldjmtscn]\w{3}")


# « Quartier : Ti Bras Canot »: what a form asks after these is no person.
_LABELS_OF_PLACES = frozenset(
    {"quartier", "commune", "ville", "village", "lieu", "secteur", "hameau", "residence", "cite", "lotissement", "canton", "departement"}
    | {"etablissement", "ecole", "college", "lycee", "structure", "organisme", "association", "commerce", "enseigne", "objet", "sujet"}
)  # fmt: skip


class Token(NamedTuple):
    """A word, number, sign or end of line, and what is known of it."""

    start: int
    end: int
    text: str
    about: About


def is_vetoed(words: Words, tokens: Sequence[Token], first: int, last: int, *, is_sure: bool) -> bool:
    """True for what the house knows: a town, a street, a brand, a law, plain French words, an acronym."""
    inside = [token for token in tokens[first : last + 1] if token.text[0].isalpha()]
    known = lexicon()
    before = tokens[first - 1] if first else None
    form = plain(before.text) if before and before.text[0].isalpha() else ""
    is_named = form in known.titles or form in known.ranks or form in known.kin or form in known.naming
    is_slip = (
        len(inside) == 1
        and inside[0].text.islower()
        and words.has_capitals
        and not is_named
        and "c" not in inside[0].about.kind
    )
    is_folk = form in {"les", "des", "aux", "nos"} and _FOLK.search(plain(inside[-1].text)) is not None
    is_place = is_folk or (
        form in _BEFORE_A_PLACE and plain(words.text[inside[0].start : inside[-1].end]) in communes()
    )
    is_place = is_place or (
        form in _BEFORE_A_PLACE
        and len(inside) > 1
        and "c" not in inside[0].about.kind
        and any(plain(token.text) in _OF_THE_LAND for token in inside)
    )
    is_saint = len(inside) > 1 and any(plain(token.text) in known.saints for token in inside[:2])
    is_place = (
        is_place
        or (_label_before(tokens, first) in _LABELS_OF_PLACES and not is_named)
        or is_saint
        or form in known.saints
        or _is_of_a_place(inside, _article(tokens, first))
        or (not is_named and _is_eponym(inside))
    )
    is_bare = all(len(token.text) == 1 for token in inside) and _is_acronym(words.text, tokens, first, last)
    is_plain = all(_is_known(token, is_named=is_named, is_sure=is_sure) for token in inside)
    is_acronym = (
        len(inside) == 1
        and not words.is_shouted
        and not is_named
        and _is_short_capitals(inside[0], article=form in known.links)
    )
    in_brackets = words.text[tokens[first].start - 1 : tokens[last].end + 1] == f"({inside[0].text})"
    is_acronym = is_acronym or (in_brackets and inside[0].text.isupper() and "c" not in inside[0].about.kind)
    if is_slip or is_place or is_bare or is_plain or is_acronym or _is_glued(words.text, tokens, first):
        return True
    start, end = tokens[first].start, tokens[last].end
    for at, token in enumerate(words.tokens):
        if token.start >= end:
            break
        if start < token.end and len(inside) == 1 and words.in_list_of_places(at):
            return True
        closes = words.last_of_eponym(at)
        if closes is not None and token.start < start < words.tokens[closes].end:
            return True
    return False


def _label_before(tokens: Sequence[Token], first: int) -> str:
    """The word of a form before a colon: « Quartier : … »; empty elsewhere."""
    if first < 2 or tokens[first - 1].text != ":":
        return ""
    return plain(tokens[first - 2].text) if tokens[first - 2].text[0].isalpha() else ""


def _article(tokens: Sequence[Token], first: int) -> str:
    """The article right before a token, with its preposition: « du », « de la », « à la »."""
    before = [
        plain(token.text) if token.text[0].isalpha() else "" for token in tokens[max(0, first - 2) : first]
    ]
    return " ".join(before) if before[1:] == ["la"] else before[-1] if before else ""


def _is_of_a_place(inside: Sequence[Token], before: str) -> bool:
    """« les éducateurs du Moufia », « au Chaudron »: a person takes no contracted article."""
    if len(inside) > 1 and "-".join(plain(token.text) for token in inside) in communes():
        return True  # « Castéra Verduzan »
    contracted = {"du", "au", "aux", "de la", "a la"}
    opens = inside[0].text.islower() and inside[0].text in contracted
    is_alone = before in contracted and len(inside) == 1 and not set("ca") & set(inside[0].about.kind)
    return opens or (is_alone and not inside[0].text.isupper())


def _is_eponym(inside: Sequence[Token]) -> bool:
    """« le bus pour Clément-Ader »: a first name tied to a surname by a hyphen names a street, a school, a stop."""
    links = inside[0].text.split("-")[1:-1]
    if len(inside) == 1 and any(part.islower() and part in _PLACE_LINKS for part in links):
        return True  # « Montréal-du-Gers »
    first, hyphen, last = inside[0].text.partition("-")
    if len(inside) > 1 or not hyphen or first.islower() or first.isupper():
        return False
    known = lexicon()
    return plain(first) in known.certain and plain(last.rpartition("-")[2]) not in known.first_names


def _is_glued(text: str, tokens: Sequence[Token], first: int) -> bool:
    """« km/h », « site.fr », « 8-Mai »: the end of something else."""
    before = tokens[first - 1] if first else None
    if (
        before is None
        or before.end != tokens[first].start
        or not before.start
        or text[before.start - 1].isspace()
    ):
        return False
    is_short = tokens[first].text[0].islower() or len(tokens[first].text) == 1
    return before.text in {".", "-"} or (before.text == "/" and is_short)


def _is_known(token: Token, *, is_named: bool, is_sure: bool) -> bool:
    """True for a word that is no name unless a title stands before it."""
    kind, text = token.about.kind, token.text
    if text.islower() and ("w" in kind or "x" in kind) and "c" not in kind:
        return True
    if is_named:
        return False
    if plain(text) in _CALENDAR:
        return True
    is_glued = (
        text.islower() and "u" in kind and bool(_GLUED_ARTICLE.match(text)) and is_word(plain(text[1:]))
    )
    is_plain_word = "w" in kind and not set("caj") & set(kind) and not (is_sure and text[0].isupper())
    is_phrase = (
        "-" in text
        and all(len(part) < 3 or is_word(part) for part in plain(text).split("-"))
        and "c" not in kind
    )
    return is_plain_word or is_phrase or is_glued or bool(set("xv") & set(kind)) or text.endswith(("'", "’"))


def _is_short_capitals(token: Token, *, article: bool) -> bool:
    """« CLSPD », « LOL », and after an article anything in capitals (« la DDETSPP »)."""
    longest = 9 if article else LONGEST_ACRONYM
    is_mixed = sum(map(str.isupper, token.text)) > 2 and "-" not in token.text  # « UTeQ »
    return (
        (token.text.isupper() or is_mixed) and 1 < len(token.text) <= longest and "c" not in token.about.kind
    )


def _is_acronym(text: str, tokens: Sequence[Token], first: int, last: int) -> bool:
    """« T.I.G. », « T I G »: initials of a person have full stops and a blank or a hyphen between them."""
    written = text[tokens[first].start : tokens[last].end]
    letters = sum(map(str.isalpha, written))
    has_stop = "." in written or text[tokens[last].end : tokens[last].end + 1] == "."
    return letters > 3 or not has_stop or (letters > 1 and not re.search(r"[ -]", written))
