"""The name of a group of ideas: the phrase of one of them that says best what all say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from psq_analysis import french
from psq_analysis.text.content_words import content_lemmas
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import lemma

# A longer phrase takes the place of the commonest word alone when one in fifty uses it.
FULLER = 0.02
# One writer in ten who sets the accents knows better than nine who leave them out.
ACCENTED = 0.1
# A word that one in three uses is the group's; a rarer one is its writer's.
SHARED = 1 / 3
# What points at another sentence: « ces deux fichiers », « celui qui écoute », « sinon »
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:ces?|cet|cette|celui|celle|ceux|celles|cela|ca|sinon|elles?|ils?|lui|leurs?|eux|aussi|egalement|encore|donc|alors|surtout|notamment|ajout\w*|dont|lequel|laquelle|idem|ci dessus)\b"
)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
# Where a phrase may end before it tells one writer's case: « une ronde | à l'arrivée du train »; « de » holds words together.
_CASE = re.compile(
    r"\s+(?:à|a|au|aux|sur|dans|pour|avec|par|chez|devant|depuis|en|vers|entre|plutôt)\s+.*",
    re.IGNORECASE | re.DOTALL,
)
# From so many people on, what one of them alone says does not name the group.
MANY = 20
# What a word alone lacks beside a phrase, in words of one writer: « répondre » says less than « répondre au courrier »
LONE = 1.5
# Words that make a phrase longer and no clearer
_VAGUE = re.compile(
    r"choses?|gens|personnes?|monde|fait|trucs?|possibilites?|situations?|tout|tous|toutes?|plus|moins|beaucoup|bien|tres|toujours|mieux|encore|\w+ment"
)
_MORE = re.compile(r"(?:plus|davantage|moins|mettre|avoir|creer|installer|pas|\w+(?:er|ir|re)) ")


class Wording(NamedTuple):
    """A phrase one respondent used; ``rank`` is 0 for an infinitive or a noun, 1 for an order, 2 for another verb."""

    text: str
    rank: int
    respondent: str


def name(
    wordings: Sequence[Wording],
    *,
    may_be_quoted: Callable[[str], bool],
    common: Callable[[str], bool] = lambda word: False,
    is_brief: bool = False,
    is_alone: bool = False,
    is_cut: bool = False,
) -> str | None:
    """Return the commonest phrase, in its best spelling; where none is repeated, the one whose words most others share.

    A phrase that points at another sentence (« ces deux fichiers ») comes last. A phrase of two meaningful words goes before a shorter one, an infinitive or a noun before another verb. Words that
    fewer than one in three use make a phrase too particular, unless they are ``common`` to the whole group. Where ``is_brief``, one word is enough (« Cambriolages »), and so
    where ``is_alone``: the action is understood without an object (« Sanctionner »). Where ``is_cut``, phrases may end before one writer's place, time or means.

    >>> said = [Wording(text, 0, str(number)) for number, text in enumerate(
    ...     ["sanctionner", "sanctionner", "Sanctionner les incivilites", "sanctionner les incivilités"])]
    >>> name(said, may_be_quoted=lambda text: True)
    'Sanctionner les incivilités'
    """
    by_form: dict[str, list[Wording]] = defaultdict(list)
    for wording in (*wordings, *(_without_case(wordings, common) if is_cut else ())):
        form = " ".join(unaccent(wording.text).split())
        by_form[form.rstrip("sx") if is_brief else form].append(wording)
    people = {form: len({one.respondent for one in said}) for form, said in by_form.items()}
    words = {form: _meaning(said[0].text) for form, said in by_form.items()}
    shared = Counter(
        word for form, said in by_form.items() for word in words[form] for _ in range(people[form])
    )
    everyone = max(len({one.respondent for one in wordings}), 1)
    repeated = 2 if everyone >= MANY else 1
    commonest = max(people.values(), default=0)

    def order(form: str) -> tuple[object, ...]:
        said = words[form]
        particular = sum(not common(word) and shared[word] < SHARED * everyone for word in said)
        particular += sum(word.isdigit() for word in form.split())
        is_full = is_brief or (
            len([word for word in _LONG_WORD.findall(form) if not _VAGUE.fullmatch(word)]) >= 2
            and people[form] >= max(repeated, FULLER * commonest)
        )
        known = sum(shared[word] for word in said) / (max(len(said), 1) * everyone)
        rank = min(one.rank for one in by_form[form])
        return (
            _POINTS_ELSEWHERE.search(form) is not None,
            rank > 1,
            not any(map(common, said)),
            particular + (0 if is_full or (is_alone and rank == 0) else LONE),
            not is_full,
            -people[form],
            _MORE.match(form) is None,
            rank,
            -known,
            len(form),
            form,
        )

    for form in sorted(by_form, key=order):
        best = _best_spelling([one.text for one in by_form[form]], is_brief=is_brief)
        if may_be_quoted(best):
            return best
    return None


def _meaning(text: str) -> list[str]:
    """The meaningful words of a phrase; of one made of thin words alone (« donner les moyens »), its long words."""
    thin = [unaccent(lemma(word)) for word in _LONG_WORD.findall(text)]
    return list(dict.fromkeys(content_lemmas(text))) or list(dict.fromkeys(thin))


def _without_case(wordings: Sequence[Wording], common: Callable[[str], bool]) -> list[Wording]:
    """The phrases cut before the place, the time or the means of one writer's case; what the whole group says stays."""
    cut = [(one, _CASE.sub("", one.text)) for one in wordings]
    return [
        one._replace(text=text)
        for one, text in cut
        if text != one.text
        and content_lemmas(text)
        and not any(map(common, content_lemmas(one.text[len(text) :])))
    ]


def _best_spelling(texts: Sequence[str], *, is_brief: bool) -> str:
    """The commonest spelling among those with most accents, with a capital and small letters; a lone noun in the plural."""
    tidy = Counter(" ".join(text.lower().split() if text.isupper() else text.split()) for text in texts)
    least = ACCENTED * sum(tidy.values())
    written = [text for text, count in tidy.items() if count >= least]
    plural = [text for text in written if text.endswith("s")] if is_brief else []
    written = plural or written
    accents = max(_accents(text) for text in written)
    among = [text for text in written if _accents(text) == accents]
    chosen = min(among, key=lambda text: (-tidy[text], text.lower() != text, text))
    return french.capitalised(chosen.rstrip(" .,;"))


def _accents(text: str) -> int:
    return (
        sum(one != two for one, two in zip(text.lower(), unaccent(text), strict=False))
        if len(text) == len(unaccent(text))
        else 1
    )
