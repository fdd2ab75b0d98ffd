"""Decidim and Cap Collectif: one reading whatever the file."""

from __future__ import annotations

import json

import pytest

from psq_analysis.sources import read_files
from small_exports import column_of, texts_of, write_csv, write_xlsx

DECIDIM = [
    {"id": 310, "category": {"id": 24, "name": {"fr": "Tranquillité"}}, "scope": {"id": 200, "name": {"fr": "Condom"}}, "component": {"id": 47},
     "participatory_space": {"id": 12, "url": "https://participer.example"}, "title": {"fr": "Un référent"},
     "body": {"fr": "<p>Un gendarme&nbsp;référent</p><ul><li>le lundi</li><li>au marché</li></ul>"}, "state": "accepted",
     "answer": {"fr": "<p>Merci, c'est transmis au groupe de travail.</p>"}, "endorsements": {"total_count": 1, "user_endorsements": "Ana Ruiz"},
     "published_at": "2021-04-12 09:15:39 +0200"},
    {"id": 311, "category": {"id": None, "name": {"fr": ""}}, "scope": {"id": 201, "name": {"fr": "Gers"}}, "component": {"id": 47},
     "participatory_space": {"id": 12, "url": "https://participer.example"}, "title": {"fr": "Stop"},
     "body": {"fr": "<p>Vitesse &gt; 60 devant l'école, bruit &lt; zéro respect</p>"}, "state": "withdrawn", "answer": {"fr": ""},
     "endorsements": {"total_count": 0, "user_endorsements": ""}, "published_at": "2021-04-12 18:40:14 +0200"},
]  # fmt: skip


def _flat(item: dict, prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in item.items():
        flat.update(
            _flat(value, f"{prefix}{key}/")
            if isinstance(value, dict)
            else {f"{prefix}{key}": "" if value is None else str(value)}
        )
    return flat


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_decidim_reads_alike_as_json_csv_and_xlsx(tmp_path, kind) -> None:
    path = tmp_path / f"proposals.{kind}"
    flat = [_flat(item) for item in DECIDIM]
    rows = [list(flat[0]), *([item[key] for key in flat[0]] for item in flat)]
    if kind == "json":
        path.write_text(json.dumps(DECIDIM, ensure_ascii=False), encoding="utf-8")
    elif kind == "csv":
        write_csv(path, rows)
    else:
        write_xlsx(path, Proposals=rows)
    intake = read_files([path])
    assert intake.contributions["source_format"].iloc[0] == f"decidim_proposals_{kind}"
    assert [text.split() for text in texts_of(intake)] == [
        ["Un", "gendarme", "référent", "le", "lundi", "au", "marché"],
        ["Vitesse", ">", "60", "devant", "l'école,", "bruit", "<", "zéro", "respect"],
    ]
    assert intake.contributions["is_complete"].tolist() == [True, False]
    assert column_of(intake, "place_commune") == ["Condom", None]
    assert column_of(intake, "place_department") == [None, "Gers"]
    assert "Ana Ruiz" not in intake.answers.to_csv()
    assert "transmis" not in intake.answers.to_csv() + intake.remarks.to_csv()
