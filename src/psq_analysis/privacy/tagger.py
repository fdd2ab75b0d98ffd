"""Find persons by the words around them, with a tagger learnt from generated sentences, in union with the rules.

The tagger is a conditional random field (``python-crfsuite``): each word is described by its shape, its kind in
the lexicon, its ending when no dictionary knows it, and the same of its neighbours; never by itself when it is a
name. What the house knows to be a town, a street, a school, a brand, a saint, a law is vetoed here, and only here.
``psq_analysis.privacy.training`` makes the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import pycrfsuite

from psq_analysis.privacy.name_lexicon import (
    PERSON_HOLE,
    About,
    about,
    communes,
    is_a_slip_of_a_word,
    is_word,
    lexicon,
    plain,
)
from psq_analysis.privacy.name_tokens import LONGEST_ACRONYM, MIN_LOWER_NAME, Words
from psq_analysis.privacy.spans import Span

MODEL = "persons.crfsuite"
# Believed from this probability on: measured on real comments, docs/privacy.md.
BELIEVED = 0.4
# A capitalised word of French (« Ducasse », « Fouine ») is a name from this one on.
SURE = 0.85
# « Mmes Une et de Deux »: after these, a particle belongs to the name.
_PARTICLES = frozenset({"de", "d'", "d’", "du", "des", "von", "van", "ben", "el", "da", "dos", "di", "del"})
# « les Gersois », « des Réunionnais »: people of a place.
_FOLK = re.compile(r"(?:ois|ais|ains|iens|eens)$")
# After these, the name of a commune is the commune.
_BEFORE_A_PLACE = frozenset(
    {"a", "vers", "entre", "jusqu", "commune", "ville", "mairie", "village", "secteur", "canton"}
)
# « ladjudant », « cest »: an article or pronoun glued to its word.
_GLUED_ARTICLE = re.compile(r"[ldjmtscn]\w{3}")
_BEFORE_A_NAME = frozenset({",", ";", "et", "&", "/", PERSON_HOLE, "ou", "-"})
# « M. Untel, Mme Autre, … »: how far back a list of names looks for what opens it.
_LIST_REACH = 24

_TOKEN = re.compile(
    r"(?P<elision>(?:[ldjmtscnLDJMTSC]|[qQ][uU]|[jJ]usqu|[lL]orsqu|[pP]uisqu)['’](?=[^\W\d_]))"
    r"|(?P<word>[^\W\d_]+(?:['’\-‑](?=[^\W\d_])[^\W\d_]+)*)|(?P<number>\d+(?:[.,:h]\d+)*)|(?P<line>\n)|(?P<public>\ue002+)|(?P<sign>[^\s\w]|_)"
)


class Token(NamedTuple):
    """A word, number, sign or end of line, and what is known of it."""

    start: int
    end: int
    text: str
    about: About


def tagged_persons(text: str) -> Iterator[Span]:
    """Yield names of persons that the tagger believes in and nothing vetoes.

    >>> text = "Réunis : MM. Sarrabezolles, Duprat et de Boisredon, à Fleurance."
    >>> [text[span.start : span.end] for span in tagged_persons(text)]
    ['Sarrabezolles', 'Duprat', 'de Boisredon']
    """
    tokens = tokens_of(text)
    model = _model()
    model.set(features(text, tokens))
    persons = [1 - model.marginal("O", at) for at in range(len(tokens))]
    opens = [model.marginal("B", at) if person >= BELIEVED else 0.0 for at, person in enumerate(persons)]
    words = Words(text)
    runs = list(_runs(tokens, persons, opens))
    kept = [
        run
        for run in runs
        if not _is_vetoed(words, tokens, *run, is_sure=min(persons[run[0] : run[1] + 1]) >= SURE)
    ]
    listed = {last for _, last in kept} | {at for at, token in enumerate(tokens) if token.text == PERSON_HOLE}
    for run in runs:
        if run not in kept and _is_listed(tokens, *run, listed):
            kept.append(run)
            listed.add(run[1])
    kept += list(_joined_to(tokens, kept))
    yield from (
        Span(tokens[first].start, tokens[last].end, "PERSON", "tagger") for first, last in sorted(kept)
    )


def _is_listed(tokens: Sequence[Token], first: int, last: int, listed: set[int]) -> bool:
    """« Dubosc et Lahitte », « Sarrabezolles et Ducasse »: a town or a word that is joined to a person is one too."""
    inside = tokens[first : last + 1]
    may_be = all(set("vw") & set(token.about.kind) and token.text[0].isupper() for token in inside)
    return may_be and first > 1 and tokens[first - 1].text in _BEFORE_A_NAME and first - 2 in listed


def _joined_to(tokens: Sequence[Token], names: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """« Les policiers Dubosc et Lahitte »: a town or a surname joined to the last of a list that a word announces."""
    leads = _list_leads(tokens) if names else []
    taken = {at for first, last in names for at in range(first, last + 1)}
    for _, last in names:
        at = last + 2
        if at < len(tokens) and at not in taken and leads[at] and tokens[last + 1].text in {"et", "&", "ou"}:
            about_it = tokens[at].about
            if set("vju") & set(about_it.kind) and about_it.shape == "Xx" and "x" not in about_it.kind:
                yield at, at


def repeated_names(text: str, names: frozenset[str]) -> Iterator[Span]:
    """Yield the other places where a surname found once stands, but for streets and schools that bear it."""
    words = Words(text)
    closes = -1
    for at, token in enumerate(words.tokens):
        closes = max(closes, words.last_of_eponym(at) or -1)
        if at > closes and token.plain in names and (token.is_capital or not words.has_capitals):
            yield Span(token.start, token.end, "PERSON", "beside_a_name")


def surnames_of(name: str) -> Iterator[str]:
    """Yield the words of a name by which it may come back alone: no particle, no initial, no word of French."""
    known = lexicon()
    for token in Words(name).tokens:
        if (
            len(token.text) >= MIN_LOWER_NAME
            and token.plain not in known.particles
            and not is_word(token.plain)
            and token.plain not in known.towns
        ):
            yield token.plain


def tokens_of(text: str) -> list[Token]:
    """Cut a canonical text into words, numbers, signs and ends of lines."""
    return [Token(*match.span(), match[0], about(match[0])) for match in _TOKEN.finditer(text)]


def _runs(
    tokens: Sequence[Token], persons: Sequence[float], opens: Sequence[float]
) -> Iterator[tuple[int, int]]:
    """Yield the first and the last token of each name; signs at its edges are left out."""
    at = 0
    while at < len(tokens):
        if persons[at] < BELIEVED:
            at += 1
            continue
        last = at
        while last + 1 < len(tokens) and persons[last + 1] >= BELIEVED and opens[last + 1] < BELIEVED:
            last += 1
        first, end = at, last
        while first <= end and (not tokens[first].text[0].isalpha() or _is_title_of(tokens, first, end)):
            first += 1
        if (
            first > 1
            and tokens[first - 1].text.lower() in _PARTICLES
            and tokens[first - 2].text in _BEFORE_A_NAME
        ):
            first -= 1
        while end >= first and not (tokens[end].text[0].isalpha() or _ends_initial(tokens, end)):
            end -= 1
        if end + 2 < len(tokens) and _is_cut_short(tokens, end + 1):
            end += 1
        if first <= end:
            yield first, end
        at = last + 1


def _is_title_of(tokens: Sequence[Token], at: int, end: int) -> bool:
    """« M. Untel », « Mme veuve Untel »: the title is no part of the name; « M. » alone may be an initial."""
    form = plain(tokens[at].text)
    return (at < end and (form in {"veuve", "vve"} or (form in lexicon().titles and len(form) > 1))) or (
        form == "m"
        and at + 1 < end
        and tokens[at + 1].text == "."
        and tokens[at + 2].start > tokens[at + 1].end
        and at + 2 <= end
        and len(tokens[at + 2].text) > 1
    )


def _is_cut_short(tokens: Sequence[Token], at: int) -> bool:
    """« CAPDEVIELLE Ma. »: a first name cut to two or three letters."""
    return tokens[at].about.shape == "Xx" and len(tokens[at].text) <= 3 and tokens[at + 1].text == "."


def _ends_initial(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at].text == "." and len(tokens[at - 1].text) == 1


# -- vetoes
# -------------------------------------------------------------------------------------------------------


def _is_vetoed(words: Words, tokens: Sequence[Token], first: int, last: int, *, is_sure: bool) -> bool:
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
    is_saint = len(inside) > 1 and plain(inside[0].text) in known.saints
    is_place = (
        is_place
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


# -- features
# -----------------------------------------------------------------------------------------------------


_EDGE = About("^", "^", "^", (), False, False)


def features(text: str, tokens: Sequence[Token]) -> list[list[str]]:
    """Describe each token by itself and its neighbours, as the tagger sees them."""
    letters = sum(map(str.isalpha, text)) or 1
    capitals = sum(map(str.isupper, text))
    style = "U" if capitals > 0.7 * letters else "L" if not capitals else "N"
    abouts = [_EDGE, _EDGE, *(token.about for token in tokens), _EDGE, _EDGE]
    leads = _list_leads(tokens)
    described = []
    line_length = _line_lengths(tokens)
    quoted = opening = False
    for at, token in enumerate(tokens):
        before2, before, here, after, after2 = abouts[at : at + 5]
        is_slip = here.kind == "u" and is_a_slip_of_a_word(plain(token.text))
        sig = f"{here.kind}{'~' * is_slip}/{here.shape}"
        opening = at == 0 or before.kind in {".", "!", "?", "¶", "…", "-", "•", "–"}
        quoted = (quoted or token.text in "«“") and token.text not in "»”"
        described.append([
            style, f"0{sig}", f"s{style}{sig}", f"0w{here.word}", f"o{opening}{style}{sig}",
            f"-1{before.word}", f"-1k{before.kind}{before.shape}", f"+1{after.word}", f"+1k{after.kind}{after.shape}",
            f"-2{before2.word}", f"+2{after2.word}", f"-2k{before2.kind}", f"+2k{after2.kind}",
            f"-1|0{before.word}|{sig}{style}", f"0|+1{sig}|{after.word}{style}", f"k-1|0{before.kind}|{sig}", f"k0|+1{sig}|{after.kind}{after.shape}",
            f"-2|-1{before2.word}|{before.word}|{here.shape}", f"+1|+2{after.word}|{after2.word}|{here.shape}", f"-1|+1{before.word}|{sig}|{after.word}",
            f"l{leads[at]}|{sig}", f"n{line_length[at]}{opening}|{sig}", f"«{quoted}|{sig}",
            *(f"e{end}{here.shape}" for end in here.ends),
        ])  # fmt: skip
    return described


def _list_leads(tokens: Sequence[Token]) -> list[str]:
    """Return, for each token, the word that opens the list of capitalised words it stands in, if it does."""
    leads: list[str] = []
    lead, reach = "", 0
    for at, token in enumerate(tokens):
        leads.append(lead)
        kind = token.about.kind
        is_lead = token.about.announces or token.text in {":", PERSON_HOLE}
        goes_on = (
            token.text in {",", ";", "/", "&", ".", "(", ")", "-", "–", "·", "et", "ou", "avec"}
            or (at and tokens[at - 1].text == "·")
            or token.text[0].isupper()
            or "p" in kind
            or "t" in kind
        )
        if is_lead:
            lead, reach = (
                (token.about.word if token.text != ":" else f":{tokens[at - 1].about.word if at else ''}"),
                0,
            )
        elif not goes_on or reach > _LIST_REACH:
            lead = ""
        reach += 1
    return leads


def _line_lengths(tokens: Sequence[Token]) -> list[str]:
    """Return, for each token, whether its line is short (a signature) and whether it is the only one."""
    lengths: list[str] = []
    start = 0
    for at in range(len(tokens) + 1):
        if at == len(tokens) or tokens[at].text == "\n":
            count = at - start
            size = "1" if count <= 2 else "4" if count <= 4 else "8" if count <= 8 else ""
            where = "" if start or at < len(tokens) else "whole"
            lengths += [size + where] * (count + (at < len(tokens)))
            start = at + 1
    return lengths


@lru_cache(maxsize=1)
def _model_bytes() -> bytes:
    """Return the model; it must outlive the tagger, which reads it where it lies."""
    return resources.files("psq_analysis.privacy").joinpath(MODEL).read_bytes()


@lru_cache(maxsize=1)
def _model() -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(_model_bytes())
    return tagger
