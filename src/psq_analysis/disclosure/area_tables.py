"""The published areas as tables of a run, and back."""

from __future__ import annotations

import pandas as pd

from psq_analysis.disclosure.areas import ELSEWHERE, Areas

OF_AREA = ["area", "level", "name", "department_code", "is_rest", "is_exact", "respondents", "lat", "lng"]
OF_NUMBERS = ["mentions", "share", "low", "high"]
OF_CODE = [*OF_NUMBERS, "edge"]


def areas_table(areas: Areas) -> pd.DataFrame:
    """The table ``areas``: a row per area, the largest first, then those who are elsewhere, each with the code that is mapped."""
    scheme, code = areas.code or (None, None)
    elsewhere = {
        "area": ELSEWHERE, "level": ELSEWHERE, "is_rest": False, "is_exact": False, "respondents": areas.elsewhere
    }  # fmt: skip
    rows = areas.areas.astype(dict.fromkeys(OF_NUMBERS, "Float64"))
    last = pd.DataFrame([elsewhere]).reindex(columns=rows.columns).astype(rows.dtypes.to_dict())
    both = pd.concat([rows, last], ignore_index=True)
    return both.assign(scheme=scheme, code=code, edge=both["edge"].fillna(""))


def areas_of(areas: pd.DataFrame, communes: pd.DataFrame) -> Areas:
    """The areas that the tables ``areas`` and ``area_communes`` of a run hold."""
    inside = areas[areas["level"] != ELSEWHERE].reset_index(drop=True)
    elsewhere = int(areas.loc[areas["level"] == ELSEWHERE, "respondents"].sum())
    codes = inside[["scheme", "code"]].dropna().drop_duplicates()
    code = next(((str(row.scheme), str(row.code)) for row in codes.itertuples()), None)
    return Areas(areas=inside[OF_AREA + OF_CODE], elsewhere=elsewhere, communes=communes, code=code)
