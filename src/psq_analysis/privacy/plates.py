"""Find number plates: French ones of 2009, before, provisional and of trade, and those of other countries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from psq_analysis.privacy.spans import ANNOUNCED_WITHIN, Span, announced, vocabulary, words_of

_LETTER = "[A-HJ-NP-TV-Z]"
_SIGN = r"( ?[.\-–·_/] ?| ?)"
_NEW_PLATE = re.compile(
    rf"(?<![\w-])(?<!\w[./])(?P<first>{_LETTER}{{2}}){_SIGN}\d{{3}}{_SIGN}(?P<last>{_LETTER}{{2}})(?![\w-])",
    re.IGNORECASE,
)
_OLD_PLATE = re.compile(
    rf"(?<![\w,.-])\d{{1,4}}{_SIGN}(?P<last>{_LETTER}{{2,3}}){_SIGN}(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6])(?![\w°%€]|[.,]\d|-\d)",
    re.IGNORECASE,
)
# Signs of a trade, mopeds, and the plates of neighbours: hyphens and capitals make them what they are.
_JOINED = re.compile(
    r"(?<![\w-])(?:W[- ]?\d{3}[- ][A-Z]{2}|\d-[A-Z]{3}-\d{3}|[A-Z]{1,3}-[A-Z]{1,2} ?-?\d{2,4}|[A-Z]{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}"
    r"|\d{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}|\d-[A-Z]{3}-\d{2}|\d{2}-[A-Z]{3}-\d|[A-Z]{2}\d{2} ?[A-Z]{3})(?![\w-])"
)
_ROADS = frozenset({"RD", "RN", "VC", "CD", "CR"})
_ROAD = re.compile(r"\b(?:RD|RN|VC|CD|CR|D|N) ?$")
_MEASURES = frozenset({"HT", "KM", "KG", "GO", "MO", "HA", "CM", "MM"})
# « en Mégane », « une 308 grise », « sa Dacia »: a car by its model, just before its plate
_CAR = re.compile(
    r"\b(?:en|une?|sa|son|la|le|ma|mon|leur|cette|ce|d['’]une?)\s+(?:\w+\s+){0,2}(?:[A-Z][\w-]+|\d{3,4})(?:\s+[a-zéè]+){0,2}[\s,(]+$"
)
# « 438 217 NC »: New Caledonia, its number in one run or two; French Polynesia and Wallis beside a vehicle.
_OVERSEAS = re.compile(r"(?<![\w,.-])\d{2,3} ?\d{3} ?(?P<where>NC|P|WF)(?![\w-])")
# A plate that a word announces may have any shape with letters and digits.
_JOINS = re.compile(r"[ .\-]{1,2}")
_GROUP = re.compile(r"[A-Za-z0-9]+")
# A plate has five to nine signs.
_FEWEST, _MOST = 5, 9
# « véhicule : une Dacia Sandero blanche, … »: a vehicle is described before its plate.
VEHICLE_WITHIN = 60


def plates(text: str) -> Iterator[Span]:
    """Yield number plates.

    Written in lower case with blanks, a plate needs a vehicle before it: « de 300 en moyenne » has the same shape.

    >>> text = "La moto (ab-123-cd) et la plaque belge 1-XKD-472, à plus de 300 en ligne droite."
    >>> sorted({text[span.start : span.end] for span in plates(text)})
    ['1-XKD-472', 'ab-123-cd']
    """
    for pattern, is_new in ((_NEW_PLATE, True), (_OLD_PLATE, False)):
        for match in pattern.finditer(text):
            if _is_french(text, match, is_new=is_new):
                yield Span(*match.span(), "PLATE", "plate_new" if is_new else "plate_old")
    for match in _JOINED.finditer(text):
        is_certain = (
            match[0][0].isdigit() and match[0].count("-") > 1 and not match[0].replace("-", "").isdigit()
        )
        if is_certain or announced(
            text, match.start(), words_of("vehicle", "plate_words", "of_elsewhere"), within=VEHICLE_WITHIN
        ):
            yield Span(*match.span(), "PLATE", "plate_foreign")
    for match in _OVERSEAS.finditer(text):
        if match["where"] == "NC" or announced(text, match.start(), words_of("vehicle", "plate_words"), within=VEHICLE_WITHIN):  # fmt: skip
            yield Span(*match.span(), "PLATE", "plate_foreign")
    for word in words_of("plate_words", "of_elsewhere").finditer(text):
        yield from _announced_plates(text, word)


def _is_french(text: str, match: re.Match[str], *, is_new: bool) -> bool:
    if match["last"].upper() in {"PR", "PK"} and (
        match["first"].upper() in _ROADS if is_new else _ROAD.search(text, 0, match.start())
    ):
        return False  # « RD 931 PR 14+300 »: a place on a road
    letters = [group for name, group in match.groupdict().items()]
    signs = [group.strip() for group in match.groups() if group is not None and not group.strip(" .-–·_/")]
    is_blank = not any(signs) and " " in match[0]
    is_glued = not any(signs) and " " not in match[0]
    are_words = [group.lower() in vocabulary()["not_plate_letters"] for group in letters]
    has_word = any(are_words)
    if is_new and all(are_words) and not all(group.isupper() for group in letters):
        return False
    is_capital = all(group.isupper() for group in letters) and not _shouted_around(text, match)
    if is_new and is_blank and is_capital and _sets_apart(text, match):
        return True  # « rôde en Mégane GB 902 HT »: pairs of capitals around a number, among small letters
    if has_word and (is_blank or is_glued or not is_new):
        lists = ("plate_words", "vehicle") if is_capital else ("plate_words",)
        return announced(text, match.start(), words_of(*lists))
    if is_capital or not is_blank:
        return True
    return announced(text, match.start(), words_of("vehicle", "plate_words"), within=VEHICLE_WITHIN)


def _sets_apart(text: str, match: re.Match[str]) -> bool:
    """No amount nor measure, and no capitals beside; else a car must stand before."""
    before, after = text[: match.start()].split()[-1:], text[match.end() :].split()[:1]
    beside = [word.strip(".,;:()") for word in (*before, *after)]
    is_alone = not any(word.isupper() and len(word) > 1 for word in beside) and match["last"] not in _MEASURES
    return is_alone or _CAR.search(text, max(0, match.start() - 30), match.start()) is not None


def _shouted_around(text: str, match: re.Match[str]) -> bool:
    """True in a text all in capitals, where capitals prove nothing."""
    around = text[max(0, match.start() - 30) : match.start()] + text[match.end() : match.end() + 30]
    return not any(char.islower() for char in around) and sum(char.isalpha() for char in around) > 8


def _announced_plates(text: str, word: re.Match[str]) -> Iterator[Span]:
    """Yield the groups of letters and digits after « plaque », « immatriculé », « allemande »."""
    window = text[word.end() : word.end() + ANNOUNCED_WITHIN]
    stop = re.search(r"[;!?\n\ue000\ue001]|\.\s", window)
    end = word.end() + (stop.start() if stop else len(window))
    any_case = word[0].lower() not in vocabulary()["of_elsewhere"]
    run: list[re.Match[str]] = []
    for group in (*_GROUP.finditer(text, word.end(), min(len(text), end + _MOST)), None):
        joins = group and (not run or _JOINS.fullmatch(text, run[-1].end(), group.start()))
        if group and joins and _is_sign(group[0], any_case=any_case):
            run.append(group)
            continue
        if run and run[0].start() < end and _is_plate(run):
            yield Span(run[0].start(), run[-1].end(), "PLATE", "plate_announced")
        run = [group] if group and _is_sign(group[0], any_case=any_case) else []


def _is_plate(groups: list[re.Match[str]]) -> bool:
    signs = "".join(group[0] for group in groups)
    return _FEWEST <= len(signs) <= _MOST and 2 <= sum(map(str.isdigit, signs)) < len(signs)


def _is_sign(group: str, *, any_case: bool) -> bool:
    """« 4471 », « KLM »; in lower case not « de », « est »."""
    is_word = group.isalpha() and (group.lower() in vocabulary()["not_plate_letters"] or len(group) > 3)
    return not is_word and (any_case or group.upper() == group)
