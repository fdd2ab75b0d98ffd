"""A finished run of a hundred people, written table by table: what tests of the analyst's door look at, counted by hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from psq_analysis.runs.run import Run
from psq_analysis.settings import parse_settings
from psq_analysis.tables import schema
from support import PROJECT

# commune, département, density, type, overseas, voice, how many people; each says the text of its voice
PEOPLE = [
    ("32013", "32", 2, "urbain", False, "élus", 20),
    ("32107", "32", 5, "rural", False, "élus", 14),
    ("32013", "32", 2, "urbain", False, "commerçants", 16),
    ("97411", "974", 1, "urbain", True, "habitants", 35),
    (None, None, None, "indetermine", None, "habitants", 15),
]
TEXTS = {
    "élus": ("Des patrouilles la nuit, à pied", "presence", "proposition"),
    "commerçants": ("Éclairer les rues commerçantes", "adaptation", "proposition"),
    "habitants": ("L'accueil est fermé le soir", "acces", "constat_negatif"),
}
QUESTION = "Qu'attendez-vous ?"
CLOSED = "Êtes-vous satisfait ?"


def write_small_run(out: Path, name: str = "petite") -> Run:
    """Write the tables of the run under ``out`` and return it."""
    run = Run(settings=parse_settings({"name": name, "out": str(out)}), project=PROJECT, out=out)
    people = [person for *person, n in PEOPLE for _ in range(n)]
    ids = [f"c{number:03d}" for number in range(len(people))]
    contributions = pd.DataFrame(people, columns=["commune_code", "department_code", "density_level", "territory_type", "overseas", "stakeholder"]).assign(
        contribution_id=ids, source_file="avis.csv", source_row=range(2, len(people) + 2), source_format="csv", wave="1",
        submitted_on=pd.NaT, is_complete=True, record_key=[int(hashlib.sha256(one.encode()).hexdigest()[:12], 16) for one in ids],
    )  # fmt: skip
    contributions["overseas"] = contributions["overseas"].astype("boolean")
    said = [TEXTS[person[5]] for person in people]
    remarks = pd.DataFrame({"remark_id": [f"{number:04d}aaaa{number:04d}" for number in range(len(ids))], "contribution_id": ids, "question_id": "q1",
                            "question": QUESTION, "text": [text for text, *_ in said], "language": "fr", "is_noise": False, "duplicate_group": None,
                            "campaign_id": None, "weight": 1.0})  # fmt: skip
    ideas = pd.DataFrame({"idea_id": [f"i{number:03d}" for number in range(len(ids))], "remark_id": remarks["remark_id"], "start": 0,
                          "end": remarks["text"].str.len(), "text": remarks["text"]})  # fmt: skip
    codes = [
        (idea, scheme, code, 0.9, "model")
        for idea, (_, theme, tone) in zip(ideas["idea_id"], said, strict=True)
        for scheme, code in (("theme", theme), ("tone", tone))
    ]
    first = contributions["stakeholder"].eq("élus").to_numpy()
    demands = pd.DataFrame({"idea_id": ideas["idea_id"][first], "kind": "demande", "demand_id": "demande/patrouilles", "label": "Des patrouilles la nuit",
                            "action": "", "object": "patrouille", "place": None})  # fmt: skip
    groups = pd.DataFrame([{"kind": "demande", "demand_id": "demande/patrouilles", "label": "Des patrouilles la nuit", "respondents": int(first.sum()),
                            "counted": len(ids), "share": 0.34, "low": 0.25, "high": 0.44, "ideas": int(first.sum()), "objective": None, "theme": "presence",
                            "is_campaign": False, "is_shown": True}])  # fmt: skip
    run.write(
        contributions=contributions,
        answers=pd.DataFrame({"contribution_id": ids, "question_id": "Q2", "question": CLOSED, "value": ["Oui", "Non"] * (len(ids) // 2)}),
        remarks=remarks,
        ideas=ideas,
        codes=pd.DataFrame(codes, columns=["idea_id", "scheme", "code", "score", "origin"]),
        subthemes=schema.empty("subthemes"),
        clusters=schema.empty("clusters"),
        demands=demands,
        demand_groups=groups,
    )  # fmt: skip
    return run
