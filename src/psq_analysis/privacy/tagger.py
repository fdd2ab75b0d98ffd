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

import pycrfsuite

from psq_analysis.privacy.name_lexicon import (
    PERSON_HOLE,
    About,
    about,
    is_a_slip_of_a_word,
    is_word,
    lexicon,
    plain,
)
from psq_analysis.privacy.name_tokens import MIN_LOWER_NAME, Words
from psq_analysis.privacy.names.vetoes import Token, is_vetoed
from psq_analysis.privacy.spans import Span

MODEL = "persons.crfsuite"
# Believed from this probability on: measured on real comments, docs/privacy.md.
BELIEVED = 0.4
# A capitalised word of French (« Ducasse », « Fouine ») is a name from this one on.
SURE = 0.85
# « Mmes Une et de Deux »: after these, a particle belongs to the name.
_PARTICLES = frozenset({"de", "d'", "d’", "du", "des", "von", "van", "ben", "el", "da", "dos", "di", "del"})
_BEFORE_A_NAME = frozenset({",", ";", "et", "&", "/", PERSON_HOLE, "ou", "-"})
# « M. Untel, Mme Autre, … »: how far back a list of names looks for what opens it.
_LIST_REACH = 24

_TOKEN = re.compile(
    r"(?P<elision>(?:[ldjmtscnLDJMTSC]|[qQ][uU]|[jJ]usqu|[lL]orsqu|[pP]uisqu)['’](?=[^\W\d_]))"
    r"|(?P<word>[^\W\d_]+(?:['’\-‑](?=[^\W\d_])[^\W\d_]+)*)|(?P<number>\d+(?:[.,:h]\d+)*)|(?P<line>\n)|(?P<public>\ue002+)|(?P<sign>[^\s\w]|_)"
)


def tagged_persons(text: str) -> Iterator[Span]:
    """Yield names of persons that the tagger believes in and nothing vetoes.

    >>> text = "Réunis : MM. Sarrabezolles, Duprat et Boisredon, à Fleurance."
    >>> [text[span.start : span.end] for span in tagged_persons(text)]
    ['Sarrabezolles', 'Duprat', 'Boisredon']
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
        if not is_vetoed(words, tokens, *run, is_sure=min(persons[run[0] : run[1] + 1]) >= SURE)
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
    """« Les policiers Dubosc et Lahitte », « Signataires : Abeille, Cluzet »: a town or a word in a list of names that a
    word announces.
    """
    leads = _list_leads(tokens) if names else []
    taken = {at for first, last in names for at in range(first, last + 1)}
    for first, last in names:
        for edge, step in ((first, -1), (last, 1)):
            at = edge + 2 * step
            while (
                0 < at < len(tokens)
                and at not in taken
                and leads[at]
                and _may_stand_in_a_list(tokens, at, step, leads[at])
            ):
                taken.add(at)
                yield at, at
                at += 2 * step


def _may_stand_in_a_list(tokens: Sequence[Token], at: int, step: int, lead: str) -> bool:
    here = tokens[at].about
    kinds = set("vjuzw" if lead.startswith(":") else "vjuz")
    is_name = bool(kinds & set(here.kind)) and here.shape == "Xx" and "x" not in here.kind
    beyond = tokens[at + step].text if 0 <= at + step < len(tokens) else ""
    return (is_name and tokens[at - step].text in {",", "et", "&", "ou"} and not beyond[:1].isalnum()) or (
        is_name and tokens[at - step].text in {"et", "&"} and step == 1
    )


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
        if first <= end and not _ends_a_sentence(tokens, first, end):
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


def _ends_a_sentence(tokens: Sequence[Token], at: int, end: int) -> bool:
    """« 365 j par an. C tou »: a word in lower case and its full stop open no name."""
    kind, text = tokens[at].about.kind, tokens[at].text
    is_noun = "w" in kind and not set("cuj") & set(kind) and text.islower()
    return is_noun and len(text) > 1 and at < end and tokens[at + 1].text == "."


def _is_cut_short(tokens: Sequence[Token], at: int) -> bool:
    """« CAPDEVIELLE Ma. »: a first name cut to two or three letters."""
    return tokens[at].about.shape == "Xx" and len(tokens[at].text) <= 3 and tokens[at + 1].text == "."


def _ends_initial(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at].text == "." and len(tokens[at - 1].text) == 1


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
