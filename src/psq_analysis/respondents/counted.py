"""Who counts, and which codes each respondent mentions."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from psq_analysis.tables.schema import disjoint

# Found in these very answers, sub-themes are counted where that describes them, and compared with nothing (docs/methods.md).
SUBTHEME = "subtheme"
MEETING = "compte_rendu"  # what the formats of minutes begin with


def respondents(
    remarks: pd.DataFrame, contributions: pd.DataFrame, *, include_incomplete: bool = False
) -> pd.DataFrame:
    """Return the contributions that count: submitted, with at least one usable remark; with their disjoint ``territory``.

    These are the denominators of every share. ``cluster`` and ``cluster_kind``: whose answers are alike (:mod:`psq_analysis.respondents.design`);
    ``questionnaire``: who was asked the same questions. ``include_incomplete`` counts questionnaires that were not submitted too. Where some of
    them sent an organised answer, ``campaign`` says who did (``campaign``) and who did not (``spontaneous``).

    >>> contributions = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_complete": [True, True, False],
    ...     "territory_type": "rural", "overseas": pd.array([False] * 3, dtype="boolean")})
    >>> remarks = pd.DataFrame({"contribution_id": ["a", "b", "c"], "is_noise": [False, True, False]})
    >>> respondents(remarks, contributions)[["contribution_id", "territory"]].values.tolist()
    [['a', 'rural']]
    """
    heard = contributions["contribution_id"].isin(remarks.loc[~remarks["is_noise"], "contribution_id"])
    return _described(contributions[heard & (contributions["is_complete"] | include_incomplete)], remarks)


def answerers(
    answers: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    include_incomplete: bool = False,
    without: Collection[str] = (),
) -> pd.DataFrame:
    """Return the contributions that ticked something, as :func:`respondents` returns those that wrote: the denominators of closed questions.

    Whoever ticked and wrote nothing is one of them. ``without``: contributions left out, those of organised answers alone.
    """
    ticked = contributions["contribution_id"].isin(answers["contribution_id"])
    left_out = contributions["contribution_id"].isin(without)
    return _described(
        contributions[ticked & ~left_out & (contributions["is_complete"] | include_incomplete)], remarks
    )


def _described(counted: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    placed = counted.assign(territory=disjoint(counted)).reset_index(drop=True)
    return _with_questionnaire(_with_clusters(_with_campaign(placed, remarks), remarks), remarks)


def _with_campaign(counted: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    if "campaign_id" not in remarks:
        return counted
    organised = remarks.loc[remarks["campaign_id"].notna(), "contribution_id"]
    sent = counted["contribution_id"].isin(organised)
    named = sent.map({True: "campaign", False: "spontaneous"}).astype("string")
    return counted.assign(campaign=named) if sent.any() else counted


def _with_clusters(counted: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """Add the cluster of each respondent: the campaign whose text they sent, else the meeting they spoke at, else their commune; or none."""
    nothing = pd.Series(pd.NA, index=counted.index, dtype="string")
    sent = nothing
    if "campaign_id" in remarks:
        first = remarks.dropna(subset=["campaign_id"]).drop_duplicates("contribution_id")
        sent = (
            counted["contribution_id"].map(first.set_index("contribution_id")["campaign_id"]).astype("string")
        )
    meeting = counted.get("source_file", nothing).astype("string").where(_is_meeting(counted))
    place = ("meeting:" + meeting).fillna("commune:" + counted.get("commune_code", nothing).astype("string"))
    kind = (
        pd.Series("place", index=counted.index, dtype="string")
        .where(place.notna())
        .mask(sent.notna(), "campaign")
    )
    return counted.assign(cluster=("campaign:" + sent).fillna(place), cluster_kind=kind)


def _with_questionnaire(counted: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """Add which questions each respondent was asked: files that ask the same ones are one questionnaire, and so are all minutes of meetings."""
    if "source_file" not in counted or "question" not in remarks:
        return counted
    file_of = counted.set_index("contribution_id")["source_file"]
    asked = remarks[["contribution_id", "question"]].assign(file=remarks["contribution_id"].map(file_of))
    questions = (
        asked.dropna(subset=["file"])
        .groupby("file")["question"]
        .agg(lambda several: frozenset(several.fillna("")))
    )
    numbers = {several: str(number) for number, several in enumerate(dict.fromkeys(questions), start=1)}
    named = counted["source_file"].map(questions.map(numbers)).astype("string")
    return counted.assign(questionnaire=named.mask(_is_meeting(counted), MEETING))


def _is_meeting(counted: pd.DataFrame) -> pd.Series:
    if "source_format" not in counted:
        return pd.Series(False, index=counted.index)
    return counted["source_format"].astype("string").str.startswith(MEETING).fillna(False).astype(bool)


def respondent_codes(
    codes: pd.DataFrame,
    ideas: pd.DataFrame,
    remarks: pd.DataFrame,
    contributions: pd.DataFrame,
    *,
    include_incomplete: bool = False,
) -> pd.DataFrame:
    """Return who mentions what: one row per counted respondent × ``scheme`` × ``code``, however often they say it.

    >>> codes = pd.DataFrame({"idea_id": ["i1", "i2"], "scheme": "theme", "code": "presence"})
    >>> ideas = pd.DataFrame({"idea_id": ["i1", "i2"], "remark_id": "r1"})
    >>> remarks = pd.DataFrame({"remark_id": ["r1"], "contribution_id": ["a"], "is_noise": [False]})
    >>> contributions = pd.DataFrame({"contribution_id": ["a"], "is_complete": [True], "territory_type": ["rural"],
    ...     "overseas": pd.array([False], dtype="boolean")})
    >>> respondent_codes(codes, ideas, remarks, contributions).values.tolist()
    [['a', 'theme', 'presence']]
    """
    counted = respondents(remarks, contributions, include_incomplete=include_incomplete)
    usable = remarks.loc[~remarks["is_noise"], ["remark_id", "contribution_id"]]
    said = (
        codes[["idea_id", "scheme", "code"]]
        .merge(ideas[["idea_id", "remark_id"]], on="idea_id")
        .merge(usable, on="remark_id")
    )
    said = said[said["contribution_id"].isin(counted["contribution_id"])]
    return (
        said[["contribution_id", "scheme", "code"]]
        .drop_duplicates()
        .sort_values(["contribution_id", "scheme", "code"], ignore_index=True)
    )


def with_subthemes(respondent_codes: pd.DataFrame, respondent_subthemes: pd.DataFrame) -> pd.DataFrame:
    """Return who mentions which code and speaks of which sub-theme, in one table.

    >>> said = pd.DataFrame([("a", "theme", "presence")], columns=["contribution_id", "scheme", "code"])
    >>> with_subthemes(said, said.assign(scheme="subtheme", code="presence/1"))["code"].tolist()
    ['presence', 'presence/1']
    """
    columns = ["contribution_id", "scheme", "code"]
    return pd.concat([respondent_codes[columns], respondent_subthemes[columns]], ignore_index=True)
