"""Do the intervals cover, do the tests hold their level, what would be noticed? Answers by simulation.

``python benchmarks/comparison_simulations.py`` prints the tables of ``docs/measured-coverage.md`` (some half an hour on one core; a setting of whole
runs, ``--size 350 --likeness 0.05``, takes five minutes). Answers of one
respondent depend on each other, as they do in a consultation (each person tends to mention many codes or few), and so do those of one commune.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from pandera.config import config_context
from scipy import stats

from psq_analysis import proportions
from psq_analysis.comparison import contrasts as comparison_contrasts
from psq_analysis.comparison import shares as comparison_shares
from psq_analysis.respondents.design import design

SEED = 20171120
SHARES = (0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50)
SIZES = (11, 20, 35, 60, 100, 200, 350, 1_000, 5_000)
# The six themes of a département: shares of respondents, from the frequent to the rare
THEMES = np.array([0.45, 0.40, 0.25, 0.20, 0.12, 0.05])
TERRITORIES = {"urbain": 0.30, "periurbain": 0.15, "rural": 0.55}
COMMUNES = {
    "urbain": 3,
    "periurbain": 6,
    "rural": 30,
}  # where people answer from, the k-th 1/k as often as the first
VOICES = {"habitants": 0.5, "élus": 0.2, "gendarmes": 0.15, "policiers": 0.1, "associations": 0.05}
CORRELATION = (
    0.3  # of the latent inclination to speak of any code; the ideas of one remark correlate less than this
)
SOME = {("rural", 0): 0.25, ("urbain", 2): 0.20, ("rural", 4): 0.15}  # points added to a theme in a territory
CODES = {"theme": [f"t{n}" for n in range(6)]}


def exact_coverage(size: int, share: float) -> float:
    """Probability that the Wilson interval holds the true share, by summing over every count: no simulation error."""
    counts = np.arange(size + 1)
    low, high = proportions.wilson(counts, np.full(size + 1, size))
    return float(stats.binom.pmf(counts, size, share)[(low <= share) & (share <= high)].sum())


def coverages_of_shares() -> dict[str, list[list[float]]]:
    """Exact coverages by true share and size: 201 true shares within ± 20 % of each nominal one, then 491 from 1 to 50 %."""
    around = np.linspace(0.8, 1.2, 201)
    table = {
        f"{share:.0%}": [[exact_coverage(n, share * k) for k in around] for n in SIZES] for share in SHARES
    }
    evenly = np.linspace(0.01, 0.50, 491)
    return table | {"1–50 %": [[exact_coverage(n, share) for share in evenly] for n in SIZES]}


def mean_coverage(coverages: dict[str, list[list[float]]]) -> pd.DataFrame:
    """Coverage averaged over the shares around each nominal one: a single share oscillates by lattice effects alone."""
    table = {name: [float(np.mean(cell)) for cell in cells] for name, cells in coverages.items()}
    return pd.DataFrame(table, index=pd.Index(SIZES, name="n"))


def range_of_coverage(coverages: dict[str, list[list[float]]]) -> pd.DataFrame:
    """Smallest and largest coverage of a single share among those around each nominal one."""
    table = {
        name: [f"{100 * min(cell):.1f}–{100 * max(cell):.1f}" for cell in cells]
        for name, cells in coverages.items()
    }
    return pd.DataFrame(table, index=pd.Index(SIZES, name="n"))


def coverage_of_differences() -> pd.DataFrame:
    """Coverage of the Newcombe interval, exact, averaged likewise over both shares; groups in the proportion 60/40."""
    rows = []
    for size in (30, 60, 100, 350, 1_000):
        na, nb = round(0.6 * size), size - round(0.6 * size)
        row = {}
        for share_a, share_b in ((0.05, 0.05), (0.10, 0.20), (0.30, 0.30), (0.30, 0.50), (0.50, 0.50)):
            a, b = np.meshgrid(np.arange(na + 1), np.arange(nb + 1), indexing="ij")
            low, high = proportions.newcombe(a, na, b, nb)
            covered = []
            for k in np.linspace(0.9, 1.1, 9):
                for j in np.linspace(0.9, 1.1, 9):
                    pa, pb = min(share_a * k, 0.5), min(share_b * j, 0.5)
                    weight = np.outer(
                        stats.binom.pmf(range(na + 1), na, pa), stats.binom.pmf(range(nb + 1), nb, pb)
                    )
                    covered.append(weight[(low <= pa - pb) & (pa - pb <= high)].sum())
            row[f"{share_a:.0%} / {share_b:.0%}"] = np.mean(covered)
        rows.append(pd.Series(row, name=size))
    return pd.DataFrame(rows).rename_axis("n")


def consultation(
    generator: np.random.Generator,
    size: int,
    differences: dict[tuple[str, int], float],
    *,
    likeness: float,
    themes: np.ndarray = THEMES,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw respondents and what they mention: themes ``t0``, ``t1``…, with their shares.

    ``differences`` move the share of a theme in a group, in points; ``likeness``: intra-class correlation of the answers within a commune.
    """
    people = pd.DataFrame(
        {
            "contribution_id": np.arange(size).astype(str),
            "territory": generator.choice(list(TERRITORIES), size, p=list(TERRITORIES.values())),
            "stakeholder": generator.choice(list(VOICES), size, p=list(VOICES.values())),
            "record_key": generator.integers(2**40, size=size),
            "cluster_kind": "place",
        }
    )
    shares = np.tile(themes, (size, 1))
    for (territory, theme), points in differences.items():
        shares[(people["territory"] == territory).to_numpy(), theme] += points
    for territory, communes in COMMUNES.items():
        inside = np.flatnonzero(people["territory"] == territory)
        often = 1 / np.arange(1, communes + 1)
        commune = generator.choice(communes, len(inside), p=often / often.sum())
        people.loc[inside, "cluster"] = [f"{territory}-{number}" for number in commune]
        if likeness:
            # beta law of the share of a commune: its variance is the correlation × p (1 − p)
            share = themes + [differences.get((territory, theme), 0.0) for theme in range(len(themes))]
            spread = 1 / likeness - 1
            own = generator.beta(share * spread, (1 - share) * spread, size=(communes, len(themes)))
            shares[inside] = own[commune]
    inclination = generator.normal(size=(size, 1)) * np.sqrt(CORRELATION)
    latent = inclination + generator.normal(size=shares.shape) * np.sqrt(1 - CORRELATION)
    who, what = np.nonzero(latent < stats.norm.ppf(shares))
    said = pd.DataFrame(
        {"contribution_id": who.astype(str), "scheme": "theme", "code": [f"t{theme}" for theme in what]}
    )
    return said, people


def whole_runs(
    size: int,
    differences: dict[tuple[str, int], float],
    *,
    likeness: float,
    times: int,
    is_ignored: bool = False,
) -> dict[str, float]:
    """Simulate whole runs: coverage of shares and differences, any false finding, false discovery rate, power, cost of the random keys.

    ``is_ignored``: intervals and tests as if answers were independent, to see what clusters cost.
    """
    generator = np.random.default_rng([SEED, size, len(differences), round(100 * likeness)])
    with config_context(
        validation_enabled=False
    ):  # the checks of tables, a sixth of the time, change no number
        results = [
            _whole_run(generator, size, differences, likeness, is_ignored=is_ignored) for _ in range(times)
        ]
    return pd.DataFrame(results).mean().to_dict()


def _whole_run(
    generator: np.random.Generator,
    size: int,
    differences: dict[tuple[str, int], float],
    likeness: float,
    *,
    is_ignored: bool,
) -> dict[str, float]:
    said, people = consultation(generator, size, differences, likeness=likeness)
    alike = design(said, people.drop(columns=["cluster", "cluster_kind"]) if is_ignored else people)
    prevalence = comparison_shares.shares(
        said, people, design=alike, codes=CODES, groupings=("all", "territory", "stakeholder")
    )
    shown = prevalence[prevalence["is_shown"]]
    truth = [
        _true_share(row.grouping, row.group, int(row.code[1:]), differences) for row in shown.itertuples()
    ]
    table = comparison_contrasts.contrasts(prevalence, said, people, design=alike)
    made = table[table["p_value"].notna()]
    gaps = pd.Series(
        [_true_gap(row, differences) for row in made.itertuples()], index=made.index, dtype=float
    )
    announced = made["verdict"] == "different"
    false = int((announced & (gaps == 0)).sum())
    same = made["verdict"] == "equivalent"
    is_far = gaps.abs() >= 0.10
    covered = (shown["low"] <= truth) & (truth <= shown["high"])
    groups = shown[(shown["grouping"] == "territory") & (shown["edge"] == "")]
    counts, sizes = groups["mentions"].to_numpy(float), groups["respondents"].to_numpy(float)
    effect = alike.effects(groups, people.set_index("contribution_id")["territory"])
    low, high = proportions.wilson(counts, sizes, effect=effect)
    wider = (groups["high"] - groups["low"]).to_numpy(float) / (high - low)
    return {
        "contrasts": len(made),
        "coverage of shares": float(covered.mean()),
        "of three communes": float(covered[shown["group"] == "urbain"].mean()),
        "coverage of differences": float(((made["low"] <= gaps) & (gaps <= made["high"])).mean()),
        "any false difference": float(false > 0),
        "false discovery rate": false / max(1, int(announced.sum())),
        "power": float(announced[gaps != 0].mean()) if (gaps != 0).any() else np.nan,
        "false equivalences": float(same[is_far].mean()) if is_far.any() else np.nan,
        "said equivalent": float(same.mean()),
        "cost of the keys": float(wider.mean() - 1),
    }


def _true_share(grouping: str, group: str, theme: int, differences: dict[tuple[str, int], float]) -> float:
    if grouping == "territory":
        return THEMES[theme] + differences.get((group, theme), 0.0)
    return THEMES[theme] + sum(
        TERRITORIES[one] * points for (one, at), points in differences.items() if at == theme
    )


def _true_gap(row: tuple, differences: dict[tuple[str, int], float]) -> float:
    if row.grouping != "territory":
        return 0.0
    theme = int(row.code[1:])
    return differences.get((row.group_a, theme), 0.0) - differences.get((row.group_b, theme), 0.0)


def markdown(table: pd.DataFrame, *, digits: int = 1) -> str:
    """Write fractions as percentages in a Markdown table."""
    lines = [
        "| " + " | ".join([table.index.name or "", *map(str, table.columns)]) + " |",
        "|---" * (len(table.columns) + 1) + "|",
    ]
    for name, row in table.iterrows():
        cells = [
            "" if pd.isna(x) else f"{100 * x:.{digits}f}" if isinstance(x, float) else str(x) for x in row
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def table_of_whole_runs(sizes: list[int], likenesses: list[float], times: int) -> pd.DataFrame:
    """Return a row per setting: ``times`` draws each, half as many where themes differ or likeness is ignored."""
    rows = []
    for size in sizes:
        for likeness in likenesses:
            settings = [("none", {}, False), ("three themes", SOME, False)]
            for name, moved, is_ignored in settings + (
                [("none, clusters ignored", {}, True)] * (likeness > 0)
            ):
                draws = times if not moved and not is_ignored else times // 2
                means = whole_runs(size, moved, likeness=likeness, times=draws, is_ignored=is_ignored)
                named = {"n": str(size), "likeness": str(likeness), "draws": str(draws)}
                means["contrasts"] = str(round(means["contrasts"]))
                rows.append(pd.Series({**named, **means}, name=name))
    return pd.DataFrame(rows).rename_axis("differences")


def main() -> None:
    """Print every table, or the whole runs of one setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000, help="simulated runs per setting")
    parser.add_argument("--size", type=int, help="whole runs of this many respondents, and nothing else")
    parser.add_argument(
        "--likeness", type=float, help="whole runs of this intra-class correlation, and nothing else"
    )
    given = parser.parse_args()
    if given.size is None and given.likeness is None:
        coverages = coverages_of_shares()
        print(
            "Coverage of the Wilson interval (%), by n and true share\n",
            markdown(mean_coverage(coverages)),
            "\nSmallest and largest coverage of a single share (%)\n",
            markdown(range_of_coverage(coverages)),
            "\nCoverage of the Newcombe interval (%), by n (60/40) and true shares\n",
            markdown(coverage_of_differences()),
            sep="\n",
        )
    whole = table_of_whole_runs(
        [given.size] if given.size else [120, 350, 1_000],
        [given.likeness] if given.likeness is not None else [0.0, 0.05],
        given.runs,
    )
    print(f"\nWhole runs, in %\n\n{markdown(whole)}")


if __name__ == "__main__":
    main()
