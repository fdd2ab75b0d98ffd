"""What a sentence asks: an action on an object, read in its grammar.

The request may open the sentence (« il faudrait … », « nous demandons … », « deux gendarmes suffiraient »), be an order
(« rouvrez »), a wish (« que la mairie pose … »), a bare infinitive or a bare noun (« plus de patrouilles »). What only
carries it (mettre, avoir, plus de, mise en place de) gives way to what is wanted.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc, Token

from psq_analysis.demands.grammar import (
    NOUNS,
    VERBS,
    children,
    is_conditional,
    is_imperative,
    is_infinitive,
    is_negated,
    is_past,
    word_lemma,
)
from psq_analysis.packaged import read_yaml

_UNDER = ("xcomp", "ccomp", "csubj", "acl", "advcl")


class Ask(NamedTuple):
    """One thing asked: lemmas without accents, and the words they come from (positions in the sentence)."""

    action: str  # the verb, or "" where only a thing is named
    object: str  # the noun acted upon, or ""
    complements: tuple[str, ...]  # what says which: « de proximité », « municipale »
    is_negative: bool
    is_strong: bool  # the grammar asks; otherwise only the intention of the idea tells
    is_bare: bool  # a noun alone, without a quantity or an indefinite article
    head: int
    noun: int  # -1 where there is no object


@cache
def asking_words() -> dict[str, frozenset[str]]:
    """Return the lists of ``asking.yml``."""
    lists = read_yaml("psq_analysis.demands", "asking.yml")
    return {name: frozenset(map(str, words)) for name, words in lists.items()}


def asks(doc: Doc) -> list[Ask]:
    """Return what a parsed text asks, in the order of the text.

    >>> from psq_analysis.demands.grammar import parse
    >>> [(ask.action, ask.object) for ask in asks(next(parse(["Il faudrait rouvrir la brigade et éclairer la gare."])))]
    [('rouvrir', 'brigade'), ('eclairer', 'gare')]
    """
    reader = _Reader()
    for word in doc:
        if word.dep_ == "ROOT" and not word.is_punct:
            reader.read(word)
    unique = {(ask.head, ask.noun): ask for ask in reversed(reader.found)}
    return sorted(unique.values(), key=lambda ask: (ask.head, ask.noun))


class _Reader:
    """Walks down a sentence from its root to what is asked."""

    def __init__(self) -> None:
        self.found: list[Ask] = []
        self._seen: set[int] = set()

    def read(self, word: Token, *, strong: bool = False, negative: bool = False, asked: bool = False) -> None:
        if word.i in self._seen:
            return
        self._seen.add(word.i)
        copula = children(word, "cop")
        if word.pos_ in VERBS:
            self._verb(word, strong, negative ^ is_negated(word), asked, negative)
        elif word.pos_ == "ADJ" or (copula and word.pos_ not in NOUNS):
            self._adjective(word, copula, strong, negative, asked)
        elif word.pos_ in (*NOUNS, "ADV", "NUM", "PRON", "DET"):
            self._noun_phrase(word, copula, strong, negative, asked)

    def _verb(self, word: Token, strong: bool, negative: bool, asked: bool, outer: bool) -> None:
        """A verb: a request, the contrary of one, a cause, an action; a plain statement is searched for requests."""
        words, lemma = asking_words(), word_lemma(word)
        if lemma in words["endured"] or _is_condition(word):
            return
        if lemma in words["requests"] and self._request(word, strong, negative, asked=asked, outer=outer):
            return
        under = children(word, "xcomp", "ccomp")
        is_order = is_imperative(word) or _is_wish(word)
        if (is_conditional(word) and lemma in words["would_do"] and not asked) or not (
            asked or is_order or (is_infinitive(word) and not _is_aim(word))
        ):
            self._statement(word, lemma)
            return
        strong = strong or is_order
        stopped = under or children(word, "obj", "obl:arg")
        if lemma in words["stop"] and stopped:
            for target in stopped:
                self.read(target, strong=strong, negative=not negative, asked=True)
        elif lemma in words["causative"] and any(map(is_infinitive, under)):
            for target in under:
                self.read(target, strong=strong, negative=negative, asked=True)
        else:
            self._action(word, lemma, negative, strong)
        for other in children(word, "conj"):
            self.read(other, strong=strong, negative=outer, asked=not children(other, "nsubj"))

    def _statement(self, word: Token, lemma: str) -> None:
        """A plain statement: the subject of « suffirait » is asked; what is joined to any other may ask."""
        if is_conditional(word) and lemma in asking_words()["would_do"]:
            for subject in children(word, "nsubj"):
                if subject.pos_ in NOUNS or is_infinitive(subject):
                    self.read(subject, strong=True, asked=True)
            return
        for other in children(word, "conj", "parataxis", "ccomp", "dep"):
            if other.pos_ in VERBS:
                self.read(other)

    def _request(self, word: Token, strong: bool, negative: bool, *, asked: bool, outer: bool) -> bool:
        """What stands under a verb of request; whether that is all the verb has to say."""
        words, lemma = asking_words(), word_lemma(word)
        under = children(word, "xcomp", "ccomp")
        nouns = children(word, "obj", "obl:arg") if lemma not in words["modals"] else []
        targets = under + [noun for noun in nouns if noun.pos_ in (*NOUNS, "ADV", "NUM")] + _quantities(word)
        if lemma in words["possible"] and not (is_conditional(word) or asked or is_infinitive(word)):
            return True
        now_strong = strong or (not is_past(word) and self._requests(word, lemma, asked))
        for target in targets:
            self.read(target, strong=now_strong, negative=negative, asked=True)
        for other in children(word, "conj"):
            self.read(other, strong=strong, negative=outer, asked=asked and not children(other, "nsubj"))
        return bool(targets) or lemma in words["modals"]

    def _requests(self, word: Token, lemma: str, asked: bool) -> bool:
        """Whether a verb of request is one here: « la police doit », « il faudrait », not « on nous demande »."""
        subjects = {word_lemma(child) for child in children(word, "nsubj", "expl:subj")}
        if lemma in asking_words()["reported"] and "on" in subjects:
            return False
        return lemma in asking_words()["always_ask"] or is_conditional(word) or asked

    def _adjective(self, word: Token, copula: list[Token], strong: bool, negative: bool, asked: bool) -> None:
        under = children(word, *_UNDER)
        lemma = word_lemma(word)
        if lemma in asking_words()["request_adjectives"] and (copula or under):
            for target in under:
                if target.pos_ in (*VERBS, "NOUN"):
                    self.read(target, strong=True, asked=True)
        elif asked or not copula or is_infinitive(copula[0]):
            is_denied = negative ^ (bool(copula) and (is_negated(word) or is_negated(copula[0])))
            self.found.append(Ask(lemma, "", (), is_denied, strong, False, word.i, -1))
            for other in children(word, "conj"):
                self.read(other, strong=strong, negative=negative, asked=True)

    def _noun_phrase(
        self, word: Token, copula: list[Token], strong: bool, negative: bool, asked: bool
    ) -> None:
        words, lemma = asking_words(), word_lemma(word)
        if lemma in words["request_nouns"]:
            whose = (
                () if lemma in words["never_things"] else NOUNS
            )  # « le rôle de la police » asks for no police
            under = [
                child
                for child in children(word, *_UNDER, "nmod", "obl:arg", "obl:mod")
                if child.pos_ in (*VERBS, *whose)
            ]
            for target in under:
                self.read(target, strong=True, negative=negative, asked=True)
            if under or copula or lemma in words["never_things"]:
                return
        is_statement = copula or any(
            child.pos_ in VERBS and child.dep_ in ("aux", "cop") for child in word.children
        )
        if (is_statement or children(word, "nsubj", "iobj", "expl:subj")) and not asked:
            return
        self._thing(word, negative, strong)
        for other in children(word, "conj", "parataxis", "appos", "list", "dep"):
            if other.pos_ in (*NOUNS, *VERBS, "ADV", "ADJ"):
                self.read(other, strong=strong, negative=negative, asked=other.dep_ == "conj")

    def _action(self, word: Token, lemma: str, negative: bool, strong: bool) -> None:
        """A verb that is asked, with each of its objects; « faire respecter » is not « respecter »."""
        causing = [*children(word, "aux:caus", "dep"), *([word.head] if word.dep_ in _UNDER else [])]
        if lemma in asking_words()["caused"] and any(word_lemma(one) == "faire" for one in causing):
            lemma = f"faire {lemma}"
        objects = [
            noun
            for relations in (("obj", "nsubj:pass"), ("obl:arg",))
            for noun in children(word, *relations)
            if noun.pos_ in (*NOUNS, "ADV") and not _is_time(noun)
        ] or _quantities(word)
        if lemma in ("mettre", "remettre") and len(objects) > 1:
            objects = [noun for noun in objects if word_lemma(noun) != "place"]
        if not objects and lemma in asking_words()["light"]:
            adjectives = [child for child in children(word, "xcomp") if child.pos_ == "ADJ"]
            if adjectives:
                self.found.append(
                    Ask(word_lemma(adjectives[0]), "", (), negative, strong, False, word.i, adjectives[0].i)
                )
                return
            objects = [
                noun for noun in children(word, "obl:mod") if noun.pos_ in NOUNS and not _is_time(noun)
            ]
        if not objects:
            beside = tuple(
                word_lemma(child) for child in children(word, "obl:mod", "obl:arg", "advmod", "xcomp")
            )
            self.found.append(Ask(lemma, "", beside[:3], negative, strong, False, word.i, -1))
            return
        around = tuple(word_lemma(child) for child in children(word, "obl:mod") if child.pos_ in NOUNS)[:2]
        for noun in [objects[0], *(n for n in children(objects[0], "conj") if n.pos_ in NOUNS)]:
            meant = _meant(noun)
            self.found.append(
                Ask(lemma, word_lemma(meant), (*_complements(meant), *around), negative ^ _is_none(noun), strong, False, word.i, meant.i)
            )  # fmt: skip

    def _thing(self, word: Token, negative: bool, strong: bool) -> None:
        """A noun that is asked for by itself: « plus de patrouilles », « une patrouille à pied »."""
        meant = _meant(word)
        quantity = {
            child.text.lower() for child in word.children if child.pos_ in ("ADV", "DET", "NUM", "ADP")
        }
        quantity.add(word.text.lower())
        if meant.pos_ in VERBS:
            self._action(meant, word_lemma(meant), negative, strong)
            return
        is_more = (bool(quantity & {"plus", "davantage"}) and meant.i != word.i) or "davantage" in quantity
        first = word.doc[word.left_edge.i].text.lower()
        is_denied = negative ^ (_is_none(word) or first in ("pas", "aucun", "aucune"))
        determiner = {child.text.lower() for child in word.children if child.pos_ in ("DET", "NUM")}
        is_bare = not is_more and not determiner - {"le", "la", "les", "l'", "du"} and not strong
        action = "reduire" if quantity & {"moins"} else ""
        self.found.append(
            Ask(action, word_lemma(meant), _complements(meant), is_denied, strong or is_more or bool(action), is_bare, word.i, meant.i)
        )  # fmt: skip


def _is_condition(word: Token) -> bool:
    return any(child.dep_ == "mark" and child.text.lower() in ("si", "s'") for child in word.children)


def _is_wish(word: Token) -> bool:
    """« Que la mairie pose des caméras »."""
    return word.dep_ == "ROOT" and any(
        child.dep_ == "mark" and child.text.lower() in ("que", "qu'") for child in word.children
    )


def _is_aim(word: Token) -> bool:
    """« Pour lutter, … » says why, not what."""
    return any(child.text.lower() in ("pour", "afin", "sans") for child in children(word, "mark", "case"))


def _quantities(word: Token) -> list[Token]:
    """« Il faudrait plus de patrouilles »: the quantity that holds the noun, taken for an adverb of the verb."""
    return [
        child
        for child in children(word, "advmod")
        if child.text.lower() in ("plus", "davantage", "moins", "beaucoup")
        and any(one.pos_ in NOUNS for one in child.children)
    ]


def _meant(noun: Token) -> Token:
    """The noun behind those that only introduce it: « plus de », « la mise en place de », « une campagne de »."""
    light = asking_words()["light_nouns"]
    for _ in range(4):
        lemma = word_lemma(noun)
        if noun.pos_ not in ("ADV", "NUM", "DET", "PRON") and lemma not in light:
            break
        if lemma == "mise":
            behind = [
                w
                for w in noun.subtree
                if w.pos_ in NOUNS and word_lemma(w) not in ("mise", "place", "oeuvre")
            ]
        else:
            behind = [
                child
                for child in children(noun, "nmod", "obl:arg", "obj", "dep", "obl:mod", "acl")
                if child.pos_ in (*NOUNS, "VERB") and not _is_time(child)
            ]
        if not behind:
            break
        noun = behind[0]
    return noun


def _complements(noun: Token) -> tuple[str, ...]:
    named = [child for child in children(noun, "nmod", "obl:arg") if child.pos_ in NOUNS]
    qualified = [
        child for child in children(noun, "amod", "nummod") if child.pos_ in ("ADJ", "NOUN", "VERB", "NUM")
    ]
    deeper = [child for one in named[:1] for child in children(one, "nmod") if child.pos_ in NOUNS]
    beside = [noun.nbor(step) for step in (-1, 1) if 0 <= noun.i + step < len(noun.doc)]
    counted = [word for word in beside if word.text.lower() in ("zéro", "zero", "0", "o")]
    return tuple(word_lemma(word) for word in (*named[:2], *qualified[:2], *deeper[:1], *counted))


def _is_none(noun: Token) -> bool:
    around = {child.text.lower() for child in noun.children if child.dep_ in ("det", "advmod")}
    return bool(around & {"aucun", "aucune", "pas"}) or noun.text.lower() == "pas"


def _is_time(noun: Token) -> bool:
    return word_lemma(noun) in asking_words()["times"]
