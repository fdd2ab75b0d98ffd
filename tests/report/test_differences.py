"""The sections that compare groups."""

import pandas as pd

from psq_analysis.report import differences
from psq_analysis.tables import schema


def test_a_heat_map_writes_a_cell_that_is_not_published_as_such() -> None:
    """A code of which few speak in all has no share by group, beside codes that have one."""
    rows = [
        {"group": group, "code": code, "share": share, "edge": ""}
        for group in ("élus", "habitants")
        for code, share in (("presence", 0.4), ("acces", None))
    ]
    overall = [
        {"group": "all", "grouping": "all", "code": "presence", "share": 0.4, "edge": ""},
        {"group": "all", "grouping": "all", "code": "acces", "share": 0.1, "edge": ""},
    ]
    prevalence = pd.DataFrame([*({"grouping": "stakeholder"} | row for row in rows), *overall]).assign(
        scheme="theme", mentions=8, respondents=20, low=0.3, high=0.5, is_shown=True, noise=0.0
    )
    prevalence["share"] = prevalence["share"].astype("Float64")
    contrasts = schema.empty("contrasts")
    names = {("theme", "presence"): "Présence", ("theme", "acces"): "Accès"}
    shown = differences.heat_map(prevalence, contrasts, "stakeholder", names, caption="Voix", min_cell=11)
    assert shown.count('class="withheld"') == 2
    assert "40" in shown
