"""The table of demands: which idea asks, complains of or praises what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import pandas as pd
from spacy.tokens import Token

from psq_analysis import french
from psq_analysis.cleaning.noise import is_courtesy
from psq_analysis.demands import concerns
from psq_analysis.demands import decisions as decided
from psq_analysis.demands.asking import Ask, asking_words, asks
from psq_analysis.demands.decisions import Decision
from psq_analysis.demands.grammar import VERBS, is_imperative, is_infinitive, parse
from psq_analysis.demands.naming import Wording, name
from psq_analysis.demands.phrases import phrase, place
from psq_analysis.demands.subjects import Subject, subject, vocabulary
from psq_analysis.tables.schema import conform, empty
from psq_analysis.tables.terms import DEMAND_KINDS
from psq_analysis.text.plain import unaccent
from psq_analysis.text.words import lemma

DEMAND, IRRITANT, PRAISE = KINDS = DEMAND_KINDS
COLUMNS = ["idea_id", "kind", "demand_id", "label", "action", "object", "place"]
# Fewer people are a remark, not a demand of a consultation.
MIN_RESPONDENTS = 3
# Parsed at most: a minute of one processor. The other texts of a huge consultation join the
# known subjects by their words.
MAX_PARSED = 60_000
# What may ask, whatever the intention the idea was given: only these and the propositions are parsed.
_MAY_ASK = re.compile(
    r"\b(?:fau(?:t|dra)|demand|souhait|propos|devr|doi(?:t|ven)|plus de|davantage|moins de|il manque|besoin|rait\b|raient\b|\w+ez\b|serait)|^\W*qu[e']",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"\b(?:demandons|r[ée]clamons|exigeons|souhaitons|voulons|demande|r[ée]clame|exige)\b", re.IGNORECASE
)
_PRAISES = re.compile(
    r"\b(?:merci|bravo|f[ée]licit|chapeau|rien [àa] redire|formidable|remarquable|excellent|parfait|super|au top|exemplaire)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:ne|n['’]|pas|sans|aucune?|stop|arr[êe]t\w*|cesse\w*|interdi\w*|plus jamais|non)\b", re.IGNORECASE
)
# « outragés » tells what was done; « outrages » names it.
_PARTICIPLE = re.compile(r"(?:é|ée|és|ées|er)$")
# An idea that asks for more than two known things at once is a list: the first two carry it.
MAX_WISHES = 2
# A whole sentence names its subject within these words.
_NAME_WORDS = (3, 12)


class _Said(NamedTuple):
    found: Subject | None
    ask: Ask
    wording: str | None
    rank: int
    place: str | None
    is_said_so: bool  # « nous demandons … »


def find_demands(
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    may_be_quoted: Callable[[str], bool],
    decisions: Sequence[Decision] = (),
) -> pd.DataFrame:
    """Return one row per idea in a demand, an irritant or a praise (``kind``), with the name of the group it belongs to.

    ``demand_id`` is what is asked of what, in lemmas: it does not change from run to run. The ideas of a campaign are one
    demand of their own. ``decisions`` of an analyst come last (:mod:`psq_analysis.demands.decisions`). Groups of fewer than :data:`MIN_RESPONDENTS` respondents stay in the table; they are not shown.
    """
    said = _usable(ideas, remarks, codes)
    if said.empty:
        return empty("demands")
    own = said[said["campaign_id"].isna()]
    read = _read_asks(said)
    raised = _raised(own["text"].drop_duplicates().tolist())
    rows = [*_asked(own, read, raised), *_signed(said[said["campaign_id"].notna()], read)]
    rows += _concerns(own, read, raised, {str(row["idea_id"]) for row in rows})
    table = pd.DataFrame(
        rows,
        columns=[
            "idea_id",
            "kind",
            "demand_id",
            "action",
            "object",
            "place",
            "wording",
            "rank",
            "respondent",
        ],
    )
    named = _named(_gathered(table, decided.frozen(decisions)), may_be_quoted)
    texts = said.set_index("idea_id")["text"]
    return conform(decided.apply(named, decisions, texts, key="demand_id", kind="demande"), "demands")


def _usable(ideas: pd.DataFrame, remarks: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Ideas of remarks that say something, with who said them and their intention."""
    tones = codes[codes["scheme"] == "tone"].sort_values(["score", "code"], ascending=[False, True])
    tone = tones.drop_duplicates("idea_id").set_index("idea_id")["code"]
    usable = remarks.loc[~remarks["is_noise"], ["remark_id", "contribution_id", "campaign_id"]]
    said = ideas[["idea_id", "remark_id", "text"]].merge(usable, on="remark_id", validate="many_to_one")
    return said.assign(tone=said["idea_id"].map(tone).fillna(""))


def _read_asks(said: pd.DataFrame) -> dict[str, list[_Said]]:
    """What each distinct text asks; texts that ask nothing are not parsed."""
    is_short = said["text"].str.split().str.len() <= _NAME_WORDS[1]
    worth = (
        said["tone"].eq("proposition")
        | said["text"].str.contains(_MAY_ASK)
        | (is_short & said["tone"].ne("constat_positif"))
    )
    texts = said.loc[worth, "text"].value_counts()
    chosen = sorted(texts.index, key=lambda text: (-texts[text], text))[:MAX_PARSED]
    read = {}
    for text, doc in zip(chosen, parse(chosen), strict=True):
        found = []
        for ask in asks(doc):
            about = subject(ask)
            if about is None and not (ask.is_bare or not ask.action):
                continue
            head = doc[ask.head]
            rank = _rank(head)
            found.append(
                _Said(about, ask, phrase(doc, ask), rank, place(doc, ask), _SAYS_SO.search(text) is not None)
            )
        read[text] = found
    return read


def _rank(head: Token) -> int:
    """How well the verb of a phrase names a demand: an infinitive or a noun, an order or an adjective, another verb."""
    if head.pos_ == "ADJ":
        return 0 if any(child.text.lower() == "être" for child in head.children) else 1
    if head.pos_ not in VERBS or is_infinitive(head):
        return 0
    return 1 if is_imperative(head) else 2


def _raised(texts: list[str]) -> dict[str, list[tuple[str, str]]]:
    """The subjects of ``concerns.yml`` each text raises: part and name."""
    by_text: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for position, part, subject_name in concerns.concerns(texts).itertuples(index=False):
        by_text[texts[position]].append((part, subject_name))
    return by_text


def _asked(
    said: pd.DataFrame, read: dict[str, list[_Said]], raised: dict[str, list[tuple[str, str]]]
) -> list[dict[str, object]]:
    """What ideas ask: by subject where one is known, by action and object otherwise."""
    phrases = sorted({one.wording for found in read.values() for one in found if one.wording})
    named = {phrase_: _wishes(subjects) for phrase_, subjects in _raised(phrases).items()}
    rows = []
    for idea in said.itertuples():
        meant = [one for one in read.get(idea.text, ()) if one.ask.is_strong or idea.tone == "proposition"]
        is_unparsed = idea.text not in read and idea.tone == "proposition"
        if not meant and not is_unparsed:
            continue
        wishes = _wishes(raised.get(idea.text, []))[:MAX_WISHES]
        if is_unparsed:
            rows += [_row(idea, DEMAND, Subject(False, "", wish), None) for wish in wishes]
            continue
        for wish in wishes:
            best = next((one for one in meant if wish in named.get(one.wording or "", ())), None)
            one = best or meant[0]
            is_light = not one.ask.action or one.ask.action in asking_words()["light"]
            row = _row(idea, DEMAND, Subject(one.ask.is_negative and is_light, "", wish), one)
            rows.append(row if best else {**row, "wording": _short_enough(idea.text), "rank": 1})
        for one in meant:
            is_told = bool(wishes) and (not one.found or not one.found.action or named.get(one.wording or ""))
            if one.found is not None and not is_told:
                rows.append(_row(idea, DEMAND, one.found, one))
    return rows


def _wishes(raised: list[tuple[str, str]]) -> list[str]:
    """The known wishes among subjects raised; « patrouilles à pied » leaves out « patrouilles »."""
    names = [name_ for part, name_ in raised if part == concerns.WISHES]
    return [one for one in names if not any(other != one and other.startswith(one) for other in names)]


def _short_enough(text: str) -> str | None:
    words = text.split()
    return text.strip() if _NAME_WORDS[0] <= len(words) <= _NAME_WORDS[1] and "[" not in text else None


def _row(idea, kind: str, found: Subject, one: _Said | None, wording: str | None = None) -> dict[str, object]:
    negated = "ne pas " if found.is_negative else ""
    return {
        "idea_id": idea.idea_id,
        "kind": kind,
        "demand_id": _identifier(kind, found),
        "action": f"{negated}{found.action}".strip(),
        "object": found.object,
        "place": one.place if one else None,
        "wording": one.wording if one else wording,
        "rank": one.rank if one else 0,
        "respondent": idea.contribution_id,
    }


def _identifier(kind: str, found: Subject) -> str:
    words = " ".join(filter(None, ["ne pas" if found.is_negative else "", found.action, found.object]))
    return f"{kind}/{french.slug(words)}"


def _signed(said: pd.DataFrame, read: dict[str, list[_Said]]) -> list[dict[str, object]]:
    """One demand per campaign, named by the first thing its text asks; all its ideas are in it."""
    rows = []
    for campaign, ideas in said.groupby("campaign_id", sort=True):
        order = ideas["text"].value_counts()
        asked = [one for text in order.index for one in read.get(text, ()) if one.found and one.wording]
        if not asked:
            continue
        first = max(asked, key=lambda one: (one.is_said_so, one.ask.is_strong, one.rank == 0))
        for idea in ideas.itertuples():
            rows.append(
                {
                    **_row(idea, DEMAND, first.found or Subject(False, "", ""), first),
                    "demand_id": f"{DEMAND}/{campaign}",
                }
            )
    return rows


def _concerns(
    said: pd.DataFrame,
    read: dict[str, list[_Said]],
    raised: dict[str, list[tuple[str, str]]],
    asking: set[str],
) -> list[dict[str, object]]:
    """Complaints and praise: by subject where one is known, by noun for the bare nouns people list."""
    rows = []
    for idea in said.itertuples():
        things = [one for one in read.get(idea.text, ()) if not one.ask.action and one.ask.object]
        named = [one for one in things if one.ask.object in vocabulary().troubles]
        is_negative = idea.tone == "constat_negatif" and idea.idea_id not in asking
        is_praise = idea.tone == "constat_positif" or _PRAISES.search(idea.text) is not None
        is_praise = is_praise and not is_courtesy(idea.text)
        taken = 0
        for part, name_ in raised.get(idea.text, ()):
            is_trouble = (
                part == concerns.TROUBLES
                and not is_praise
                and (is_negative or bool(named) or idea.idea_id not in asking)
            )
            is_service = part == concerns.SERVICE and is_negative and not is_praise
            if part == concerns.PRAISE and is_praise and idea.idea_id not in asking:
                kind = PRAISE
            elif is_trouble or is_service:
                kind = IRRITANT
            else:
                continue
            wording = _wording(idea.text, part, name_, named)
            rows.append(_row(idea, kind, Subject(False, "", name_), None, wording))
            taken += 1
            if taken == concerns.MAX_SUBJECTS:
                break
        if not taken and is_negative and not is_praise:
            for one in things:
                if one.found is not None and one.ask.is_bare and not one.found.action:
                    rows.append(_row(idea, IRRITANT, one.found, one))
    return rows


def _wording(text: str, part: str, subject_name: str, named: list[_Said]) -> str | None:
    """The words of an idea that may name its subject: the noun it gives a trouble, or the whole of a short sentence."""
    if part != concerns.TROUBLES:
        return _short_enough(text)
    words = trouble_words()[subject_name]
    about = [one.wording for one in named if one.ask.object in words and one.wording]
    if about:
        return re.sub(r"^(?:l[ae]s?|un|une|des|du|l')\s*", "", about[0], flags=re.IGNORECASE)
    spoken = re.findall(r"[^\W\d_]+", text)
    return next(
        (word for word in spoken if unaccent(lemma(word)) in words and not _PARTICIPLE.search(word)), None
    )


@cache
def subject_words() -> dict[str, frozenset[str]]:
    """The words of the expressions that raise each subject of ``concerns.yml``."""
    return {
        concern.name: frozenset(
            unaccent(lemma(one)) for one in re.findall(r"[^\W\d_]+", " ".join(concern.spelt))
        )
        for concern in concerns.load_concerns()
    }


@cache
def trouble_words() -> dict[str, frozenset[str]]:
    """The nouns that alone name a trouble, by subject."""
    return {
        concern.name: frozenset(unaccent(lemma(one)) for one in concern.spelt if one.isalpha())
        for concern in concerns.load_concerns()
        if concern.part == concerns.TROUBLES
    }


def _gathered(table: pd.DataFrame, apart: frozenset[str]) -> pd.DataFrame:
    """Rare objects join the action they are objects of, where it is understood alone."""
    size = table.groupby("demand_id")["respondent"].transform("nunique")
    bare = table["action"].str.removeprefix("ne pas ").isin(vocabulary().alone)
    joins = (
        bare
        & (size < MIN_RESPONDENTS)
        & table["object"].ne("")
        & table["kind"].eq(DEMAND)
        & ~table["demand_id"].str.contains("campagne")
        & ~table["demand_id"].isin(apart)
    )
    prefix = DEMAND + "/"
    return table.assign(
        object=table["object"].mask(joins, ""),
        demand_id=table["demand_id"].mask(joins, prefix + table["action"].map(french.slug)),
    ).drop_duplicates(["idea_id", "demand_id"])


def _named(table: pd.DataFrame, may_be_quoted: Callable[[str], bool]) -> pd.DataFrame:
    """Name each group, the largest of a kind first: no two of a kind bear one name."""
    sizes = table.groupby(["kind", "demand_id"])["respondent"].nunique().reset_index(name="people")
    sizes = sizes.sort_values(["people", "demand_id"], ascending=[False, True])
    of_group = dict(list(table.groupby("demand_id", sort=False)))
    labels: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for kind, demand_id in sizes[["kind", "demand_id"]].itertuples(index=False):
        rows = of_group[demand_id]
        said = rows.dropna(subset=["wording"])
        if (
            rows["action"].iloc[0].startswith("ne pas")
        ):  # « laisser faire par peur » names the contrary of « ne pas avoir peur »
            refusing = said["wording"].str.contains(_REFUSES)
            said = said[refusing] if refusing.any() else said
        wordings = [Wording(*one) for one in said[["wording", "rank", "respondent"]].itertuples(index=False)]

        def may_name(text: str, kind: str = kind) -> bool:
            return (kind, unaccent(text)) not in taken and may_be_quoted(text)

        labels[demand_id] = name(
            wordings,
            may_be_quoted=may_name,
            common=_is_common(rows),
            is_brief=_is_one_word(str(rows["object"].iloc[0]), kind),
            is_alone=rows["object"].iloc[0] == "" and rows["action"].iloc[0] in vocabulary().alone,
            is_cut=kind == DEMAND,
        ) or french.capitalised(
            " ".join(filter(None, [rows["action"].iloc[0], rows["object"].iloc[0]])).replace("_", " ")
        )
        taken.add((kind, unaccent(labels[demand_id])))
    named = table.assign(label=table["demand_id"].map(labels))
    return named[COLUMNS].astype("string").sort_values(["kind", "demand_id", "idea_id"], ignore_index=True)


def _is_one_word(subject_name: str, kind: str) -> bool:
    """Whether one word names a subject well enough: a trouble, or a known wish that is one thing (« caméras »)."""
    if kind == IRRITANT:
        return subject_name in trouble_words()
    return kind == DEMAND and subject_name in subject_words() and "_" not in subject_name


def _is_common(rows: pd.DataFrame) -> Callable[[str], bool]:
    """Which words belong to the whole group: those of its action and object, and those that say nothing of their own."""
    action, thing = str(rows["action"].iloc[0]).removeprefix("ne pas "), str(rows["object"].iloc[0])
    known = vocabulary()
    told = subject_words().get(thing, frozenset())

    def is_common(word: str) -> bool:
        classes = {known.verbs.get(word), known.nouns.get(word), known.adjectives.get(word)}
        classes |= {name_ for words, name_ in known.objects if words[0] == word}
        return (
            bool(classes & {action, thing})
            or word in (action, thing)
            or word in told
            or word in known.generic
            or word in asking_words()["light"]
        )

    return is_common
