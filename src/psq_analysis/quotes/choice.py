"""The choice of quotes by rule: near the centre, at the edge, dissenting; exact, traceable, from no small cell.

A quote is the exact text of an idea, or of the whole sentence when the idea is cut out of one, or of the whole remark when that is
still too short to be understood. Those that say a word of the name of their sub-theme go first, then the nearest. No choice
holds two quotes of one respondent, nor two copies of one text. A text that accuses a recognisable person, tells a function with its
commune, or in which the gate would find personal data is never chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize

from psq_analysis.quotes.decisions import NO_DECISION, QuoteDecisions
from psq_analysis.quotes.quotable import ends_whole, leans, may_be_quoted, quotable_ideas
from psq_analysis.tables.schema import NO_CONTENT, OUT_OF_SCOPE, TABLES, conform
from psq_analysis.text.content_words import read_content_words, stop_words
from psq_analysis.text.plain import unaccent

# Three voices show what a sub-theme has in common; a fourth adds length, not sense.
CENTRAL_QUOTES = 3
# Distances that differ by less say the same of a short text: the one that holds the words of the name goes first.
SAME_DISTANCE = 0.1
# The report quotes five large sub-themes, each with its typical voice and who takes the other side.
REPORT_SUBTHEMES = 5
# Enough to trace a quote among a million remarks with the key, and nothing to anybody without it.
REFERENCE_LETTERS = 8

# Under five words a sentence lacks its subject; over sixteen it is no title.
HEADLINE_WORDS = (5, 16)
# Two voices show that a demand is not one person's.
DEMAND_QUOTES = 2
MOST_DEMANDS = 20  # of a kind: those the report shows one by one
# A quotation with masked words or cut short is not shown for a demand: its name says enough.
MAX_TIER = 1
PINNED = -1

COLUMNS = ["role", "idea_id", "remark_id", "reference", "text"]
CENTRE, EDGE, DISSENT = "centre", "edge", "dissent"
# A proposition has no contrary among the tones: who complains of the same thing wants it as much.
_OPPOSITE_TONES = {"constat_negatif": ("constat_positif",), "constat_positif": ("constat_negatif",)}


def choose(
    subthemes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    min_respondents: int,
    decided: QuoteDecisions = NO_DECISION,
) -> pd.DataFrame:
    """Return, for each sub-theme, the three quotes nearest its centre (``centre``) and one at its edge (``edge``).

    Only respondents among ``contributions`` are quoted, and only sub-themes to which ``min_respondents`` of them
    contribute. Columns: ``theme``, ``subtheme_id``, ``label``, ``role``, ``idea_id``, ``remark_id``, ``reference``
    (opaque; the start of ``remark_id``), ``text``. A sub-theme with few usable texts gets fewer quotes.
    """
    quotable = _large_enough(
        _quotable(subthemes, ideas, remarks, contributions, decided), "subtheme_id", min_respondents
    )
    picked = _Choice()
    for _, voices in quotable.groupby("subtheme_id", sort=True):
        picked.take(_nearest_first(voices), CENTRE, CENTRAL_QUOTES)
    for _, voices in quotable.groupby("subtheme_id", sort=True):
        picked.take(_farthest_first(voices), EDGE)
    return picked.table(["theme", "subtheme_id", "label"], ["subtheme_id", "role"])


def choose_by_code(
    codes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    scheme: str,
    min_respondents: int,
    decided: QuoteDecisions = NO_DECISION,
) -> pd.DataFrame:
    """Return one quote per code of ``scheme``: in its commonest tone, sure of its code, and nearest to what is said under it.

    Columns: ``scheme``, ``code``, ``role``, ``idea_id``, ``remark_id``, ``reference``, ``text``. A code mentioned by fewer
    than ``min_respondents`` of ``contributions`` has no quote, nor has what lies out of scope.
    """
    is_shown = codes["scheme"].eq(scheme) & ~codes["code"].isin([OUT_OF_SCOPE, NO_CONTENT])
    coded = codes.loc[is_shown, ["idea_id", "scheme", "code", "score"]]
    quotable = _large_enough(
        _quotable(coded, ideas, remarks, contributions, decided), "code", min_respondents
    )
    quotable = quotable.assign(tone=quotable["idea_id"].map(_tones(codes)))
    picked = _Choice()
    for _, voices in quotable.groupby("code", sort=True):
        typicality = _similarity_to_centre(voices["idea_text"].tolist()) * voices["score"].to_numpy()
        commonest = voices["tone"].dropna().mode()
        ranked = voices.assign(typicality=typicality, is_typical=voices["tone"].isin(commonest))
        order = ["tier", "is_typical", "typicality", "idea_id"]
        picked.take(ranked.sort_values(order, ascending=[True, False, False, True]), CENTRE)
    return picked.table(["scheme", "code"], ["code"])


def choose_for_report(
    subthemes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    min_respondents: int,
    decided: QuoteDecisions = NO_DECISION,
) -> pd.DataFrame:
    """Return a typical voice for each of the five largest sub-themes, and one that dissents where there is one.

    Typical is nearest the centre. Dissenting (``dissent``) takes the other side: it names the subject, in a tone that opposes the
    commonest one of the sub-theme; without such an idea, nobody dissents. At most two sub-themes of one theme, so that the largest
    theme does not speak alone. Columns as :func:`choose`.
    """
    quotable = _large_enough(
        _quotable(subthemes, ideas, remarks, contributions, decided), "subtheme_id", min_respondents
    )
    quotable = quotable.assign(tone=quotable["idea_id"].map(_tones(codes)))
    sizes = (
        quotable.groupby(["theme", "subtheme_id"])["contribution_id"]
        .nunique()
        .reset_index(name="respondents")
    )
    sizes = sizes.sort_values(["respondents", "subtheme_id"], ascending=[False, True])
    largest = sizes.groupby("theme", sort=False).head(2).head(REPORT_SUBTHEMES)["subtheme_id"]
    picked = _Choice()
    for subtheme_id in largest:
        voices = _nearest_first(quotable[quotable["subtheme_id"] == subtheme_id])
        picked.take(voices, CENTRE)
        opposed = voices[
            voices["tone"].isin(_opposite(voices["tone"])) & (voices["tier"] <= 0) & voices["is_named"]
        ]
        picked.take(opposed, DISSENT)
    return picked.table(["theme", "subtheme_id", "label"])


def headlines(
    subthemes: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, contributions: pd.DataFrame
) -> pd.Series:
    """Return a typical sentence for each sub-theme, by ``subtheme_id``: whole, of 5 to 16 words, naming the subject, near the centre.

    A sub-theme where nobody wrote such a sentence has none; no two have the same.
    """
    voices = _quotable(subthemes, ideas, remarks, contributions, NO_DECISION)
    sentences = voices[voices["text"].str.split().str.len().between(*HEADLINE_WORDS)]
    sentences = sentences[~leans(sentences["text"]) & ends_whole(sentences["text"]) & (sentences["tier"] < 2)]
    picked = _Choice()
    for _, of_one in sentences.groupby("subtheme_id", sort=True):
        picked.take(_nearest_first(of_one.assign(tier=0)), CENTRE)
    return picked.table(["subtheme_id"]).set_index("subtheme_id")["text"].str.strip()


def choose_for_demands(
    demands: pd.DataFrame,
    groups: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    most: int = MOST_DEMANDS,
    decided: QuoteDecisions = NO_DECISION,
) -> pd.DataFrame:
    """Return the ``demand_quotes`` table: two quotations of each of the ``most`` first demands of a kind, one of a campaign.

    Those that say the words of its name go first, then the shortest. ``groups``: of
    :func:`psq_analysis.demands.summary.summarise_demands`; a demand that is not shown has no quotation.
    """
    first = groups[groups["is_shown"]].groupby("kind", sort=False).head(most)
    placed = demands.drop(columns=["label", "kind"]).merge(
        first[["kind", "demand_id", "label", "is_campaign"]], on="demand_id", validate="many_to_one"
    )
    quotable = _quotable(placed, ideas, remarks, contributions, decided)
    order = dict(zip(first["demand_id"], range(len(first)), strict=True))
    picked = _Choice()
    for demand_id in first["demand_id"]:
        voices = quotable[(quotable["demand_id"] == demand_id) & (quotable["tier"] <= MAX_TIER)]
        if voices.empty:
            continue
        name = _stems(voices["label"].iloc[0])
        named = voices["text"].map(lambda text, name=name: len(_stems(text) & name))
        ranked = voices.assign(named=named, length=voices["text"].str.len()).sort_values(
            ["tier", "named", "length", "idea_id"], ascending=[True, False, True, True]
        )
        picked.take(ranked, CENTRE, 1 if voices["is_campaign"].iloc[0] else DEMAND_QUOTES)
    table = picked.table(["kind", "demand_id"])
    ranked = table.assign(order=table["demand_id"].map(order)).sort_values("order", kind="stable")
    return conform(ranked, "demand_quotes")


def _quotable(
    placed: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    decided: QuoteDecisions,
) -> pd.DataFrame:
    """The quotable ideas without those an analyst dropped, those pinned before all others."""
    voices = quotable_ideas(placed, ideas, remarks, contributions)
    reference = voices["remark_id"].str[:REFERENCE_LETTERS]
    voices = voices.assign(tier=voices["tier"].mask(reference.isin(decided.pinned), PINNED))
    return voices[~reference.isin(decided.dropped)]


def quotes_table(
    *, of_subthemes: pd.DataFrame, of_codes: Sequence[pd.DataFrame], of_report: pd.DataFrame
) -> pd.DataFrame:
    """The table ``quotes`` of a run: what :func:`choose`, :func:`choose_by_code` and :func:`choose_for_report` chose, with its ``section``."""
    sections = [("subthemes", of_subthemes), *(("codes", one) for one in of_codes), ("report", of_report)]
    rows = [chosen.assign(section=section) for section, chosen in sections if len(chosen)]
    columns = list(TABLES["quotes"].columns)
    return pd.concat([pd.DataFrame(columns=columns), *rows], ignore_index=True).astype("string")


def _tones(codes: pd.DataFrame) -> pd.Series:
    """The surest tone of each idea, by ``idea_id``."""
    tones = codes[codes["scheme"] == "tone"].sort_values(["score", "code"], ascending=[False, True])
    return tones.drop_duplicates("idea_id").set_index("idea_id")["code"]


def _nearest_first(voices: pd.DataFrame) -> pd.DataFrame:
    """Order the voices of one sub-theme: easy to quote, saying a word of its name, near the centre."""
    terms = [_stems(term) for term in voices["label"].iloc[0].split(", ")]
    said = voices["text"].map(_stems)
    named = said.map(lambda words: sum(term <= words for term in terms))
    step = (voices["distance"] / SAME_DISTANCE).round(6).astype(int)
    ranked = voices.assign(step=step, named=named, is_named=named > 0)
    return ranked.sort_values(
        ["tier", "is_named", "step", "named", "distance", "idea_id"],
        ascending=[True, False, True, False, True, True],
    )


def _stems(text: str) -> set[str]:
    """The meaningful words of a text, without accents or the mark of the plural."""
    empty = stop_words()["joiners"] | stop_words()["grammar"]
    words = set(re.findall(r"\w+", unaccent(text)))
    return {word.rstrip("sx") for word in words - empty}


def _farthest_first(voices: pd.DataFrame) -> pd.DataFrame:
    return voices.sort_values(["tier", "distance", "idea_id"], ascending=[True, False, True])


def _opposite(tones: pd.Series) -> Iterable[str]:
    commonest = tones.dropna().mode()
    return _OPPOSITE_TONES.get(commonest.iloc[0], ()) if len(commonest) else ()


def _large_enough(quotable: pd.DataFrame, cell: str, min_respondents: int) -> pd.DataFrame:
    respondents = quotable.groupby(cell)["contribution_id"].transform("nunique")
    return quotable[respondents >= min_respondents]


def _similarity_to_centre(texts: list[str]) -> np.ndarray:
    counts = read_content_words(texts).counts
    if not counts.shape[1]:
        return np.zeros(len(texts))
    rarity = np.log((len(texts) + 1) / np.asarray(counts.sum(axis=0)).ravel())
    vectors = normalize(sparse.csr_matrix(counts.multiply(rarity)))
    centre = normalize(np.asarray(vectors.sum(axis=0)).reshape(1, -1))
    return (vectors @ centre.T).ravel()


class _Choice:
    """Quotes taken so far, and who has already been heard."""

    def __init__(self) -> None:
        self._quotes: list[dict[str, object]] = []
        self._respondents: set[str] = set()
        self._copies: set[str] = set()

    def take(self, ranked: pd.DataFrame, role: str, count: int = 1) -> int:
        """Take up to ``count`` quotes from the first rows on, skipping voices already heard; return how many."""
        taken = 0
        for voice in ranked.to_dict("records"):
            if taken == count:
                break
            copies = {voice["copy_of"], unaccent(voice["text"])}
            is_heard = voice["contribution_id"] in self._respondents or copies & self._copies
            if is_heard or not may_be_quoted(voice["text"], remark=voice["remark_text"]):
                continue
            self._respondents.add(voice["contribution_id"])
            self._copies |= copies
            reference = str(voice["remark_id"])[:REFERENCE_LETTERS]
            self._quotes.append({**voice, "role": role, "reference": reference})
            taken += 1
        return taken

    def table(self, keys: list[str], order: list[str] | None = None) -> pd.DataFrame:
        quotes = pd.DataFrame(self._quotes, columns=[*keys, *COLUMNS]).astype("string")
        return quotes.sort_values(order, kind="stable", ignore_index=True) if order else quotes
