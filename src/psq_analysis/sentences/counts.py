"""Nothing is lost: what every file, row and remark became, in counts that add up."""

from __future__ import annotations

import pandas as pd

from psq_analysis import french
from psq_analysis.cleaning.copies import MIN_CAMPAIGN_RESPONDENTS
from psq_analysis.coding.codebook import Codebook
from psq_analysis.french.labels import department_name, label, say
from psq_analysis.settings import MIN_CELL
from psq_analysis.tables.schema import SHEET, TERRITORIES, UNDETERMINED, disjoint
from psq_analysis.text.languages import FRENCH, language_name

REMARKS_APART = ("held_remarks",)  # tables that count the remarks of a few people


def files(contributions: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """One row a file: format recognised, contributions, complete ones, remarks.

    >>> contributions = pd.DataFrame({"contribution_id": ["a"], "source_file": ["x.csv"], "source_format": ["limesurvey_csv"],
    ...                               "wave": ["1"], "is_complete": [True]})
    >>> files(contributions, pd.DataFrame({"contribution_id": ["a", "a"]})).values.tolist()
    [['x.csv', 'limesurvey_csv', '1', 1, 1, 2]]
    """
    per_contribution = remarks.groupby("contribution_id").size()
    counted = contributions.assign(
        remarks=contributions["contribution_id"].map(per_contribution).fillna(0).astype(int),
        is_complete=contributions["is_complete"].astype(int),
    )
    return (
        counted.groupby(["source_file", "source_format", "wave"], sort=True)
        .agg(
            contributions=("contribution_id", "size"),
            complete=("is_complete", "sum"),
            remarks=("remarks", "sum"),
        )
        .reset_index()
    )


def where_from(contributions: pd.DataFrame, *, min_cell: int = MIN_CELL) -> str:
    """Name the territories that enough contributions come from, without their numbers.

    The number of *respondents* by territory is published further on; that of contributions beside it would tell, by subtraction,
    how many of a territory said nothing or did not submit: a handful of people.

    >>> where_from(pd.DataFrame({"territory_type": ["rural"] * 12 + ["urbain"] * 3, "overseas": [False] * 15}))
    'Assez de contributions viennent des territoires ruraux pour que leur part soit montrée. Combien de répondants par territoire : carnet 3.'
    """
    counts = disjoint(contributions).value_counts()
    large = [
        label("groups_from", territory)
        for territory in TERRITORIES
        if territory != UNDETERMINED and counts.get(territory, 0) >= min_cell
    ]
    return say("where_from", territories=french.enumeration(large)) if large else say("where_from_none")


def remark_counts(remarks: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """Remarks by what became of them: received = without content + usable; then the copies and campaigns among the usable.

    A few copies, or a campaign's few answers, come from as few people: 1 to ``min_cell`` − 1 is withheld.
    """
    usable = remarks[~remarks["is_noise"]]
    counts = {"received": len(remarks), "noise": len(remarks) - len(usable), "usable": len(usable)}
    among = {
        "copies": int(usable["duplicate_group"].notna().sum()),
        "campaign": int(usable["campaign_id"].notna().sum()),
    }
    return pd.DataFrame(
        {
            "label": [label("counts", key) for key in (*counts, *among)],
            "remarks": [
                *map(french.number, counts.values()),
                *(_unless_small(count, min_cell) for count in among.values()),
            ],
        }
    )


def languages(remarks: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """Remarks that are not in French, by language; a few are withheld, and nothing is said of who wrote them.

    >>> languages(pd.DataFrame({"language": ["cpf", "fr"]})).values.tolist()
    [['créole', 'non publié']]
    """
    counts = remarks.loc[remarks["language"] != FRENCH, "language"].value_counts().sort_index()
    named = [
        (language_name(str(code)), _unless_small(int(count), min_cell)) for code, count in counts.items()
    ]
    return pd.DataFrame(named, columns=["language", "remarks"])


def turns(contributions: pd.DataFrame) -> str:
    """Say how many contributions are turns that minutes give to no one in particular."""
    count = int(contributions["is_turn"].sum())
    if count <= 1:
        return say("unattributed_one" if count else "unattributed_none")
    return say("unattributed_many", count=french.count(count, "intervention"))


def campaigns(remarks: pd.DataFrame, *, min_cell: int = MIN_CELL) -> str:
    """Say how many campaigns were found and how many respondents they brought together, as every page says it; a few are not counted aloud."""
    sent = remarks.dropna(subset=["campaign_id"])
    if sent.empty:
        return say("campaigns_none", least=MIN_CAMPAIGN_RESPONDENTS)
    found = french.count(sent["campaign_id"].nunique(), "campagne repérée", "campagnes repérées")
    size = sent["contribution_id"].nunique()
    told = say("campaigns_few", min_cell=min_cell) if size < min_cell else french.count(size, "répondant")
    return french.capitalised(say("campaigns_found", found=found, least=MIN_CAMPAIGN_RESPONDENTS, size=told))


def _unless_small(count: int, min_cell: int) -> str:
    return label("words", "withheld") if 0 < count < min_cell else french.number(count)


def masked(remarks: pd.DataFrame) -> pd.DataFrame:
    """Placeholders put in the remarks, by type: how many, and in how many remarks."""
    found = remarks["text"].str.extractall(r"\[(?P<type>[A-ZÉÈ][A-ZÉÈ' -]*?)(?: \d+)?\]").reset_index()
    counts = found.groupby("type").agg(placeholders=("type", "size"), remarks=("level_0", "nunique"))
    return counts.reset_index().rename(columns={"type": "label"}).sort_values("placeholders", ascending=False)


def ideas_sentence(ideas: pd.DataFrame, remarks: pd.DataFrame) -> str:
    """Say how many ideas how many usable remarks hold."""
    usable = int((~remarks["is_noise"]).sum())
    if not usable:
        return say("ideas_none")
    return say(
        "ideas",
        remarks=french.capitalised(french.count(usable, "remarque exploitable", "remarques exploitables")),
        ideas=french.count(len(ideas), "idée"),
        each=french.number(len(ideas) / usable, digits=1),
    )


def set_aside(remarks: pd.DataFrame, contributions: pd.DataFrame, *, after: pd.DataFrame) -> pd.DataFrame:
    """Add the remarks without content to ``rejects``: file, row, question and reason, never the text."""
    origin = [name for name in ("source_file", SHEET, "source_row") if name in contributions.columns]
    noise = remarks[remarks["is_noise"]].merge(
        contributions[["contribution_id", *origin]], on="contribution_id"
    )
    why = [label("counts", "noise" if language == FRENCH else "foreign") for language in noise["language"]]
    rows = noise.assign(column=noise["question"], reason=why)
    return pd.concat([after, rows.reindex(columns=after.columns)], ignore_index=True)


def ledger(read: pd.DataFrame, remarks: pd.DataFrame, contributions: pd.DataFrame) -> pd.DataFrame:
    """Add to the ledger of reading that of cleaning, which counts remarks per file."""
    placed = remarks.merge(contributions[["contribution_id", "source_file"]], on="contribution_id")
    cleaned = (
        placed.groupby("source_file", sort=True)["is_noise"]
        .agg(rows_in="size", rows_rejected="sum")
        .reset_index()
        .assign(stage="clean", rows_merged=0)
    )
    cleaned = cleaned.assign(rows_out=cleaned["rows_in"] - cleaned["rows_rejected"])
    return pd.concat([read, cleaned[list(read.columns)]], ignore_index=True)


def shown_ledger(rows: pd.DataFrame) -> pd.DataFrame:
    """The ledger with the names of its stages in French."""
    return rows.assign(stage=[label("stages", stage) for stage in rows["stage"]])


def reasons(rejects: pd.DataFrame) -> pd.DataFrame:
    """Count the rejected rows and cells by file and reason."""
    return rejects.groupby(["source_file", "reason"], sort=True).size().rename("rows").reset_index()


def shown_unplaced(unplaced: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """The reasons why a territory is undetermined, the most frequent first, in tenths of the contributions concerned.

    Tenths, and no total: a count of contributions beside that of respondents would tell of a few. Reasons of fewer than
    ``min_cell`` contributions are named together, without a number.

    >>> counts = pd.DataFrame({"reason": ["not_given", "mixed_postcode", "ambiguous_name"], "contributions": [30, 12, 2]})
    >>> shown_unplaced(counts)["share"].to_list()
    ['7 sur 10', '3 sur 10', 'rare']
    """
    counts = unplaced.groupby("reason")["contributions"].sum().sort_values(ascending=False, kind="stable")
    large = counts[counts >= min_cell]
    rows = [
        (label("unplaced", reason), say("tenths", tenths=max(round(10 * count / counts.sum()), 1)))
        for reason, count in large.items()
    ]
    rare = [label("unplaced", reason) for reason in sorted(counts.index.difference(large.index))]
    rows += [(" ; ".join(rare), label("words", "rare"))] if rare else []
    return pd.DataFrame(rows, columns=["reason", "share"])


def code_counts(
    codes: pd.DataFrame, ideas: pd.DataFrame, grid: Codebook, *, min_cell: int = MIN_CELL
) -> pd.DataFrame:
    """``ideas`` by scheme and code, in the words and the order of the codebook.

    A few ideas come from as few people: a count of 1 to ``min_cell`` − 1 is withheld.
    """
    counts = codes[codes["idea_id"].isin(ideas["idea_id"])].groupby(["scheme", "code"]).size()
    rows = [
        (grid.schemes[scheme].label, name, _unless_small(int(counts.get((scheme, code), 0)), min_cell))
        for scheme in grid.schemes
        for code, name in grid.labels(scheme).items()
    ]
    return pd.DataFrame(rows, columns=["scheme", "label", "ideas"])


def places(contributions: pd.DataFrame, *, min_cell: int) -> list[str]:
    """Départements from which enough contributions come, the most frequent first; at most three."""
    counts = contributions["department_code"].value_counts()
    return [department_name(code) for code in counts[counts >= min_cell].index[:3]]


def period(contributions: pd.DataFrame) -> str:
    """First and last day of submission in French, empty when no file says."""
    days = contributions["submitted_on"].dropna()
    return "" if days.empty else french.period(days.min().date(), days.max().date())


def shown_tables(tables: pd.DataFrame, *, min_cell: int = MIN_CELL) -> pd.DataFrame:
    """The tables a notebook wrote with their rows; of a table whose rows are remarks set apart, a few are withheld.

    >>> shown_tables(pd.DataFrame({"table": ["codes", "held_remarks"], "rows": [5, 5]}))["rows"].tolist()
    ['5', 'non publié']
    """
    rows = [
        _unless_small(int(row.rows), min_cell) if row.table in REMARKS_APART else french.number(row.rows)
        for row in tables.itertuples()
    ]
    return tables.assign(rows=rows)
