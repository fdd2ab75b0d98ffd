"""Find postal addresses: a number and a street, a hamlet with its postcode, a flat in a building, a post-office box.

An address is a start (a numbered way, a place before a postcode, a building) and what may follow it in any
order: building, floor, door, box, postcode and town. A street, a square or a hamlet alone stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from psq_analysis.privacy.spans import Span, any_word, vocabulary

# A street's name in lower case has no visible end; of real ones, all but a few stop after three words.
MAX_LOWER_WORDS = 3
# « bât. C, 2e étage, porte 12, 32500 Fleurance »: no address has more parts after its street.
MAX_PARTS = 6

LONGEST_SHORT = 5  # letters of a way cut short by a full stop: « imp. », « allée. » is written by some

_MONTHS = [
    "janvier",
    "février",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
    "decembre",
]
_WORD = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*"
_LINKS = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "au",
        "aux",
        "à",
        "a",
        "en",
        "sur",
        "sous",
        "lès",
        "lez",
        "d",
        "l",
        "d'",
        "l'",
        "d’",
        "l’",
        "et-du",
    ]
)
_ELIDED = re.compile(r"^[dlDL]['’]")
_STEP = re.compile(
    rf"[ ]*(?P<word>{_WORD}|\d{{1,2}}(?=[ -](?:{'|'.join(_MONTHS)}|[A-Z]))|(?<=ale )\d{{1,4}}|(?<=[DNC] )\d{{1,4}}|n° ?\d{{1,3}}|-\d{{4}}\b)",
    re.IGNORECASE,
)
_REPEATED = r"(?:bis|ter|quater|quinquies|[A-Da-dT])(?![\w'’])"
_NUMBER = rf"(?<![\w.,/°€%-])(?:(?:n° ?|num[ée]ro )?\d{{1,4}}(?: ?{_REPEATED})?(?: ?[-/à&] ?\d{{1,4}}(?: ?{_REPEATED})?(?!\w))?|(?:pk|km) ?\d{{1,3}}(?:[.,]\d)?)"
_TO_WAY = r"(?: ?,? ?(?:(?:de|dans) (?:la |l['’])|du )?| ?[-–] )"
_TOWN = rf"(?:[A-ZÀ-Ý]{_WORD}|[A-ZÀ-Ý])(?:(?: |-)(?:(?:sur|sous|de|du|des|la|le|les|en|lès|d'|l')[ -])?[A-ZÀ-Ý]{_WORD})*"
_ANY_TOWN = rf"(?P<town>{_WORD}(?:[ -](?:(?:sur|sous|de|du|des|la|le|les|en|lès)[ -])*[A-ZÀ-Ý0-9]{_WORD})*)(?: ?cedex)?(?:(?<=edex|EDEX) \d{{1,2}}(?!\d))?"
_POSTCODE_TOWN = re.compile(
    rf"[ \n]?[,;/\-–]?[ \n]?(?:F-|code postal ?:? ?)?(?<!\d)\d{{2}} ?\d{{3}}(?!\d)[ \n,]{{1,2}}{_ANY_TOWN}",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"[ \n]?[,;/(\-–]{0,2}[ \n]?(?:F-)?\d{5}(?!\d)\)?")
_COMMA_TOWN = re.compile(rf" ?, ?(?:à )?(?P<town>{_TOWN})(?= ?(?:[,.;:!?)\n–—]|$))")
_IN_TOWN = re.compile(rf" ?,? (?:à|a) (?P<town>{_TOWN})")
_ID = r"(?:n° ?)?(?:[A-Z]?\d{1,4} ?[A-Za-z]?(?![\w])|[A-Z](?![\w'’]))"
_BUILDING = re.compile(
    rf"[ \n]?[,;/(\-–]?[ \n]?(?:(?:au|à l['’]) ?)?(?:(?:b[âa]t(?:iment)?|esc(?:alier)?|app(?:artemen)?t|appart|apt|entr[ée]e|porte|pte|hall|cage|bloc|tour|logement|lgt|log|bo[îi]te|bal|chambre|bureau|villa|pavillon|lot|parcelle|emplacement)\.? ?{_ID}"
    rf"|\d{{1,2}}(?:er|e|[èe]me|nd|d)? ?(?:[ée]tage|[ée]t\.)(?: ?,? ?(?:gauche|droite|face|porte \w+))?|[ée]tage \d{{1,2}}|rdc\b|rez[- ]de[- ]chauss[ée]e"
    rf"|(?:rés(?:idence)?|lotissement|lieu-?dit|immeuble)\.? (?:(?:les|le|la|l['’]|des|du|de la) ?)?[A-ZÀ-Ý]{_WORD}(?: [A-ZÀ-Ý]{_WORD})*)",
    re.IGNORECASE,
)
_BOX = re.compile(r"[ \n]?[,;–-]?[ \n]?(?<!\w)(?:B\.?P\.?|C\.?S\.?|TSA) ?(?:n° ?)?\d{1,5}(?: ?\d{3})?(?!\d)")
_NUMBER_AFTER = re.compile(
    rf" ?,? ?(?:au )?(?:n° ?|num[ée]ro |num\.? ?)\d{{1,4}}(?: ?{_REPEATED})?(?!\w)|, ?\d{{1,3}}(?: ?{_REPEATED})?(?= ?(?:[,.;)\n]|$)| à [A-Z])"
)
_PLACE_AND_POSTCODE = re.compile(
    rf"(?<![\w'’-])(?P<address>(?:\d{{1,4}}(?: ?{_REPEATED})?,? )?(?:(?:[Aa]u|[ÀàAa]|[Aa]ux|[Ll]e|[Ll]a|[Ll]es|[Ll]ieu-?dit|[ÀàAa] la|[Ee]n) |[Ll]['’])?"
    rf"[«\"]? ?[A-ZÀ-Ý]{_WORD}(?:[ -](?:(?:de|du|des|la|le|les|en|sur)[ -]|[dl]['’])*[A-ZÀ-Ý]{_WORD}){{0,3}} ?[»\"]? ?[,–\n-] ?\d{{5}}(?!\d) {_TOWN})"
)
_NUMBERED_PLACE = re.compile(
    rf"(?<![\w.,/°€%-])\d{{1,4}}(?: ?{_REPEATED})?,? (?:{_WORD} ){{1,5}}?(?<!\d)\d{{5}} {_ANY_TOWN}"
)
_HAMLET = re.compile(
    rf"\b(?:lieu-? ?dit|hameau(?: d[eu]s?)?|ferme|mas|domaine)(?: d[eu]s?| de la)? ?:? ?[«\"]? ?(?:(?:le|la|les|l['’]|au|aux|en|à) ?)*{_WORD}(?: (?:de|du|des|la|le) (?:la )?{_WORD}| [A-ZÀ-Ý]{_WORD})* ?[»\"]?",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:r[ée]sidence|r[ée]s\.|immeuble|imm\.|tour|b[âa]t(?:iment|\.)?|cit[ée]|foyer|hlm|lotissement|lot\.|clos|villa|camping) (?:[^,;.!?\n\d]{1,40}?)(?=[ ,;–-]+(?:\d|b[âa]t|esc|app|apt|entr|porte|hall|cage|bloc|logement|lgt|[ée]tage|n°|chambre|villa|pavillon))",
    re.IGNORECASE,
)
_ROOM = rf"(?:(?:porte|app(?:artemen)?t|appart|apt|logement|lgt|chambre|b[âa]t(?:iment)?|entr[ée]e|escalier|esc|hall|cage)\.? ?{_ID}|\d{{1,2}}(?:er|e|[èe]me|nd|d)? [ée]tage(?: (?:gauche|droite|face))?|rez-de-chauss[ée]e)"
_IN_A_HOME = re.compile(
    rf"(?<!\w)(?P<rooms>{_ROOM}(?:[ ,–-]+{_ROOM}){{0,3}})[ ,–-]+(?:(?:de|dans) (?:la |l['’])|du )?(?:r[ée]sidence|r[ée]s\.|immeuble|tour|b[âa]t(?:iment|\.)?|cit[ée]|foyer|hlm) (?:(?:les|le|la|des|du|de la) |l['’])?{_WORD}(?: (?-i:[A-ZÀ-Ý]){_WORD})*",
    re.IGNORECASE,
)
# « Appt 14, 3 allée des Platanes », « Bât. C – 41 rue … »: what a letter writes above the street
LONGEST_BEFORE = 60
_BEFORE = re.compile(
    rf"(?<!\w)(?P<parts>(?:(?:{_ROOM}|(?:app(?:artemen)?t|apt|b[âa]t(?:iment)?|esc|[ée]t)\.? ?{_ID}|(?:r[ée]sidence|r[ée]s\.|immeuble|imm\.|villa|lotissement|lot\.) (?:(?:les|le|la|des|du|de la) |l['’])?[A-ZÀ-Ý]{_WORD}(?: [A-ZÀ-Ý]{_WORD}){{0,3}})[ ,;–\n-]{{1,3}}){{1,4}})$",
    re.IGNORECASE,
)
_PRECISE = re.compile(r"app|apt|porte|pte|log|lgt|chambre|villa|pavillon|[ée]tage|[ée]t\.", re.IGNORECASE)
_IN_A_DATE = re.compile(rf"(?:{'|'.join(_MONTHS)}|\ben|\bdepuis|ann[ée]es?) $", re.IGNORECASE)
# « limiter à 30 rue Lamartine et à 50 avenue de l'Yser »: a speed, then a street.
_SPEEDS = frozenset({"20", "30", "50", "70", "80", "90", "110", "130"})
_OF_A_SPEED = re.compile(
    r"\b(?:limit|roul|vitesse|zone|flash|plafonn|abaiss|circul|km)[^.;!?\n]*(?:à|a|de|en|sont) $",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"(?:habit\w*|demeur\w*|domicili\w*|r[ée]sid(?:e|es|ent|ant|ons|ait)|log[ée]\w*|vi[ts]|vivons|vivant|adresse|install[ée]e?s?|chez moi|ma maison|la maison d(?:e|u|es|['’]) ?\w+(?:, [^.!?;,\n]{1,25},)?|notre maison|ma ferme|notre ferme)\b[^.!?;\n]{0,25}$",
    re.IGNORECASE,
)
_MAY_BE = re.compile(r"dit\b|\b(?:hameau|r[ée]sidence|immeuble|ferme|mas|domaine)\b", re.IGNORECASE)


def may_hold_an_address(text: str) -> bool:
    """Cheap screen for a text without digits: only a named place where someone lives remains."""
    return bool(_MAY_BE.search(text))


def addresses(text: str) -> Iterator[Span]:
    """Yield addresses; a street, a square or a hamlet without a number stays readable.

    >>> text = "Un deal au 14 rue des Acacias, bât. B, 32000 Auch, et un autre rue Pasteur."
    >>> [text[span.start : span.end] for span in addresses(text)]
    ['14 rue des Acacias, bât. B, 32000 Auch']
    """
    yield from _streets(text)
    for pattern, why in ((_PLACE_AND_POSTCODE, "place_postcode"), (_NUMBERED_PLACE, "place_postcode")):
        yield from (Span(*match.span(), "ADDRESS", why) for match in pattern.finditer(text))
    for match in _BOX.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip(" ,;–-\n"))
        end = _end(text, match.end())
        if end > match.end() or sum(map(str.isdigit, match[0])) > 2:
            yield Span(start, end, "ADDRESS", "post_box")
    for match in _HAMLET.finditer(text):
        end = _end(text, match.end())
        is_hamlet = match[0][0] in "lLhH"
        lives = _LIVES.search(text, max(0, match.start() - 60), match.start())
        has_postcode = re.search(r"\d{5}", text[match.end() : end])
        if has_postcode or (lives and (is_hamlet or end > match.end())) or (is_hamlet and end > match.end()):
            yield Span(match.start(), end, "ADDRESS", "hamlet")
    for match in _HOME.finditer(text):
        end = _end(text, match.end(), towns=False)
        parts = text[match.end() : end]
        if _PRECISE.search(parts) and re.search(r"\d", parts):
            yield Span(match.start(), _end(text, end), "ADDRESS", "flat")
    for match in _IN_A_HOME.finditer(text):
        if _PRECISE.search(match["rooms"]):
            yield Span(match.start(), _end(text, match.end()), "ADDRESS", "flat")


# « une voiture sur 2 rue Gambetta »: a share, and no number of the street
_SHARE = re.compile(r"\b(?:une?|1|2) (?:\w+ )?sur $", re.IGNORECASE)


def _streets(text: str) -> Iterator[Span]:
    for span in _from_the_street(text):
        before = _BEFORE.search(text, max(0, span.start - LONGEST_BEFORE), span.start)
        yield Span(before.start("parts"), span.end, span.type, span.why) if before else span


def _from_the_street(text: str) -> Iterator[Span]:
    for match in _street().finditer(text):
        if _SHARE.search(text, max(0, match.start() - LONGEST_BEFORE), match.start()):
            continue
        end = _name_end(text, match)
        is_other = _IN_A_DATE.search(text, max(0, match.start() - 15), match.start()) or (
            match["number"] in _SPEEDS and _OF_A_SPEED.search(text, max(0, match.start() - 40), match.start())
        )
        if end is None or is_other:
            continue
        number_after = None if match["number"] else _NUMBER_AFTER.match(text, end)
        if number_after:
            yield Span(match.start("street"), _end(text, number_after.end()), "ADDRESS", "street")
        elif match["number"]:
            yield Span(match.start(), _end(text, end), "ADDRESS", "street")
        elif _POSTCODE_TOWN.match(text, end):
            yield Span(match.start(), _end(text, end), "ADDRESS", "street_postcode")


def _name_end(text: str, match: re.Match[str]) -> int | None:
    """Return where the street's name ends, or None when this is no street (« 3 places de parking »)."""
    rest = text[match.end() : match.end() + 40].lower()
    if any(
        rest.startswith(word) and not rest[len(word) : len(word) + 1].isalpha()
        for word in vocabulary()["after_no_street"]
    ):
        return None
    if "." in match[0] and len(match["street"]) > LONGEST_SHORT and "." not in match["street"]:
        return None  # « du lotissement. Témoin n° 2 »: a sentence ended
    place, end = match.end(), None
    lower_words = 0
    has_capital = False
    while step := _STEP.match(text, place):
        word = step["word"]
        place = step.end()
        if word.lower() in _LINKS:
            continue
        core = _ELIDED.sub("", word)
        if core.lower() in _street_stops():
            break
        if core[0].islower() and core.lower() not in _MONTHS:
            lower_words += 1
            if has_capital or lower_words > MAX_LOWER_WORDS:
                break
        has_capital = has_capital or core[0].isupper()
        end = place
    if end is None or has_capital or match["street"].lower() not in _streets_or_nouns():
        return end
    is_certain = _POSTCODE_TOWN.match(text, end) or _LIVES.search(
        text, max(0, match.start() - 60), match.start()
    )
    return end if is_certain else None


def _end(text: str, end: int, *, towns: bool = True) -> int:
    """Follow the parts of an address as far as they go."""
    patterns = (_BUILDING, _BOX, _POSTCODE_TOWN, _COMMA_TOWN, _IN_TOWN, _POSTCODE) if towns else (_BUILDING,)
    for _ in range(MAX_PARTS):
        part = next((found for pattern in patterns if (found := pattern.match(text, end))), None)
        if part is None:
            break
        end = part.end()
        if "town" in part.groupdict() and part.re is not _COMMA_TOWN:
            building = _BUILDING.match(text, end)
            return building.end() if building else end
    return end


@lru_cache(maxsize=1)
def _street() -> re.Pattern[str]:
    streets = any_word(vocabulary()["streets"])
    return re.compile(
        rf"(?:(?P<number>{_NUMBER}){_TO_WAY})?(?<![^\W\d_])(?P<street>{streets})(?!\w)\.?(?=[ '’\-]) ?",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _streets_or_nouns() -> frozenset[str]:
    return frozenset(vocabulary()["streets_or_nouns"])


@lru_cache(maxsize=1)
def _street_stops() -> frozenset[str]:
    return frozenset(vocabulary()["street_stops"])
