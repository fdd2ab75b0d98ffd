"""The choice of quotes by rule: near the centre, at the edge, dissenting; exact, traceable, from no small cell.

A quote is the exact text of an idea, or of the whole sentence when the idea is cut out of one, or of the whole remark when that is
still too short to be understood. Those that say a word of the name of their sub-theme go first, then the nearest. No choice
holds two quotes of one respondent, nor two copies of one text. A text that accuses a recognisable person, tells a function with its
commune, or in which the gate would find personal data is never chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize

from psq_analysis import french
from psq_analysis.accusations import must_be_reviewed
from psq_analysis.content_words import PLACEHOLDER, read_content_words, stop_words
from psq_analysis.features import unaccent
from psq_analysis.labels import say
from psq_analysis.privacy import find_personal_data, scan_text
from psq_analysis.schema import NO_CONTENT, OUT_OF_SCOPE

# Under 50 characters a quote lacks its subject; over 280 it is no longer read.
MIN_LENGTH, MAX_LENGTH = 50, 280
# Three voices show what a sub-theme has in common; a fourth adds length, not sense.
CENTRAL_QUOTES = 3
# Distances that differ by less say the same of a short text: the one that holds the words of the name goes first.
SAME_DISTANCE = 0.1
# The report shows ten quotes: five large sub-themes, each with its typical and its dissenting voice.
REPORT_SUBTHEMES = 5
# Enough to trace a quote among a million remarks with the key, and nothing to anybody without it.
REFERENCE_LETTERS = 8

COLUMNS = ["role", "idea_id", "remark_id", "reference", "text"]
_FIRST_WORD = re.compile(r"\A[^\w\[]*([^\W\d_]*)")
# Links, markup and line breaks are read by machines and list-makers.
_NOT_PROSE = re.compile(r"https?:|www\.|[<>{}]|\n")
# Where a sentence ends: its mark and what closes after it; « M. » and « 3.5 » end none.
_SENTENCE_END = re.compile(r"(?<!\b[A-ZÀ-Ý])(?:[.!?…]+[\s»\")]*(?=\s|\Z)|\n)")
_ENDS_WHOLE = re.compile(r"[.!?…][\s»\")]*\Z")
CENTRE, EDGE, DISSENT = "centre", "edge", "dissent"
_OPPOSITE_TONES = {
    "constat_negatif": ("constat_positif",),
    "constat_positif": ("constat_negatif",),
    "proposition": ("constat_positif", "constat_negatif"),
}


def choose(
    subthemes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    min_respondents: int,
) -> pd.DataFrame:
    """Return, for each sub-theme, the three quotes nearest its centre (``centre``) and one at its edge (``edge``).

    Only respondents among ``contributions`` are quoted, and only sub-themes to which ``min_respondents`` of them
    contribute. Columns: ``theme``, ``subtheme_id``, ``label``, ``role``, ``idea_id``, ``remark_id``, ``reference``
    (opaque; the start of ``remark_id``), ``text``. A sub-theme with few usable texts gets fewer quotes.
    """
    quotable = _large_enough(
        _quotable(subthemes, ideas, remarks, contributions), "subtheme_id", min_respondents
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
) -> pd.DataFrame:
    """Return one quote per code of ``scheme``: in its commonest tone, sure of its code, and nearest to what is said under it.

    Columns: ``scheme``, ``code``, ``role``, ``idea_id``, ``remark_id``, ``reference``, ``text``. A code mentioned by fewer
    than ``min_respondents`` of ``contributions`` has no quote, nor has what lies out of scope.
    """
    is_shown = codes["scheme"].eq(scheme) & ~codes["code"].isin([OUT_OF_SCOPE, NO_CONTENT])
    coded = codes.loc[is_shown, ["idea_id", "scheme", "code", "score"]]
    quotable = _large_enough(_quotable(coded, ideas, remarks, contributions), "code", min_respondents)
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
) -> pd.DataFrame:
    """Return ten quotes: for each of the five largest sub-themes a typical voice and a dissenting one.

    Typical is nearest the centre. Dissenting (``dissent``) is nearest the centre among the ideas whose tone opposes the
    commonest tone of the sub-theme; without such an idea, the one at the edge (``edge``). At most two sub-themes of one
    theme, so that the largest theme does not speak alone. Columns as :func:`choose`.
    """
    quotable = _large_enough(
        _quotable(subthemes, ideas, remarks, contributions), "subtheme_id", min_respondents
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
        opposed = voices[voices["tone"].isin(_opposite(voices["tone"])) & (voices["tier"] == 0)]
        if not picked.take(opposed, DISSENT):
            picked.take(
                voices.sort_values(["tier", "distance", "idea_id"], ascending=[True, False, True]), EDGE
            )
    return picked.table(["theme", "subtheme_id", "label"])


def may_be_quoted(text: str, *, remark: str | None = None) -> bool:
    """Tell whether a text may be published as a quote; ``remark`` is the whole from which it is cut.

    >>> may_be_quoted("Une patrouille à pied le soir."), may_be_quoted("Le boulanger deale."), may_be_quoted("Voir Mme Peyrelongue.")
    (True, False, False)
    """
    return not must_be_reviewed(text, remark=remark) and not scan_text(text) and not find_personal_data(text)


def held_for_review(remarks: pd.DataFrame, contributions: pd.DataFrame) -> pd.DataFrame:
    """Return the usable remarks of ``contributions`` of which no quote is made before a person has read them.

    Columns: ``remark_id``, ``contribution_id``. They count in every share; they are only not quoted.
    """
    usable = remarks[~remarks["is_noise"] & remarks["contribution_id"].isin(contributions["contribution_id"])]
    is_held = usable["text"].map(must_be_reviewed).astype(bool)
    return usable.loc[is_held, ["remark_id", "contribution_id"]].reset_index(drop=True)


def held_sentence(remarks: pd.DataFrame, contributions: pd.DataFrame, *, min_cell: int) -> str:
    """Say how many remarks of ``contributions`` are held for re-reading; fewer than ``min_cell`` are not counted aloud."""
    held = len(held_for_review(remarks, contributions))
    if not held:
        return say("held_none")
    if held < min_cell:
        return say("held_few", min_cell=french.number(min_cell))
    return say("held", count=french.number(held))


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


def _quotable(
    placed: pd.DataFrame, ideas: pd.DataFrame, remarks: pd.DataFrame, contributions: pd.DataFrame
) -> pd.DataFrame:
    """Join ``placed`` (by ``idea_id``) with the text to quote, who said it, and how well it can be quoted (``tier``)."""
    usable = remarks.loc[
        ~remarks["is_noise"] & remarks["contribution_id"].isin(contributions["contribution_id"]),
        ["remark_id", "contribution_id", "text", "duplicate_group"],
    ].rename(columns={"text": "remark_text"})
    said = ideas[["idea_id", "remark_id", "text"]].rename(columns={"text": "idea_text"})
    joined = placed.merge(said, on="idea_id", validate="many_to_one").merge(
        usable, on="remark_id", validate="many_to_one"
    )
    pairs = zip(joined["idea_text"], joined["remark_text"], strict=True)
    sentence = pd.Series([_sentence_around(*pair) for pair in pairs], index=joined.index, dtype=object)
    poor = sentence.str.len().lt(MIN_LENGTH) | _leans(sentence)
    whole = poor & _is_easy(joined["remark_text"]) & ~_leans(joined["remark_text"])
    text = sentence.mask(whole, joined["remark_text"])
    return joined.assign(
        text=text,
        copy_of=joined["duplicate_group"].fillna(joined["remark_id"]),
        tier=np.select(
            [
                _is_easy(text) & ~_leans(text) & _is_whole(text),
                ~_is_masked(text) & ~_is_cut(text),
                ~_is_masked(text),
            ],
            [0, 1, 2],
            default=3,
        ),
    )


def _sentence_around(idea: str, remark: str) -> str:
    """Return the whole sentences of a remark in which an idea stands; the idea when they are too long, or when it is not there.

    >>> _sentence_around("Le soir, on sonne", "Bonjour. Le soir, on sonne, et personne ne répond. Voilà.")
    'Le soir, on sonne, et personne ne répond.'
    """
    start = remark.find(idea)
    if start < 0:
        return idea
    ends = [match.end() for match in _SENTENCE_END.finditer(remark)]
    first = max((end for end in ends if end <= start), default=0)
    last = min((end for end in ends if end >= start + len(idea.rstrip())), default=len(remark))
    sentence = remark[first:last].strip()
    return sentence if len(sentence) <= MAX_LENGTH else idea


def _is_whole(texts: pd.Series) -> pd.Series:
    """Whether each text ends as a sentence does."""
    return texts.map(lambda text: _ENDS_WHOLE.search(text) is not None).astype(bool)


def _is_cut(texts: pd.Series) -> pd.Series:
    """Whether each text ends where its sentence goes on."""
    return texts.str.rstrip().str.endswith((",", ";", ":", "(", "-", "–")).astype(bool)


def _is_masked(texts: pd.Series) -> pd.Series:
    return texts.map(lambda text: PLACEHOLDER.search(text) is not None).astype(bool)


def _leans(texts: pd.Series) -> pd.Series:
    """Whether each text opens with a word that leans on the sentence before it (« et », « mais », « ceux »)."""
    leaning = stop_words()["leaning"]
    return texts.map(lambda text: unaccent(_FIRST_WORD.findall(text)[0]) in leaning).astype(bool)


def _is_easy(texts: pd.Series) -> pd.Series:
    is_prose = ~texts.map(lambda text: _NOT_PROSE.search(text) is not None).astype(bool)
    return texts.str.len().between(MIN_LENGTH, MAX_LENGTH).astype(bool) & is_prose & ~_is_masked(texts)


def _large_enough(quotable: pd.DataFrame, cell: str, min_respondents: int) -> pd.DataFrame:
    respondents = quotable.groupby(cell)["contribution_id"].transform("nunique")
    return quotable[respondents >= min_respondents]


def _similarity_to_centre(texts: list[str]) -> np.ndarray:
    counts = read_content_words(texts).counts
    rarity = np.log((len(texts) + 1) / np.asarray(counts.sum(axis=0)).ravel())
    vectors = normalize(sparse.csr_matrix(counts.multiply(rarity)))
    centre = (
        normalize(np.asarray(vectors.sum(axis=0)).reshape(1, -1)) if vectors.shape[1] else np.zeros((1, 0))
    )
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
