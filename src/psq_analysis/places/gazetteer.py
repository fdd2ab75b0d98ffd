"""Find the commune a person meant: names as people write them, codes, postcodes, and what to do when they disagree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from psq_analysis.places.communes import department_of, load_former_names, plain_name, plain_names
from psq_analysis.places.place_names import (
    ARRONDISSEMENT_CITIES,
    ARRONDISSEMENT_NAME,
    ARRONDISSEMENT_POSTCODES,
    LONG_NAME,
    SEPARATORS,
    SHORT_NAME,
    bare_name,
    collectivity_communes,
    compact,
    department_codes,
    department_of_postcode,
    department_written,
    epci_name,
    insee_code,
    only_one,
    postcode_and_name,
    split_department,
    towns_like_departments,
    words_around,
)

_COUNTRY = re.compile(r"^(?P<name>.{4,}?) (?:de|d|du|en|des) (?P<country>[a-z]{4,})$")
SAME_COUNTRY = 3  # communes whose names end with it: a country, and no saint or lord of one place
UNDETERMINED = "indetermine"
LONG_ENOUGH_TO_SLIP = 11  # letters of a name that may be found anywhere in the country though misspelt once
TOWN, FAR_LARGER = (
    20_000,
    100,
)  # inhabitants; a town a hundred times larger than all its homonyms together is meant
_WITHOUT_GRID = {
    "975",
    "977",
    "978",
    "986",
    "987",
    "988",
}  # collectivities whose communes INSEE's grid leaves out


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


def _grouped(keys: Iterable[str], codes: list[str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for key, code in zip(keys, codes, strict=True):
        known = groups.get(key)
        if known is None:
            groups[key] = {code}
        else:
            known.add(code)
    return groups


def _grouped_lists(cells: Iterable[str], codes: list[str]) -> dict[str, set[str]]:
    pairs = [(key, code) for cell, code in zip(cells, codes, strict=True) if cell for key in cell.split("|")]
    return _grouped([key for key, _ in pairs], [code for _, code in pairs])


class Gazetteer:
    """A table of communes with their ``territory_type``, indexed by everything people call them.

    >>> from psq_analysis.places.communes import load_communes
    >>> gers = Gazetteer(load_communes().assign(territory_type="rural"))
    >>> gers.resolve("", "L isle jourdin", "32600", "", "").commune_code
    '32160'
    >>> gers.resolve("", "Condom", "32000", "", "").reason
    'contradiction'
    """

    def __init__(self, communes: pd.DataFrame) -> None:
        codes, names = communes["code"].tolist(), plain_names(communes["name"].tolist())
        self._name = dict(zip(codes, names, strict=True))
        self._level = dict(zip(codes, communes["density_level"].tolist(), strict=True))
        self._type = dict(zip(codes, communes["territory_type"].tolist(), strict=True))
        self._homonyms = dict(zip(codes, communes["homonyms"].tolist(), strict=True))
        self._population = dict(zip(codes, communes["population"].tolist(), strict=True))
        self._by_name = _grouped(names, codes)
        self._by_department = _grouped(map(department_of, codes), codes)
        self._by_postcode = _grouped_lists(communes["postcodes"].tolist(), codes)
        self._epci = communes["epci"].tolist()
        self._codes = codes
        self._former: dict[str, set[str]] = {}
        for name, code, postcode in load_former_names().itertuples(index=False, name=None):
            if code in self._name:
                self._former.setdefault(compact(name), set()).add(code)
                if postcode in self._by_postcode:
                    self._by_postcode[postcode].add(code)

    @cached_property
    def _by_compact(self) -> dict[str, set[str]]:
        return _grouped(map(compact, self._name.values()), self._codes)

    @cached_property
    def _by_epci(self) -> dict[str, set[str]]:
        members = _grouped(self._epci, self._codes)
        return {epci_name(epci): codes for epci, codes in members.items() if epci}

    def resolve(
        self, insee: str, commune: str, postcode: str, epci: str, department: str, *, majority: str = ""
    ) -> Place:
        """Resolve one written place; every argument is text, empty when not given.

        ``majority``: département of most other rows of the file, used only for a name that nothing else settles.
        """
        if not any((insee, commune, postcode, epci, department)):
            return _undetermined(None, "not_given")
        code = insee_code(insee)
        if not code:
            code, postcode, commune = self._code_in_the_wrong_place(postcode, commune)
        postcode, commune = postcode_and_name(postcode, commune)
        around = self._around(postcode)
        stated = self._stated_departments(code, postcode, around, department)
        named = self._named(commune, around, stated, majority)
        if code in self._name:
            return self._checked(code, named, around)
        if named.problem == "ambiguous_name":
            return _undetermined(only_one(stated), named.problem)
        if named.problem:
            also = stated if named.problem == "contradiction" else set()
            return _undetermined(
                only_one({department_of(rival) for rival in named.rivals} | also), named.problem
            )
        if named.code:
            return self._commune(named.code)
        return self._by_area(
            around, epci or commune, named.department or only_one(stated), stated
        ) or _undetermined(
            named.department or only_one(stated),
            _why_nowhere(code or postcode, epci or commune, named, stated),
        )

    def _code_in_the_wrong_place(self, postcode: str, commune: str) -> tuple[str, str, str]:
        """« 2A004 » or « 32013 » where a postcode or a name is asked are INSEE codes, if no postcode looks like them."""
        written = commune if not postcode else postcode if not commune else ""
        code = insee_code(written)
        is_code = code in self._name and code not in self._by_postcode
        return (code, "", "") if is_code else ("", postcode, commune)

    def _by_area(self, around: set[str], epci: str, own: str | None, stated: set[str]) -> Place | None:
        if len(stated) > 1:
            return _undetermined(None, "contradiction")
        if around:
            return self._several(around, own, mixed="mixed_postcode")
        members = self._by_epci.get(epci_name(epci), set()) if epci else set()
        return self._several(members, own, mixed="mixed_epci") if members else None

    def _checked(self, code: str, named: Named, around: set[str]) -> Place:
        pointed = {named.code} if named.code else set(named.rivals)
        if pointed and code not in pointed:
            if named.code and named.code in self._by_postcode.get(code, set()):
                return self._commune(named.code)  # a postcode written where the INSEE code is asked
            return _undetermined(only_one(department_of(one) for one in {code, *pointed}), "contradiction")
        if not pointed and around and code not in around:
            return _undetermined(only_one(department_of(one) for one in {code, *around}), "contradiction")
        return self._commune(code)

    def _commune(self, code: str) -> Place:
        return self._several({code}, None, mixed="")

    def _several(self, codes: set[str], own: str | None, *, mixed: str) -> Place:
        department = only_one(department_of(code) for code in codes) or own
        kind = only_one(self._type[code] for code in codes)
        if kind is None:
            return _undetermined(department, mixed)
        levels = {self._level[code] for code in codes}
        level = levels.pop()
        return Place(
            commune_code=only_one(codes),
            department_code=department,
            density_level=None if levels or pd.isna(level) else int(level),
            territory_type=kind,
            reason="no_type" if kind == UNDETERMINED else "",
        )

    def _around(self, postcode: str) -> set[str]:
        city = ARRONDISSEMENT_POSTCODES.fullmatch(postcode)
        if city:
            return {ARRONDISSEMENT_CITIES[postcode[:2]]} & set(self._name)
        return self._by_postcode.get(postcode, set())

    @staticmethod
    def _stated_departments(code: str, postcode: str, around: set[str], department: str) -> set[str]:
        of_postcode = (
            only_one(department_of(one) for one in around) if around else department_of_postcode(postcode)
        )
        of_code = only_one({department_of(code)} & set(department_codes().values()))
        return {one for one in (of_code, of_postcode, department_written(department)) if one}

    def _named(self, text: str, around: set[str], stated: set[str], majority: str) -> Named:  # noqa: PLR0911 (one line a rule)
        name = plain_name(text)
        words = [] if name in self._by_name else name.split()
        if words_around()["abroad"].intersection(words):
            return Named(problem="abroad")
        if set(words[:3]) & words_around()["areas"] and not ARRONDISSEMENT_NAME.fullmatch(name):
            return self._area(text, around, stated, majority)
        if stated and stated <= _WITHOUT_GRID:
            return Named(department=only_one(stated), is_department=True)
        whole = self._one_name(name, around, stated, majority)
        if "/" in text and whole.code is None:
            whole = self._one_name(plain_name(text.replace("/", " sur ")), around, stated, majority)
        if whole != Named():
            return whole
        if (of_collectivity := collectivity_communes().get(name)) is not None:
            return Named(department=of_collectivity, is_department=True)
        parts = [plain_name(part) for part in SEPARATORS.split(text)]
        departments = {code for code in map(department_written, parts) if code}
        found = [self._one_name(part, around, stated | departments, majority) for part in parts]
        communes = {one.code for one in found if one.code}
        if len(communes) > 1:
            return Named(rivals=frozenset(communes), problem="several_communes")
        settled = next((one for one in found if one.code), None)
        doubtful = next((one for one in found if one.problem), None)
        return settled or doubtful or self._town_and_quarter(text) or Named(department=only_one(departments))

    def _town_and_quarter(self, text: str) -> Named | None:
        """« Strasbourg-Neudorf »: a quarter hung on the name of a town."""
        head, hyphen, _ = text.strip().partition("-")
        towns = {code for code in self._by_name.get(plain_name(head), set()) if self._size(code) >= TOWN}
        return Named(code=only_one(towns)) if hyphen and only_one(towns) else None

    def _area(self, text: str, around: set[str], stated: set[str], majority: str) -> Named:
        """« canton de Nogaro »: in the département of Nogaro, and nothing more precise."""
        inner = " ".join(word for word in plain_name(text).split() if word not in words_around()["areas"])
        found = self._named(
            re.sub(r"^(?:(?:le|la|les|l|de|du|des|d|autour|dans|un) )+", "", inner), around, stated, majority
        )
        rivals = {found.code} if found.code else set(found.rivals)
        return Named(
            department=found.department or only_one(department_of(code) for code in rivals),
            is_department=True,
        )

    def _one_name(self, name: str, around: set[str], stated: set[str], majority: str) -> Named:
        if not name:
            return Named()
        if department_written(name) and name not in towns_like_departments():
            return Named(department=department_written(name), is_department=True)
        ways = list(dict.fromkeys([name, bare_name(name)]))
        ways_and_places = [(way, stated) for way in ways]
        ways_and_places += [(short, stated) for short in [self._without_country(name)] if short]
        ways_and_places += [
            (bare, {department}) for way in ways for bare, department in [split_department(way)] if department
        ]
        for way, departments in ways_and_places:
            exact = self._exact(way)
            place = self._in_evidence(way, exact, around, departments) or self._by_uniqueness(
                way, exact, majority
            )
            if place and (place.problem != "contradiction" or way == ways_and_places[-1][0]):
                return place
        return Named()

    def _without_country(self, name: str) -> str:
        """« saint clar de lomagne » → « saint clar »: a country said after a name that the official one does not bear."""
        match = _COUNTRY.match(name)
        return (
            match["name"]
            if match and match["country"] in self._countries and name not in self._by_name
            else ""
        )

    @cached_property
    def _countries(self) -> frozenset[str]:
        """The countries that names of communes end with: « lomagne » of Beaumont-de-Lomagne and of Larrazet's neighbours."""
        ends = Counter(match["country"] for name in self._by_name if (match := _COUNTRY.match(name)))
        return frozenset(country for country, times in ends.items() if times >= SAME_COUNTRY)

    def _in_evidence(self, name: str, exact: set[str], around: set[str], stated: set[str]) -> Named | None:
        """Settle a name by the communes of the postcode or of the département stated; None when nothing is stated."""
        if not (around or stated):
            return None
        within = around or set().union(*(self._by_department.get(one, set()) for one in stated))
        inside = exact & within
        if inside:
            code = only_one(inside)
            return Named(code=code, rivals=frozenset(inside), problem="" if code else "ambiguous_name")
        code = self._nearly(name, within)
        if code:
            return Named(code=code)
        return Named(rivals=frozenset(exact), problem="contradiction") if exact else None

    def _by_uniqueness(self, name: str, exact: set[str], majority: str) -> Named | None:
        """Settle a name by itself: borne by one commune of the country, else by one of the département the file speaks of."""
        rivals = self._rivals(name, exact)
        at_home = self._by_department.get(majority, set())
        same = self._by_compact.get(compact(name), set())
        code = only_one(exact & at_home) or only_one(same & at_home)
        if code:
            return Named(code=code)
        begun = {one for one in at_home if self._name[one].startswith(name + " ")}
        largest = max(map(self._size, begun), default=0)
        if begun and all(largest >= self._size(rival) for rival in rivals):
            code = only_one(begun)
            return Named(code=code, rivals=frozenset(begun), problem="" if code else "ambiguous_name")
        code = only_one(rivals)
        if code and self._homonyms[code] == 1:
            return Named(code=code)
        if rivals:
            return (
                Named(code=code, rivals=frozenset(rivals))
                if (code := self._foremost(rivals))
                else Named(rivals=frozenset(rivals), problem="ambiguous_name")
            )
        code = self._nearly(name, at_home) or (None if majority else self._slip(name))
        return Named(code=code) if code else None

    def _rivals(self, name: str, exact: set[str]) -> set[str]:
        """The communes a name may mean: « Port » is also said of larger places called « Le Port »."""
        same = self._by_compact.get(compact(name), set())
        if not exact:
            return set(same)
        return exact | {code for code in same if self._size(code) > max(map(self._size, exact))}

    def _size(self, code: str) -> int:
        population = self._population[code]
        return 0 if pd.isna(population) else int(population)

    def _begun(self, name: str, within: set[str]) -> str | None:
        """The one commune of these whose name begins like this: « Vic » for Vic-Fezensac."""
        return only_one(code for code in within if self._name[code].startswith(name + " "))

    def _foremost(self, rivals: set[str]) -> str | None:
        """Return the town everybody means, its homonyms being hamlets: La Rochelle is not the one of Haute-Saône."""
        if len(rivals) < 2:
            return None
        sizes = {code: self._size(code) for code in rivals}
        town = max(sizes, key=lambda code: sizes[code])
        others = sum(sizes.values()) - sizes[town]
        return town if sizes[town] >= max(TOWN, FAR_LARGER * others) else None

    def _slip(self, name: str) -> str | None:
        """Return the one commune of the country a single slip away from a long name: « Chalons sur Saone »."""
        short = compact(name)
        if short in self._former:
            return only_one(self._former[short])
        begun = self._begun(name, set(self._codes)) if len(short) >= LONG_NAME - 2 else None
        if begun or len(short) < LONG_ENOUGH_TO_SLIP:
            return begun
        near = process.extract(
            short, self._by_compact.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=3
        )
        return only_one(code for key, _, _ in near for code in self._by_compact[key])

    def _exact(self, name: str) -> set[str]:
        if ARRONDISSEMENT_NAME.fullmatch(name):
            name = name.split(" ", maxsplit=1)[0]
        return self._by_name.get(name) or self._by_compact.get(compact(name)) or set()

    def _nearly(self, name: str, within: set[str]) -> str | None:
        """Return the one commune of these that used to bear this name, begins with it, or is a slip away."""
        short = compact(name)
        former = only_one(self._former.get(short, set()) & within)
        begun = self._begun(name, within) or only_one(
            code
            for known, codes in self._former.items()
            if len(short) >= LONG_NAME - 1 and known.startswith(short)
            for code in codes & within
        )
        if former or begun:
            return former or begun
        slips = 2 if len(short) >= LONG_NAME else 1 if len(short) >= SHORT_NAME else 0
        distance = {
            code: DamerauLevenshtein.distance(short, compact(self._name[code]), score_cutoff=slips)
            for code in within
        }
        least = min(distance.values(), default=slips + 1)
        return only_one(code for code in distance if distance[code] == least) if 0 < least <= slips else None


def _undetermined(department: str | None, reason: str) -> Place:
    return Place(None, department, None, UNDETERMINED, reason)


def _why_nowhere(code: str, name: str, named: Named, stated: set[str]) -> str:
    if code and stated:
        return "not_in_table"
    is_only_department = (stated and not name) or named.is_department
    return "department_only" if is_only_department else "unknown_place"
