"""Read a text word by word and tell where a name may stand and how far it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from psq_analysis.privacy.name_lexicon import (
    is_borrowed_word,
    is_word,
    lexicon,
    plain,
)

# A text with more capitals than this among its letters is shouted: its capitals say nothing.
SHOUTED_SHARE = 0.7
# Below, a word in lower case that no dictionary knows is a slip of the keyboard rather than a name.
MIN_LOWER_NAME = 4
# « Marie-Hélène de la Tour d'Ornézac » has four words; what goes on longer is a list.
MAX_NAME_WORDS = 4
# « rue du Général de Lattre de Tassigny »: no name of a street is longer.
MAX_EPONYM_WORDS = 7
# Of acronyms met after a function (SARL, HLM, RSI, OPCA), few are longer; surnames in capitals mostly are.
LONGEST_ACRONYM = 4

_WORDS = re.compile(r"[^\W\d_]+(?:[’'\-‑](?=[^\W\d_])[^\W\d_]+)*")
_ELISION = re.compile(r"(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu)[’'](?=[^\W\d_])", re.IGNORECASE)
_BLANKS = "  \t "


class Token(NamedTuple):
    """A word: where it stands, as written, without accents or capitals."""

    start: int
    end: int
    text: str
    plain: str
    is_capital: bool

    @property
    def is_shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


class Name(NamedTuple):
    """The first and the last token of a name, and the rule that saw it."""

    first: int
    last: int
    why: str = ""


def words_of(text: str) -> list[str]:
    """Return the words of a text as written, elided articles not yet cut off."""
    return _WORDS.findall(text)


class Words:
    """The words of one text, and small questions about them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        letters = sum(map(len, (token.text for token in self.tokens)))
        capitals = sum(len(token.text) for token in self.tokens if token.text.isupper())
        self.has_capitals = any(map(str.isupper, text))
        self.is_shouted = letters > MIN_LOWER_NAME and capitals > SHOUTED_SHARE * letters
        self.lexicon = lexicon()

    def gap(self, at: int) -> str:
        """Return what stands between a token and the one before."""
        return self.text[self.tokens[at - 1].end : self.tokens[at].start]

    def next_char(self, at: int) -> str:
        return self.text[self.tokens[at].end : self.tokens[at].end + 1]

    def may_open_a_name(self, at: int) -> bool:
        """Cheap screen: a capital, a first name or a word that announces a name; most words are none of these."""
        token = self.tokens[at]
        is_opener = not self.lexicon.openers.isdisjoint({token.plain, token.plain.removesuffix("s")})
        return token.is_capital or is_opener or "-" in token.plain

    def before(self, at: int) -> str:
        """Return the plain word before a token, empty at the start."""
        return self.tokens[at - 1].plain if at else ""

    def adjoins(self, at: int, allow: str = "") -> bool:
        """True when a token exists and only blanks part it from the word before.

        A full stop after a title, an initial or a shortened rank parts nothing, nor do the characters of
        ``allow``.
        """
        if not 0 < at < len(self.tokens):
            return False
        gap = self.gap(at)
        bare = gap.strip(_BLANKS)
        if bare == ".":
            previous = self.tokens[at - 1]
            is_shortened = (
                previous.plain in self.lexicon.titles or previous.plain in self.lexicon.abbreviated_ranks
            )
            return (
                is_shortened or len(previous.text) == 1 or previous.plain in self.lexicon.name_abbreviations
            )
        return "\n" not in gap and all(char in allow or char in _BLANKS for char in bare)

    def can_be_name(self, at: int, *, towns: bool = False) -> bool:
        """True unless a token is a function, a month…; ``towns``: the name of a town counts (« M. Mirande »)."""
        token = self.tokens[at]
        if not towns and token.plain in self.lexicon.towns:
            return False
        is_too_short = token.is_shouted and not self.is_shouted and len(token.text) < 3
        return token.plain not in self.lexicon.never_names and not is_too_short

    def is_unknown(self, at: int) -> bool:
        return not is_word(self.tokens[at].plain)

    def is_unknown_capital(self, at: int) -> bool:
        """True for a capitalised word of no language we know, long enough for a name and no acronym."""
        token = self.tokens[at]
        return (
            token.is_capital
            and not token.is_shouted
            and len(token.text) > 2
            and self.can_be_name(at)
            and not any(
                is_word(part) or is_borrowed_word(part) for part in token.plain.split("-") if len(part) > 1
            )
        )

    def is_acronym(self, at: int) -> bool:
        """« la petite SARL », « un locataire HLM »: short capitals in a text that has small letters."""
        token = self.tokens[at]
        return not self.is_shouted and token.is_shouted and len(token.text) <= LONGEST_ACRONYM

    def is_first_name(self, at: int) -> bool:
        """True for a first name that is one wherever it stands."""
        token, known = self.tokens[at], self.lexicon
        if self.is_saint(at):
            return False
        if not token.is_capital or self.is_shouted:
            return token.plain in known.certain and self.is_unknown(at) and self._may_be_lower(token)
        if self.is_acronym(at) and len(token.text) < LONGEST_ACRONYM:
            return False
        if token.plain in known.certain:
            is_opening_word = not self.is_unknown(at) and self._opens_sentence(at)
            return not is_opening_word and not self.in_list_of_places(at)
        parts = token.plain.split("-")
        return len(parts) > 1 and all(part in known.first_names for part in parts)

    def _opens_sentence(self, at: int) -> bool:
        return at == 0 or self.text[: self.tokens[at].start].rstrip(' «"(-–•')[-1:] in {
            ".",
            "!",
            "?",
            "\n",
            ":",
            "…",
            "",
        }

    def is_saint(self, at: int) -> bool:
        return self.before(at) in self.lexicon.saints and self.adjoins(at, allow="-")

    def take(
        self,
        at: int,
        *,
        words: bool = False,
        lower: bool = False,
        initials: bool = False,
        towns: bool = False,
    ) -> Name | None:
        """Read the name that starts at a token; None when no name does.

        ``words``: common words count when capitalised (« Mme Boulanger »); ``lower``: words in lower case
        count when no dictionary knows them (« mme dulhac »); ``initials``: « M. D. » counts; ``towns``:
        names of towns count.
        """
        first = last = None
        place = at
        while place < len(self.tokens) and (place == at or self.adjoins(place)):
            token = self.tokens[place]
            if token.plain in self.lexicon.particles and self._leads_to_name(place):
                place += 1
                continue
            is_later = first is not None
            if not self._fits(
                place, is_later=is_later, words=words, lower=lower, initials=initials, towns=towns
            ):
                break
            first, last = (at if first is None else first), place
            if last - first >= MAX_NAME_WORDS or not (
                token.is_capital or token.plain in self.lexicon.first_names
            ):
                break
            place += 1
        return None if first is None or last is None else Name(first, last)

    def take_from_first_name(self, at: int) -> Name:
        """Read a first name and the surname after it, if there is one."""
        token, following = self.tokens[at], at + 1
        rest = None
        if self.adjoins(following):
            next_token = self.tokens[following]
            if token.is_capital and not self.is_shouted:
                rest = self.take(following, words=True, initials=True, towns=True)
            elif self.is_shouted:
                rest = self.take(following)
            elif self.can_be_name(following) and self.is_unknown(following) and not next_token.is_capital:
                rest = Name(following, following) if len(next_token.text) >= MIN_LOWER_NAME else None
        return Name(at, rest.last) if rest else Name(at, at)

    def last_of_eponym(self, at: int) -> int | None:
        """Return the last token of the name of a street, a school, a law… that this token opens, else None."""
        known = self.lexicon
        beside_only = self.tokens[at].plain in known.eponyms_beside
        if not beside_only and self.tokens[at].plain not in known.eponyms:
            return None
        last = at
        for place in range(at + 1, min(at + 1 + MAX_EPONYM_WORDS, len(self.tokens))):
            token = self.tokens[place]
            is_link = token.plain in known.particles and (self.is_shouted or not token.is_capital)
            opens_a_person = last == at and (token.plain in known.titles or (is_link and beside_only))
            if opens_a_person or not self.adjoins(place, allow='-«"'):
                break
            if is_link:
                continue
            ends_in_a_word = self.is_shouted and last > at and is_word(token.plain)
            if ends_in_a_word or not (token.is_capital or token.plain in known.ranks):
                break
            last = place
        return last if last > at else None

    def _fits(
        self, place: int, *, is_later: bool, words: bool, lower: bool, initials: bool, towns: bool
    ) -> bool:
        token = self.tokens[place]
        if len(token.text) == 1 or self._is_shortened(place):
            return initials and (self._is_shortened(place) or self._is_initial(place, is_later=is_later))
        if not self.can_be_name(place, towns=towns and token.is_capital):
            return False
        if token.plain in self.lexicon.certain:
            return token.is_capital or lower
        if self.is_shouted:
            return self.is_unknown(place) or (words and not is_later)
        if token.is_capital:
            same_case = not is_later or token.is_shouted == self.tokens[place - 1].is_shouted
            return self.is_unknown(place) or token.plain in self.lexicon.first_names or (words and same_case)
        after_first_name = self.before(place) in self.lexicon.first_names
        return (
            lower
            and self.is_unknown(place)
            and len(token.text) >= MIN_LOWER_NAME
            and (not is_later or after_first_name)
        )

    def _is_shortened(self, at: int) -> bool:
        """« Ph. Estève »: a shortened first name."""
        token = self.tokens[at]
        return (
            token.is_capital and token.plain in self.lexicon.name_abbreviations and self.next_char(at) == "."
        )

    def _is_initial(self, at: int, *, is_later: bool) -> bool:
        token, after = self.tokens[at], self.next_char(at)
        is_spelled = self.adjoins(at + 1) and len(self.tokens[at + 1].text) == 1
        is_barred = is_spelled or self.is_shouted or after.isalnum() or token.plain in {"a", "y", "x"}
        is_bare = not is_later and not is_barred
        return token.is_capital and (after == "." or is_bare)

    def _leads_to_name(self, place: int) -> bool:
        """True for a particle with a capitalised name after it: « de La Tour », « N'Diaye »."""
        following = place + 1
        while self.adjoins(following) and self.tokens[following].plain in self.lexicon.particles:
            following += 1
        if not self.adjoins(following) or self.is_shouted:
            return False
        token = self.tokens[following]
        of_a_function = token.plain in self.lexicon.functions and not self.tokens[place].is_capital
        return token.is_capital and self.can_be_name(following) and not of_a_function

    def _may_be_lower(self, token: Token) -> bool:
        """« anné » is « année » cut short, no Anne: a final « é » must belong to the name."""
        is_cut = token.text[-1] == "é" and token.plain not in self.lexicon.final_acute
        return len(token.text) >= MIN_LOWER_NAME and not is_cut

    def in_list_of_places(self, at: int) -> bool:
        """« à Laon et à Albert »: the same preposition before another capital, just before."""
        preposition = self.before(at)
        if preposition not in {"a", "vers", "de"}:
            return False
        return any(
            self.tokens[place].plain == preposition
            and self.tokens[place + 1].is_capital
            and self.tokens[place + 1].plain not in self.lexicon.first_names
            for place in range(max(0, at - 5), at - 1)
        )


def _tokens(text: str) -> Iterator[Token]:
    for match in _WORDS.finditer(text):
        start, word = match.start(), match[0]
        elision = _ELISION.match(word)
        if elision and not (word[0] in "NMO" and word[elision.end()].isupper() and not word.isupper()):
            article = word[: elision.end()]
            yield Token(start, start + len(article), article, plain(article[:-1]), article[0].isupper())
            start, word = start + len(article), word[len(article) :]
        yield Token(start, start + len(word), word, plain(word), word[0].isupper())
