"""What is known about words when looking for names: first names, titles, functions, and the words of French."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from psq_analysis.packaged import read_yaml
from psq_analysis.places.communes import overseas_names, shipped_names
from psq_analysis.text.plain import folded, plain_words
from psq_analysis.text.words import lemma

# Shorter words have neighbours by chance.
MIN_MISSPELT = 6
_ANNOUNCING = (
    "titles",
    "ranks",
    "officers",
    "functions",
    "kin",
    "naming",
    "before_a_person",
    "eponyms",
    "eponyms_beside",
)
# One character, in no alphabet, stands for a person, or for a contact (telephone, mail, address…), found before.
PERSON_HOLE, CONTACT_HOLE = "\ue000", "\ue001"
# Each character of the name of a public figure is read as this one.
PUBLIC_HOLE = "\ue002"

WORD = re.compile(r"[^\W\d_]+(?:['’\-‑](?=[^\W\d_])[^\W\d_]+)*")
ELIDED = re.compile(r"^(?:[ldjmtscnLDJMTSC]|[qQ][uU]|[jJ]usqu|[lL]orsqu|[pP]uisqu)['’](?=.)")
_JOINED = re.compile(r"[\-‑’']")


class About(NamedTuple):
    """What is known of a word wherever it stands."""

    kind: str  # letters of the lists it belongs to
    shape: str
    word: str  # the word itself when it is no name
    ends: tuple[str, ...]  # its endings when no dictionary knows it
    may_be_a_name: bool
    announces: bool


class Lexicon(NamedTuple):
    """The words around a name (``person_context.yml``) and the first names (``first_names.yml``)."""

    titles: frozenset[str]
    ranks: frozenset[str]
    officers: frozenset[str]
    functions: frozenset[str]
    modifiers: frozenset[str]
    kin: frozenset[str]
    kin_of_surname: frozenset[str]
    naming: frozenset[str]
    naming_any_case: frozenset[str]
    eponyms: frozenset[str]
    eponyms_beside: frozenset[str]
    saints: frozenset[str]
    particles: frozenset[str]
    links: frozenset[str]
    plural_verbs: frozenset[str]
    final_acute: frozenset[str]
    abbreviated_ranks: frozenset[str]
    name_abbreviations: frozenset[str]
    before_a_person: frozenset[str]
    never_names: frozenset[str]
    towns: frozenset[str]
    openers: frozenset[str]
    certain: frozenset[str]
    surname_words: frozenset[str]
    ambiguous: frozenset[str]
    first_names: frozenset[str]


@lru_cache(maxsize=65536)  # the words of a corpus repeat; more would hold no more hits
def plain(word: str) -> str:
    """Return one word without capitals or accents; apostrophes become hyphens.

    >>> plain("Marie-Hélène"), plain("N’Diaye")
    ('marie-helene', 'n-diaye')
    """
    return "-".join(plain_words(part) for part in _JOINED.split(word))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the vocabulary, read once."""
    context = {name: frozenset(words) for name, words in _read("person_context.yml").items()}
    names = _read("first_names.yml")
    certain = frozenset(plain(name) for names_of in names["certain"].values() for name in names_of.split())
    ambiguous = frozenset(plain(name) for name in names["ambiguous"].split()) - certain
    nouns = ("not_names", "titles", "ranks", "officers", "functions", "eponyms", "eponyms_beside")
    known = {name: words for name, words in context.items() if name in Lexicon._fields}
    return Lexicon(
        **known,
        never_names=frozenset().union(*(context[name] for name in nouns))
        - certain
        - context["also_surnames"],
        openers=certain.union({"les"}, *(context[name] for name in _ANNOUNCING)),
        towns=(context["places"] | context["small_towns"] | _communes()) - certain,
        certain=certain,
        ambiguous=ambiguous,
        first_names=certain | ambiguous,
    )


def also_surnames() -> frozenset[str]:
    """Return the common words that are surnames all the same after a title or a first name."""
    return frozenset(_read("person_context.yml")["also_surnames"])


def is_word(plain_form: str) -> bool:
    """True for a French word, given without accents; proper names are hardly among them.

    >>> is_word("patrouilles"), is_word("reellement"), is_word("dulhoste")
    (True, True, False)
    """
    words = french_words()
    if plain_form in words or plain_form.endswith("ment") or plain_form.removesuffix("s") in words:
        return True
    parts = plain_form.split("-")
    return len(parts) > 1 and all(part in words for part in parts)


@lru_cache(maxsize=65536)
def is_a_slip_of_a_word(form: str) -> bool:
    """True for an unknown word one slip away from a French one: « trottinnettes », « rerour », but also « Boullanger »."""
    if len(form) < MIN_MISSPELT or not form.isascii() or not form.isalpha():
        return False
    words, letters = french_words(), "abcdefghijklmnopqrstuvwxyz"
    cuts = [(form[:at], form[at:]) for at in range(len(form) + 1)]
    return any(
        head + tail[1:] in words
        or head + tail[1:2] + tail[:1] + tail[2:] in words
        or any(head + letter + tail in words or head + letter + tail[1:] in words for letter in letters)
        for head, tail in cuts
    )


def is_common_word(form: str, text: str) -> bool:
    """True for a word, or the lemma of one, that answers to a public consultation hold five times or more.

    >>> is_common_word("patrouilles", "patrouilles"), is_common_word("vigneaux", "Vigneaux")
    (True, False)
    """
    common = _common_words()
    return form in common or plain(lemma(text)) in common or form.endswith("ment")


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Return the words of the civic vectors, without the vectors."""
    with (
        files("psq_analysis.text").joinpath("word_vectors.npz").open("rb") as stored,
        np.load(stored) as content,
    ):
        return frozenset(content["words"].tobytes().decode().split("\n"))


def is_borrowed_word(plain_form: str) -> bool:
    """True for an English word: « Street Art », « Big Data » are no names."""
    return plain_form in _english_words()


def promise_of_a_name(text: str) -> int:
    """Cheap screen: 2 for a likely name, 1 for a capitalised word of French after a word that announces one, else 0.

    >>> texts = ("Plus de patrouilles. Merci au maire.", "Le patron du Café est là", "mme dulhac se plaint")
    >>> [promise_of_a_name(text) for text in texts]
    [0, 1, 2]
    """
    announced, promise, before = PERSON_HOLE in text or CONTACT_HOLE in text, 0, ""
    for word in WORD.findall(text):
        signal = _signal(word)
        if ("t" in before and "w" in signal) or ("T" in before and "j" in signal):
            promise = 1
        before = signal
        if not signal:
            continue
        if "!" in signal or (announced and "?" in signal):
            return 2
        promise = promise or int(announced and "C" in signal)
        announced = announced or "+" in signal
    return promise


_SHORT_TITLES = frozenset({"mr", "mme", "mlle"})
_WHOLE_TITLES = frozenset({"monsieur", "madame"})


@lru_cache(maxsize=65536)
def _signal(word: str) -> str:
    """Say what a word may be: a name (!), one once announced (?, C with a capital only), an announcement (+).

    A short title (t) and a noun in lower case (w) make a name together: « mme petit »; so do a whole
    title (T) and a word that is often a surname (j): « monsieur boulanger ».
    """
    known = about(ELIDED.sub("", word))
    may_be = (
        "u" in known.kind
        or ("g" in known.kind and known.shape[0] == "X")
        or "c" in known.kind
        or ("a" in known.kind and known.shape[0] == "X")
    )
    announces = known.announces or known.word == "les"
    is_noun = known.shape == "xx" and "w" in known.kind and set(known.kind) <= set("kjzwm")
    return (
        "!" * known.may_be_a_name + "?" * may_be + "C" * (known.shape[0] == "X") + "+" * announces
        + "w" * is_noun + "t" * (known.word in _SHORT_TITLES)
        + "j" * ("j" in known.kind and known.shape == "xx") + "T" * (known.word in _WHOLE_TITLES)
    )  # fmt: skip


@lru_cache(maxsize=65536)
def about(text: str) -> About:
    """Return what is known of a word, number or sign wherever it stands."""
    if not text[0].isalpha():
        sign = (
            "0"
            if text[0].isdigit()
            else {"\n": "¶", PERSON_HOLE: "#P", CONTACT_HOLE: "#C", PUBLIC_HOLE: "#F"}.get(text[0], text)
        )
        return About(
            sign, sign, sign, (), text in {PERSON_HOLE}, text in {PERSON_HOLE, CONTACT_HOLE, ":", "«", '"'}
        )
    form = plain(text.rstrip("'’"))
    known = lexicon()
    parts = [part for part in form.split("-") if part]
    single = form.removesuffix("s")
    lists = (
        ("t", known.titles), ("r", known.ranks), ("o", known.officers), ("f", known.functions), ("m", known.modifiers),
        ("k", known.kin), ("n", known.naming), ("e", known.eponyms), ("b", known.eponyms_beside), ("s", known.saints),
        ("p", known.particles), ("c", known.certain), ("a", known.ambiguous), ("x", known.never_names),
        ("v", known.towns), ("q", known.before_a_person), ("j", known.surname_words),
    )  # fmt: skip
    kind = "".join(
        letter for letter, words in lists if form in words or (letter in "rofk" and single in words)
    )
    is_french, is_english = is_word(form), is_borrowed_word(form)
    named = parts[1:] if parts[:1] == ["ti"] else parts
    if len(parts) > 1 and "c" not in kind and all(part in known.first_names for part in named):
        kind += "c"
    kind += (
        ("w" if is_common_word(form, text) else "wz")
        if is_french
        else "g"
        if is_english
        else ""
        if set(kind) & set("cv")
        else "u"
    )
    if len(parts) > 1 and any(part in known.eponyms or part in known.saints for part in parts[:1]):
        kind += "y"
    shape = _shape(text)
    is_name_like = bool(set("cau") & set(kind)) and not set("xv") & set(kind)
    is_named_word = bool(set("troefmknbsqxpw") & set(kind)) and not set("c") & set(kind)
    letters = re.sub(r"[^a-z]", "", form)
    ends = (f"3{letters[-3:]}", f"2{letters[-2:]}", f"h{letters[:2]}") if set("ucg") & set(kind) else ()
    may = (
        "c" in kind
        or (shape[0] == "X" and set("jz") & set(kind) and not set("xv") & set(kind))
        or (shape[0] == "X" and (is_name_like or (len(form) == 1 and form not in "alyn")))
    )
    return About(
        kind=kind, shape=shape, word=form if is_named_word else f"<{kind}>", ends=ends,
        may_be_a_name=may, announces=bool(set("troknfq") & set(kind)),
    )  # fmt: skip


def _shape(text: str) -> str:
    if len(text) == 1:
        return "X" if text.isupper() else "x"
    if text.isupper():
        return "XX" if len(text) > 4 else "XXs"
    if text[0].isupper():
        return (
            "Xx-X"
            if "-" in text and any(part[:1].isupper() for part in text.split("-")[1:])
            else "Xx"
            if text[1:].islower() or not text[1:].isalpha()
            else "XxX"
        )
    return "x-x" if "-" in text else "xx" if len(text) > 3 else "xs"


def _communes() -> frozenset[str]:
    """Return the names of several words: as surnames they would be « Castéra-Verduzan », which nobody bears; overseas, of one word too (« Koungou »)."""
    overseas = frozenset(map(_without_article, overseas_names()))
    several = (name for name in map(_without_article, shipped_names()) if "-" in name)
    return overseas.difference(french_words(), also_surnames(), _surnames()).union(several)


def _without_article(commune: str) -> str:
    return plain(commune.removeprefix("L'").removeprefix("Le ").removeprefix("La ").removeprefix("Les "))


def _surnames() -> frozenset[str]:
    return frozenset(_read("person_context.yml")["surname_words"])


@lru_cache(maxsize=1)
def communes() -> frozenset[str]:
    """Return the names of the communes the house knows, as one plain word each."""
    return frozenset(plain(name) for name in shipped_names())


def _read(file: str) -> dict[str, Any]:
    return read_yaml(__package__, file)


@lru_cache(maxsize=1)
def french_words() -> frozenset[str]:
    """Return the words of French, without accents."""
    forms = [str(form) for form in DefaultDictionaryFactory().get_dictionary("fr")]
    words = [form for form in forms if len(form) > 1 and not form[0].isupper()]
    # all at once: one by one, 200,000 words cost a second of every run, twice
    at_once = folded("\n".join(words)).split("\n")
    listed = frozenset(
        form if form.isascii() and form.isalnum() else plain(word)
        for word, form in zip(words, at_once, strict=True)
    )
    context = _read("person_context.yml")
    return listed.union(context["more_words"]).difference(context["no_words"])


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    return frozenset(str(form) for form in DefaultDictionaryFactory().get_dictionary("en"))
