"""The words that name a demand: a phrase people really used, corrected in agreement and capitals only."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from psq_analysis.demands.asking import Ask
from psq_analysis.demands.grammar import NOUNS, VERBS, children

# More words are no longer a name; two are enough for most actions on an object.
MAX_WORDS = 8
_TIGHT = (
    "det",
    "amod",
    "nummod",
    "case",
    "fixed",
    "advmod",
    "nmod",
    "obl:arg",
    "flat:name",
    "goeswith",
    "compound",
)
_LEADING = frozenset(
    ["et", "mais", "surtout", "donc", "aussi", "enfin", "puis", "ou", "car", "alors", "déjà", "vraiment"]
)
_PLACES_BY = (
    "a",
    "à",
    "au",
    "aux",
    "dans",
    "sur",
    "devant",
    "autour",
    "près",
    "en",
    "chez",
    "de",
    "du",
    "des",
    "d'",
)


def phrase(doc: Doc, ask: Ask) -> str | None:
    """Return the words of an ask: its verb with its object, or its noun with what specifies it; None when they lie apart.

    >>> from psq_analysis.demands.grammar import parse
    >>> from psq_analysis.demands.asking import asks
    >>> doc = next(parse(["Il faudrait vraiment rouvrir la brigade du village, qui ferme."]))
    >>> phrase(doc, asks(doc)[0])
    'rouvrir la brigade du village'
    """
    head = doc[ask.head]
    kept = {head.i}
    for child in head.children:
        if child.i < head.i and (
            child.dep_ == "det" or child.text.lower() in ("ne", "n'", "pas", "plus", "se", "s'", "y", "en")
        ):
            kept.add(child.i)
        if child.pos_ == "ADV" and child.i > head.i and child.i - head.i <= 2:
            kept.add(child.i)
        if child.dep_ == "aux:caus" or (child.dep_ == "cop" and child.text.lower() == "être"):
            kept.add(child.i)
    if _is_caused(head):
        kept.add(head.i - 1)
    if ask.noun >= 0:
        noun = doc[ask.noun]
        kept |= _tight(noun)
        while noun.i not in (head.i, noun.head.i):  # the words between: « mettre en place plus de … »
            noun = noun.head
            if noun.i < head.i:
                break
            kept.add(noun.i)
            kept |= {
                child.i
                for child in noun.children
                if child.dep_ in ("det", "case", "fixed") and child.i >= head.i
            }
    elif head.pos_ in NOUNS:
        kept |= _tight(head)
    first, last = min(kept), max(kept)
    while first < last and doc[first].text.lower() in _LEADING:
        first += 1
    words = doc[first : last + 1]
    spoken = [word for word in words if not word.is_punct]
    if words.text.endswith("-"):  # « savoir-être » cut in two
        return None
    if (
        len(words) - len(kept) > 2
        or len(spoken) > MAX_WORDS
        or any(word.text in ".,;:!?()\n«»/+" for word in words)
    ):
        return None
    return words.text.strip(" ,")


def _is_caused(head: Token) -> bool:
    """Whether « faire » or « laisser » stands before a verb, however it was parsed: « faire payer »."""
    before = head.doc[head.i - 1] if head.i else None
    return (
        before is not None
        and head.pos_ in VERBS
        and before.text.lower() in ("faire", "laisser", "fasse", "fassent", "fait", "font")
    )


def place(doc: Doc, ask: Ask) -> str | None:
    """Return where an ask is to be done, as written: « devant le collège », « à Nogaro »; None when it does not say."""
    heads = [doc[ask.head], *([doc[ask.noun]] if ask.noun >= 0 else [])]
    for head in heads:
        for child in children(head, "obl:mod", "obl:arg", "nmod"):
            preposition = next((c.text.lower() for c in child.children if c.dep_ == "case"), "")
            is_named = (
                child.pos_ == "PROPN"
                and preposition in _PLACES_BY
                and child.text[:1].isupper()
                and not child.text.isupper()
            )
            is_local = (
                preposition in ("dans", "sur", "devant", "autour", "chez") or child.text.lower() in _LOCAL
            )
            if child.pos_ in NOUNS and (is_named or (is_local and child.text.lower() in _LOCAL)):
                words = sorted(_tight(child))
                return doc[words[0] : words[-1] + 1].text
    return None


_LOCAL = frozenset(
    [
        "école",
        "écoles",
        "collège",
        "collèges",
        "lycée",
        "lycées",
        "gare",
        "village",
        "villages",
        "quartier",
        "quartiers",
        "rue",
        "rues",
        "ville",
        "villes",
        "campagne",
        "centre",
        "transports",
        "bus",
        "train",
        "parking",
        "place",
        "marché",
        "hall",
        "halls",
        "immeuble",
        "immeubles",
        "plage",
        "route",
        "routes",
        "mairie",
        "commune",
        "communes",
        "commissariat",
        "brigade",
        "gendarmerie",
        "hôpital",
        "zone",
        "zones",
        "banlieues",
        "banlieue",
        "cité",
        "cités",
        "terrain",
        "prison",
    ]
)


def _tight(noun: Token) -> set[int]:
    """A noun and the words that hold close to it; relative clauses and what is joined to it stay out."""
    kept = {noun.i}
    for child in noun.children:
        if child.dep_ in _TIGHT and abs(child.i - noun.i) <= 5:
            kept.add(child.i)
            if child.dep_ in ("nmod", "obl:arg"):
                kept |= {
                    inner.i
                    for inner in child.children
                    if inner.dep_ in ("det", "case", "amod", "fixed", "nmod")
                }
                for inner in child.children:
                    if inner.dep_ == "nmod":
                        kept |= {deep.i for deep in inner.children if deep.dep_ in ("det", "case")}
    return kept
