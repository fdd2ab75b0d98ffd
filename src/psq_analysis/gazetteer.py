"""Find the commune a person meant: names as people write them, codes, postcodes, and what to do when they disagree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd
import yaml
from rapidfuzz.distance import DamerauLevenshtein

from psq_analysis.communes import CODE as INSEE_CODE
from psq_analysis.communes import department_of, load_former_names, plain_name

SHORT_NAME, LONG_NAME = (
    5,
    9,
)  # one slip is forgiven from 5 letters (« Mirrande »), two from 9: shorter names differ by less
UNDETERMINED = "indetermine"
_ARTICLES = ("le ", "la ", "les ", "l ")
_ARRONDISSEMENT_CODES = {"751": "75056", "6938": "69123", "132": "13055"}
# 75000 is no postcode, yet people write it
_ARRONDISSEMENT_POSTCODES = re.compile(
    r"(?:75|69|13)000|75(?:0(?:0[1-9]|1\d|20)|116)|6900[1-9]|130(?:0[1-9]|1[0-6])"
)
_ARRONDISSEMENT_CITIES = {"75": "75056", "69": "69123", "13": "13055"}
_ARRONDISSEMENT_NAME = re.compile(
    r"(paris|lyon|marseille)(?: (?:\d{1,2}|[ivx]+)(?: ?(?:e|er|eme|ieme|nd))?)?(?: ?arr(?:ondissement|dt)?)?"
)
_SEPARATORS = re.compile(r"[(),;:/+&]|\s[-–—]\s|\s(?:et|ou)\s")
_DEPARTMENT_LEAD = re.compile(r"^(?:departement )?(?:de la |de l |des |du |de |d )?")
_OTHER_POSTCODES = {
    "97133": "977",
    "97150": "978",
}  # islands that kept the postcodes they had within Guadeloupe
_EPCI_LEAD = re.compile(
    r"^(?:cc|ca|cu|cdc|epci|communaute (?:de communes|d agglomeration|urbaine)|metropole|agglomeration|agglo)"
    r"(?: (?:de la|de l|de|du|des|d))? "
)


@dataclass(frozen=True)
class Place:
    """What a written place resolves to; ``reason`` says why the type of territory is undetermined, empty when it is not."""

    commune_code: str | None
    department_code: str | None
    density_level: int | None
    territory_type: str
    reason: str


@dataclass(frozen=True)
class Named:
    """What a name alone points to: one commune, or the rivals it could be and why it is not settled."""

    code: str | None = None
    rivals: frozenset[str] = frozenset()
    problem: str = ""
    department: str | None = None
    is_department: bool = False


@cache
def _department_codes() -> dict[str, str]:
    text = resources.files("psq_analysis.data").joinpath("departments.yml").read_text(encoding="utf-8")
    return {plain_name(name): str(code) for code, name in yaml.safe_load(text)["departments"].items()}


@cache
def _words_around() -> dict[str, frozenset[str]]:
    text = resources.files("psq_analysis.data").joinpath("commune_words.yml").read_text(encoding="utf-8")
    return {place: frozenset(words) for place, words in yaml.safe_load(text).items()}


def _bare(name: str) -> str:
    """Take off the words around the name of a commune.

    >>> _bare("centre bourg de mielan"), _bare("auch nord"), _bare("la ville")
    ('mielan', 'auch', 'la ville')
    """
    around, words = _words_around(), name.split()
    end = len(words)
    while end > 1 and words[end - 1] in around["after"]:
        end -= 1
    start = next((at for at in range(end) if words[at] not in around["before"] | around["joining"]), end)
    if not set(words[:start]) & around["before"]:
        start = 0
    bare = words[start:end]
    return " ".join(bare) if set(bare) - around["joining"] else name


def _without_article(name: str) -> str:
    article = next((one for one in _ARTICLES if name.startswith(one)), "")
    return name.removeprefix(article)


def _compact(name: str) -> str:
    return _without_article(name).replace(" ", "")


def _epci_name(text: str) -> str:
    return _EPCI_LEAD.sub("", plain_name(re.sub(r"\(.*?\)", "", text)))


def _one(values: Iterable[str]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _department(text: str) -> str | None:
    name = _DEPARTMENT_LEAD.sub("", plain_name(text))
    number = re.fullmatch(r"\d{1,2}|2[ab]|9[78]\d", name)
    if number:
        return _one({number[0].upper().zfill(2)} & set(_department_codes().values()))
    names = {_without_article(known): code for known, code in _department_codes().items()}
    return names.get(_without_article(name))


def _department_of_postcode(postcode: str) -> str | None:
    if postcode in _OTHER_POSTCODES:
        return _OTHER_POSTCODES[postcode]
    corsican = {"200": "2A", "201": "2A", "202": "2B", "206": "2B"}.get(postcode[:3])
    return _one({corsican or department_of(postcode)} & set(_department_codes().values()))


class Gazetteer:
    """A table of communes with their ``territory_type``, indexed by everything people call them.

    >>> from psq_analysis.communes import load_communes
    >>> gers = Gazetteer(load_communes().assign(territory_type="rural"))
    >>> gers.resolve("", "L isle jourdin", "32600", "", "").commune_code
    '32160'
    >>> gers.resolve("", "Condom", "32000", "", "").reason
    'contradiction'
    """

    def __init__(self, communes: pd.DataFrame) -> None:
        codes = communes["code"]
        self._name = dict(zip(codes, communes["name"].map(plain_name), strict=True))
        self._level = dict(zip(codes, communes["density_level"], strict=True))
        self._type = dict(zip(codes, communes["territory_type"], strict=True))
        self._homonyms = dict(zip(codes, communes["homonyms"], strict=True))
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_compact: dict[str, set[str]] = defaultdict(set)
        self._by_department: dict[str, set[str]] = defaultdict(set)
        self._by_postcode: dict[str, set[str]] = defaultdict(set)
        self._by_epci: dict[str, set[str]] = defaultdict(set)
        for code, postcodes, epci in zip(codes, communes["postcodes"], communes["epci"], strict=True):
            self._by_name[self._name[code]].add(code)
            self._by_compact[_compact(self._name[code])].add(code)
            self._by_department[department_of(code)].add(code)
            for postcode in filter(None, postcodes.split("|")):
                self._by_postcode[postcode].add(code)
            if epci:
                self._by_epci[_epci_name(epci)].add(code)
        self._former: dict[str, set[str]] = defaultdict(set)
        for name, code, postcode in load_former_names().itertuples(index=False, name=None):
            if code in self._name:
                self._former[_compact(name)].add(code)
                if postcode in self._by_postcode:
                    self._by_postcode[postcode].add(code)

    def resolve(
        self, insee: str, commune: str, postcode: str, epci: str, department: str, *, majority: str = ""
    ) -> Place:
        """Resolve one written place; every argument is text, empty when not given.

        ``majority``: département of most other rows of the file, used only for a name that nothing else settles.
        """
        if not any((insee, commune, postcode, epci, department)):
            return _undetermined(None, "not_given")
        code = _insee_code(insee)
        postcode, commune = _postcode_and_name(postcode, commune)
        around = self._around(postcode)
        stated = self._stated_departments(code, postcode, around, department)
        named = self._named(commune, around, stated, majority)
        if code in self._name:
            return self._checked(code, named, around)
        if named.problem == "ambiguous_name":
            return _undetermined(_one(stated), named.problem)
        if named.problem:
            also = stated if named.problem == "contradiction" else set()
            return _undetermined(_one({department_of(rival) for rival in named.rivals} | also), named.problem)
        if named.code:
            return self._commune(named.code)
        return self._by_area(
            around, epci or commune, named.department or _one(stated), stated
        ) or _undetermined(
            named.department or _one(stated), _why_nowhere(code or postcode, epci or commune, named, stated)
        )

    def _by_area(self, around: set[str], epci: str, own: str | None, stated: set[str]) -> Place | None:
        if len(stated) > 1:
            return _undetermined(None, "contradiction")
        if around:
            return self._several(around, own, mixed="mixed_postcode")
        members = self._by_epci.get(_epci_name(epci), set()) if epci else set()
        return self._several(members, own, mixed="mixed_epci") if members else None

    def _checked(self, code: str, named: Named, around: set[str]) -> Place:
        pointed = {named.code} if named.code else set(named.rivals)
        if pointed and code not in pointed:
            return _undetermined(_one(department_of(one) for one in {code, *pointed}), "contradiction")
        if not pointed and around and code not in around:
            return _undetermined(_one(department_of(one) for one in {code, *around}), "contradiction")
        return self._commune(code)

    def _commune(self, code: str) -> Place:
        return self._several({code}, None, mixed="")

    def _several(self, codes: set[str], own: str | None, *, mixed: str) -> Place:
        department = _one(department_of(code) for code in codes) or own
        kind = _one(self._type[code] for code in codes)
        if kind is None:
            return _undetermined(department, mixed)
        levels = {self._level[code] for code in codes}
        level = levels.pop()
        return Place(
            commune_code=_one(codes),
            department_code=department,
            density_level=None if levels or pd.isna(level) else int(level),
            territory_type=kind,
            reason="no_type" if kind == UNDETERMINED else "",
        )

    def _around(self, postcode: str) -> set[str]:
        city = _ARRONDISSEMENT_POSTCODES.fullmatch(postcode)
        if city:
            return {_ARRONDISSEMENT_CITIES[postcode[:2]]} & set(self._name)
        return self._by_postcode.get(postcode, set())

    @staticmethod
    def _stated_departments(code: str, postcode: str, around: set[str], department: str) -> set[str]:
        of_postcode = (
            _one(department_of(one) for one in around) if around else _department_of_postcode(postcode)
        )
        of_code = _one({department_of(code)} & set(_department_codes().values()))
        return {one for one in (of_code, of_postcode, _department(department)) if one}

    def _named(self, text: str, around: set[str], stated: set[str], majority: str) -> Named:
        whole = self._one_name(plain_name(text), around, stated, majority)
        if whole != Named():
            return whole
        parts = [plain_name(part) for part in _SEPARATORS.split(text)]
        departments = {code for code in map(_department, parts) if code}
        found = [self._one_name(part, around, stated | departments, majority) for part in parts]
        communes = {one.code for one in found if one.code}
        if len(communes) > 1:
            return Named(rivals=frozenset(communes), problem="several_communes")
        settled = next((one for one in found if one.code), None)
        doubtful = next((one for one in found if one.problem), None)
        return settled or doubtful or Named(department=_one(departments))

    def _one_name(self, name: str, around: set[str], stated: set[str], majority: str) -> Named:
        if not name:
            return Named()
        if _department(name) and name not in self._by_name:
            return Named(department=_department(name), is_department=True)
        ways = list(dict.fromkeys([name, _bare(name)]))
        ways_and_places = [(way, stated) for way in ways]
        ways_and_places += [
            (bare, {department})
            for way in ways
            for bare, department in [_split_department(way)]
            if department
        ]
        for way, departments in ways_and_places:
            exact = self._exact(way)
            place = self._in_evidence(way, exact, around, departments) or self._by_uniqueness(
                way, exact, majority
            )
            if place and (place.problem != "contradiction" or way == ways_and_places[-1][0]):
                return place
        return Named()

    def _in_evidence(self, name: str, exact: set[str], around: set[str], stated: set[str]) -> Named | None:
        """Settle a name by the communes of the postcode or of the département stated; None when nothing is stated."""
        if not (around or stated):
            return None
        within = around or set().union(*(self._by_department.get(one, set()) for one in stated))
        inside = exact & within
        if inside:
            code = _one(inside)
            return Named(code=code, rivals=frozenset(inside), problem="" if code else "ambiguous_name")
        code = self._nearly(name, within)
        if code:
            return Named(code=code)
        return Named(rivals=frozenset(exact), problem="contradiction") if exact else None

    def _by_uniqueness(self, name: str, exact: set[str], majority: str) -> Named | None:
        code = _one(exact)
        if code and self._homonyms[code] == 1:
            return Named(code=code)
        at_home = self._by_department.get(majority, set())
        if exact:
            code = _one(exact & at_home)
            return Named(code=code, rivals=frozenset(exact), problem="" if code else "ambiguous_name")
        code = self._nearly(name, at_home)
        return Named(code=code) if code else None

    def _exact(self, name: str) -> set[str]:
        if _ARRONDISSEMENT_NAME.fullmatch(name):
            name = name.split(" ", maxsplit=1)[0]
        return self._by_name.get(name) or self._by_compact.get(_compact(name)) or set()

    def _nearly(self, name: str, within: set[str]) -> str | None:
        """Return the one commune of these that used to bear this name, begins with it, or is a slip away."""
        short = _compact(name)
        former = _one(self._former.get(short, set()) & within)
        begun = _one(code for code in within if self._name[code].startswith(name + " "))
        if former or begun:
            return former or begun
        slips = 2 if len(short) >= LONG_NAME else 1 if len(short) >= SHORT_NAME else 0
        distance = {
            code: DamerauLevenshtein.distance(short, _compact(self._name[code]), score_cutoff=slips)
            for code in within
        }
        least = min(distance.values(), default=slips + 1)
        return _one(code for code in distance if distance[code] == least) if 0 < least <= slips else None


def _undetermined(department: str | None, reason: str) -> Place:
    return Place(None, department, None, UNDETERMINED, reason)


def _why_nowhere(code: str, name: str, named: Named, stated: set[str]) -> str:
    if code and stated:
        return "not_in_table"
    is_only_department = (stated and not name) or named.is_department
    return "department_only" if is_only_department else "unknown_place"


def _insee_code(insee: str) -> str:
    code = re.sub(r"\s", "", insee).upper()
    if not INSEE_CODE.fullmatch(code):
        return ""
    return next((city for start, city in _ARRONDISSEMENT_CODES.items() if code.startswith(start)), code)


def _postcode_and_name(postcode: str, commune: str) -> tuple[str, str]:
    digits = re.sub(r"\s", "", postcode)
    inside = re.search(r"(?<!\d)(\d{5})(?!\d)", commune)
    if inside:
        commune = f"{commune[: inside.start()]} {commune[inside.end() :]}"
        digits = digits if re.fullmatch(r"\d{5}", digits) else inside[1]
    commune = re.sub(r"\bcedex\b(?:\s*\d{1,2})?", "", commune, flags=re.IGNORECASE)
    return (digits if re.fullmatch(r"\d{5}", digits) else ""), commune.strip(" -–—,;()/")


def _split_department(name: str) -> tuple[str, str | None]:
    """Cut the département off a name.

    >>> _split_department("montreal du gers"), _split_department("condom 32"), _split_department("auch")
    (('montreal', '32'), ('condom', '32'), ('auch', None))
    """
    words = name.split()
    for cut in range(1, len(words)):
        tail = " ".join(words[cut:])
        department = _department(re.sub(r"^(?:dans |en )", "", tail))
        if department:
            return " ".join(words[:cut]), department
    return name, None
