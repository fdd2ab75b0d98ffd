"""Threads of a forum, messages of a telephone, and letters, as people copy them into a text."""

from __future__ import annotations

import docx

from psq_analysis.sources import read_files

FORUM = """Forum municipal - Sujet : Votre avis sur la sécurité du quotidien

Marion_32
Posté le 12/01/2018 à 18:42
Habitante de Pavie
Le parking de la gare est un coupe-gorge après 20 h.
Répondre

Jean-Luc D.
Posté le 12/01/2018 à 19:05
Commerçant à Auch
> Le parking de la gare est un coupe-gorge après 20 h.
D'accord. Et l'éclairage s'éteint à 22 h.

Marion_32
Posté le 13/01/2018 à 08:10
On pourrait demander une ronde à la fermeture.

Modérateur
Posté le 13/01/2018 à 09:00
Merci à tous, le sujet est clos.
"""
CHAT = """[08/01/2018 18:12] Zoé : La vitesse avenue de la gare.
[08/01/2018 18:40] Max : RAS
[09/01/2018 07:02] Zoé : Et les camions,
surtout la nuit.
"""
LETTER = """Commune de Sarrant
Mairie, place de l'Église
32120 SARRANT

Monsieur le Préfet du Gers
3 place du Préfet Erignac
32000 AUCH

Sarrant, le 12 décembre 2017

Objet : concertation PSQ

Monsieur le Préfet,

Les cambriolages se multiplient dans les hameaux. Nous demandons des patrouilles de nuit.

Veuillez agréer, Monsieur le Préfet, l'expression de ma haute considération.

Le Maire,
Bernard Castex
"""


def _read(path, text):
    path.write_text(text, encoding="utf-8")
    return read_files([path])


def test_a_thread_has_one_contribution_a_person_and_quotations_are_left_out(tmp_path) -> None:
    intake = _read(tmp_path / "fil.txt", FORUM)
    assert intake.contributions["stakeholder"].tolist() == ["habitants", "commerçants"]
    assert intake.contributions["place_commune"].tolist() == ["Pavie", "Auch"]
    assert intake.remarks["text"].tolist() == [
        "Le parking de la gare est un coupe-gorge après 20 h.",
        "On pourrait demander une ronde à la fermeture.",
        "D'accord. Et l'éclairage s'éteint à 22 h.",
    ]
    assert not intake.contributions.astype("string").to_csv().count("Marion")


def test_messages_dated_before_the_name_are_read_with_their_following_lines(tmp_path) -> None:
    intake = _read(tmp_path / "sms.txt", CHAT)
    assert len(intake.contributions) == 2
    assert "Et les camions,\nsurtout la nuit." in intake.remarks["text"].tolist()


def test_a_letter_gives_its_words_its_writer_s_quality_and_place_and_not_the_addressee_s(tmp_path) -> None:
    text = _read(tmp_path / "lettre.txt", LETTER)
    document = docx.Document()
    for line in LETTER.splitlines():
        document.add_paragraph(line)
    document.save(tmp_path / "lettre.docx")
    for intake in (text, read_files([tmp_path / "lettre.docx"])):
        one = intake.contributions.iloc[0]
        assert (one["stakeholder"], one["place_postcode"], str(one["submitted_on"].date())) == (
            "élus",
            "32120",
            "2017-12-12",
        )
        assert intake.remarks["text"].tolist() == [
            "Les cambriolages se multiplient dans les hameaux. Nous demandons des patrouilles de nuit."
        ]
        assert "Castex" not in intake.contributions.astype("string").to_csv()
