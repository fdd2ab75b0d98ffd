"""Do the intervals cover, do the tests hold their level, what would be noticed? Answers by simulation.

``python benchmarks/comparison_simulations.py`` prints the tables of ``docs/measured-coverage.md`` (some ten minutes on one core). Answers of one
respondent depend on each other, as they do in a consultation: each person tends to mention many codes or few.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from scipy import stats

from psq_analysis import proportions
from psq_analysis.comparison import contrasts
from psq_analysis.comparison import omnibus as comparison_omnibus
from psq_analysis.comparison import shares as comparison_shares

SEED = 20171120
SHARES = (0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50)
SIZES = (11, 20, 35, 60, 100, 200, 350, 1_000, 5_000)
# The six themes of a département: shares of respondents, from the frequent to the rare
THEMES = np.array([0.45, 0.40, 0.25, 0.20, 0.12, 0.05])
TERRITORIES = {"urbain": 0.30, "periurbain": 0.15, "rural": 0.55}
VOICES = {"habitants": 0.5, "élus": 0.2, "gendarmes": 0.15, "policiers": 0.1, "associations": 0.05}
CORRELATION = (
    0.3  # of the latent inclination to speak of any code; the ideas of one remark correlate less than this
)


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


def level_of_the_test() -> pd.DataFrame:
    """Exact probability of p ≤ 5 % without any difference, averaged over shares within ± 20 %; groups in the proportion 60/40."""
    rows = []
    for size in (30, 60, 100, 350):
        na, nb = round(0.6 * size), size - round(0.6 * size)
        a, b = np.meshgrid(np.arange(na + 1), np.arange(nb + 1), indexing="ij")
        rejected = proportions.two_sided_p(a, np.full(a.shape, na), b, np.full(b.shape, nb)) <= 0.05
        row = {}
        for share in (0.02, 0.05, 0.10, 0.30, 0.50):
            levels = []
            for k in np.linspace(0.8, 1.2, 21):
                p = share * k
                weight = np.outer(
                    stats.binom.pmf(range(na + 1), na, p), stats.binom.pmf(range(nb + 1), nb, p)
                )
                levels.append(weight[rejected].sum())
            row[f"{share:.0%}"] = np.mean(levels)
        rows.append(pd.Series(row, name=size))
    return pd.DataFrame(rows).rename_axis("n")


def consultation(
    generator: np.random.Generator, size: int, differences: dict[tuple[str, int], float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw respondents and what they mention; ``differences`` move the share of a theme in a group, in points."""
    people = pd.DataFrame(
        {
            "contribution_id": np.arange(size).astype(str),
            "territory": generator.choice(list(TERRITORIES), size, p=list(TERRITORIES.values())),
            "stakeholder": generator.choice(list(VOICES), size, p=list(VOICES.values())),
        }
    )
    shares = np.tile(THEMES, (size, 1))
    for (territory, theme), points in differences.items():
        shares[(people["territory"] == territory).to_numpy(), theme] += points
    inclination = generator.normal(size=(size, 1)) * np.sqrt(CORRELATION)
    latent = inclination + generator.normal(size=shares.shape) * np.sqrt(1 - CORRELATION)
    who, what = np.nonzero(latent < stats.norm.ppf(shares))
    said = pd.DataFrame(
        {
            "contribution_id": who.astype(str),
            "scheme": "theme",
            "code": np.array([f"t{n}" for n in range(6)])[what],
        }
    )
    return said, people


def runs(size: int, differences: dict[tuple[str, int], float], *, times: int) -> dict[str, float]:
    """Simulate whole runs: share of runs with any false finding, false discovery rate, power on the real differences."""
    generator = np.random.default_rng([SEED, size, len(differences)])
    any_false, proportion_false, found = [], [], []
    omnibus = []
    codes = {"theme": [f"t{n}" for n in range(6)]}
    moved = {(group, f"t{theme}") for group, theme in differences}
    for _ in range(times):
        said, people = consultation(generator, size, differences)
        table = contrasts.contrasts(
            comparison_shares.shares(said, people, codes=codes, groupings=("all", "territory", "stakeholder"))
        )
        announced = table["verdict"].isin(["more_often", "less_often"])
        truly = pd.Series(
            [
                row.grouping == "territory"
                and ((row.group_a, row.code) in moved) != ((row.group_b, row.code) in moved)
                for row in table.itertuples()
            ],
            index=table.index,
        )
        false = (announced & ~truly).sum()
        any_false.append(false > 0)
        proportion_false.append(false / max(announced.sum(), 1))
        if truly.any():
            found.append((announced & truly).sum() / truly.sum())
        omnibus += comparison_omnibus.omnibus(said, people, groupings=["territory"])["p_value"].to_list()
    return {
        "n": size,
        "contrasts": len(table),
        "any false finding": np.mean(any_false),
        "false discovery rate": np.mean(proportion_false),
        "power": np.mean(found) if found else np.nan,
        "omnibus p ≤ 5 %": np.mean(np.array(omnibus) <= 0.05),
    }


def power_curve() -> pd.DataFrame:
    """Power of one contrast, 210 respondents against 140, exact: alone at 5 %, and at 0.5 % as after correction among some dozens."""
    na, nb = 210, 140
    a, b = np.meshgrid(np.arange(na + 1), np.arange(nb + 1), indexing="ij")
    p = proportions.two_sided_p(a, np.full(a.shape, na), b, np.full(b.shape, nb))
    rows = []
    for points in (0.05, 0.10, 0.15, 0.20, 0.25, 0.30):
        row = {}
        for base in (0.10, 0.20, 0.35):
            weight = np.outer(
                stats.binom.pmf(range(na + 1), na, base + points), stats.binom.pmf(range(nb + 1), nb, base)
            )
            row[f"{base:.0%}, at 5 %"] = weight[p <= 0.05].sum()
            row[f"{base:.0%}, at 0.5 %"] = weight[p <= 0.005].sum()
        rows.append(pd.Series(row, name=f"{points:.0%}"))
    return pd.DataFrame(rows).rename_axis("difference")


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


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000, help="simulated runs per setting")
    times = parser.parse_args().runs
    coverages = coverages_of_shares()
    print(
        "Coverage of the Wilson interval (%), by n and true share\n",
        markdown(mean_coverage(coverages)),
        "\nSmallest and largest coverage of a single share (%)\n",
        markdown(range_of_coverage(coverages)),
        sep="\n",
    )
    print(
        "\nCoverage of the Newcombe interval (%), by n (60/40) and true shares\n",
        markdown(coverage_of_differences()),
        sep="\n",
    )
    print(
        "\nLevel of the test at 5 % (%), by n (60/40) and common share\n",
        markdown(level_of_the_test()),
        sep="\n",
    )
    some = {("rural", 0): 0.25, ("urbain", 2): 0.20, ("rural", 4): 0.15}
    whole = pd.DataFrame(
        [
            {"setting": "no difference", **runs(120, {}, times=times)},
            {"setting": "no difference", **runs(350, {}, times=times)},
            {"setting": "no difference", **runs(1_000, {}, times=times)},
            {"setting": "three themes differ", **runs(120, some, times=times // 4)},
            {"setting": "three themes differ", **runs(350, some, times=times // 4)},
            {"setting": "three themes differ", **runs(1_000, some, times=times // 4)},
        ]
    ).set_index("setting")
    whole["n"] = whole["n"].astype(str)
    whole["contrasts"] = whole["contrasts"].astype(str)
    print(
        f"\nWhole runs ({times} of each without difference, {times // 4} with), in %\n",
        markdown(whole),
        sep="\n",
    )
    print(
        "\nPower of one contrast (%), 210 respondents against 140\n",
        markdown(power_curve(), digits=0),
        sep="\n",
    )


if __name__ == "__main__":
    main()
