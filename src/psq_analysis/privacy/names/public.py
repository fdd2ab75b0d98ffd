"""Names of public figures, of fiction and of makes: read as such, unless the sentence makes them private people."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, pairwise

from psq_analysis.packaged import read_yaml
from psq_analysis.privacy.name_lexicon import CONTACT_HOLE, ELIDED, PUBLIC_HOLE, WORD, lexicon, plain

# « rendez-vous Chez Marcel »: inside a sentence, the capital makes a sign of it.
_CHEZ = re.compile(r"(?<=[a-zà-ÿ,»] )Chez [A-ZÀ-Ý][\w'’-]+")
# « la boulangerie Au Pain de Louise », « le bar Chez Marcel »: the sign of a shop.
_SIGN = re.compile(
    r"(?P<noun>\b(?:boulangerie|p[âa]tisserie|caf[ée]|bar|bistrot?|pub|restaurant|resto|brasserie|pizzeria|cr[êe]perie|snack|kebab|"
    r"[ée]picerie|sup[ée]rette|salon|h[ôo]tel|auberge|camping|g[îi]te|boutique|magasin|bo[îi]te|discoth[èe]que|tabac|pmu|cr[èe]che|"
    r"ehpad|foyer|fleuriste|librairie|pharmacie|opticien|garage|micro-cr[èe]che|micro-folie|club|asso|association|collectif) )"
    r"(?P<name>[«\"]? ?(?:Chez|Aux?|À|La|Le|Les|L['’]|Un|Une)(?: (?:la|le|les|l['’]))?[ ]?[A-ZÀ-Ý][\w'’-]+"
    r"(?: (?:(?:de|du|des|et|la|à|aux?) |d['’]|l['’])*[A-ZÀ-Ý][\w'’-]+)*)"
)
_WITHIN_A_NAME = re.compile(r"[ '’\-]|\s?[&,]\s|\.\s?| [dl]['’]")
_BESIDE = re.compile(r"\.? ?[:«]? ?(?:[dl]['’])?")
_OF_PUBLIC_LIFE = frozenset(
    {
        "ministre",
        "president",
        "presidente",
        "depute",
        "deputee",
        "senateur",
        "senatrice",
        "prefet",
        "general",
        "maire",
        "chef",
    }
)
_OF_ONESELF = frozenset({"suis", "moi", "mister"})
_MAKES_PRIVATE = re.compile(rf"\s?[,(:;–-]?\s?(?:{CONTACT_HOLE}|\d\d? ans\b)")


def without_public_names(text: str) -> str:
    """Return a text in which names of public figures, of fiction and of products are filled in; as long as before.

    >>> without_public_names("Emmanuel Macron et mon voisin Antoine Dupont").replace(PUBLIC_HOLE, "*")
    '*************** et mon voisin Antoine Dupont'
    """
    names = _public_names()
    found = list(WORD.finditer(text))
    words = [
        (match.start() + len(match[0]) - len(bare), bare) for match in found for bare in [_bare(match[0])]
    ]
    at, filled = 0, _SIGN.sub(lambda match: match["noun"] + PUBLIC_HOLE * len(match["name"]), text)
    filled = _CHEZ.sub(lambda match: PUBLIC_HOLE * len(match[0]), filled)
    while at < len(words):
        for name in names.get(plain(words[at][1]), ()):
            if _stands_here(text, words, at, name) and not _is_private(text, words, at, name):
                start, end = words[at][0], _end_of(words[at + len(name) - 1])
                filled = filled[:start] + PUBLIC_HOLE * (end - start) + filled[end:]
                at += len(name) - 1
                break
        at += 1
    return filled


def _bare(word: str) -> str:
    return ELIDED.sub("", word)


def _end_of(word: tuple[int, str]) -> int:
    return word[0] + len(word[1])


def _stands_here(text: str, words: list[tuple[int, str]], at: int, name: tuple[str, ...]) -> bool:
    here = words[at : at + len(name)]
    if tuple(plain(word) for _, word in here) != name:
        return False
    if len(name) == 1 and not here[0][1][0].isupper() and any(map(str.isupper, text)):
        return False
    gaps = (text[_end_of(one) : other[0]] for one, other in pairwise(here))
    return all(_WITHIN_A_NAME.fullmatch(gap) for gap in gaps)


def _is_private(text: str, words: list[tuple[int, str]], at: int, name: tuple[str, ...]) -> bool:
    """« mon voisin Antoine Dupont », « M. Antoine Dupont », « Paul Macron », a signature, a name before a contact."""
    known = lexicon()
    start, end = words[at][0], _end_of(words[at + len(name) - 1])
    rest, before = text[end : end + 12], ""
    if at and _BESIDE.fullmatch(text[_end_of(words[at - 1]) : start]):
        before = plain(words[at - 1][1])
    is_alone = len(name) == 1 and name[0] in _surnames_of_one()
    functions = known.functions - _OF_PUBLIC_LIFE
    opens = known.kin | known.naming | known.ranks | known.officers | functions | _OF_ONESELF
    if before in opens or (before in known.titles and name[-1] not in _surnames_of_one()):
        return True
    follows = next(iter(words[at + len(name) : at + len(name) + 1]), (0, ""))
    is_beside = (
        text[end : follows[0]] == " " and follows[1][:1].isupper() and plain(follows[1]) in known.certain
    )
    has_first_name = before in known.certain and words[at - 1][1][0].isupper()
    is_line = (
        "\n" in text
        and text[text.rfind("\n", 0, start) + 1 :].split("\n", 1)[0].strip(" .,") == text[start:end]
    )
    return (is_alone and (is_beside or has_first_name)) or is_line or bool(_MAKES_PRIVATE.match(rest))


@lru_cache(maxsize=1)
def _public_names() -> dict[str, list[tuple[str, ...]]]:
    """Return, for a first word, the names it may open, the longest first."""
    lists = read_yaml(__package__, "public_names.yml")
    names: set[tuple[str, ...]] = set()
    for phrase in (
        *chain.from_iterable(lists["figures"].values()),
        *lists["surnames"],
        *lists["anyone"],
        *lists["brands"],
    ):
        name = tuple(plain(_bare(word)) for word in WORD.findall(str(phrase)))
        names |= {name, ("-".join(name),)}
    opened: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(names, key=lambda words: (-len(words), words)):
        opened.setdefault(name[0], []).append(name)
    return opened


@lru_cache(maxsize=1)
def _surnames_of_one() -> frozenset[str]:
    return frozenset(
        plain(_bare(str(name)).split(" ")[-1])
        for name in read_yaml(__package__, "public_names.yml")["surnames"]
    )
