"""E-mails: the message without greeting, quotation and signature."""

from __future__ import annotations

from psq_analysis.sources import read_files
from small_exports import column_of, texts_of


def test_emails_keep_the_message_and_lose_greeting_quotation_and_signature(tmp_path) -> None:
    (tmp_path / "boite.txt").write_text(
        "De : Jeanne Ferrand <jeanne@boite.example>\nEnvoyé : lundi 4 décembre 2017 10:12\nÀ : CONCERTATION\nObjet : mon avis\n\n"
        "Monsieur le préfet,\n\nLa route de Tarbes est un circuit le samedi.\nPrévoir un radar.\n\nBien cordialement\nJeanne Ferrand\n"
        "Présidente du comité des fêtes\n32300 Mirande\n05 62 00 01 77\n\nLe 2 décembre 2017, la préfecture a écrit :\n> Donnez votre avis.\n"
        "________________________________\n"
        "De : Luc Abadie <luc@boite.example>\nEnvoyé : mardi 5 décembre 2017 09:00\nÀ : CONCERTATION\nObjet : Réponse automatique : avis\n\n"
        "Je suis absent jusqu'au 12 décembre.\n",
        encoding="utf-8",
    )
    intake = read_files([tmp_path / "boite.txt"])
    assert texts_of(intake) == ["La route de Tarbes est un circuit le samedi.\nPrévoir un radar."]
    assert column_of(intake, "stakeholder") == ["associations"]
    assert column_of(intake, "place_postcode") == ["32300"]
    assert intake.rejects["reason"].tolist() == ["réponse automatique : pas une contribution"]
    assert intake.ledger.iloc[0, 2:].tolist() == [2, 1, 0, 1]
