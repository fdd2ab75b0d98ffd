"""Each kind of trouble has its own sentence."""

from __future__ import annotations

import pytest

from psq_analysis.errors import BadInput
from psq_analysis.sources import read_files
from small_exports import SAID, write_csv


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"   \n\n ", "blancs"),
        (b"\x00\x01\x02\x03" * 200, "pas du texte"),
        (b"<html><body><p>Remarque</p></body></html>", "HTML"),
        (b"PK\x03\x04abcdef", "tronqu"),
        (b"%PDF-1.4 ...", "PDF"),
        (b'{"cells": [], "nbformat": 4}', "JSON"),
        (b"une seule phrase, sans tableau\net une autre\n", "aucun s"),
        ("nom;âge\nJean;12\nLuc;14\n".encode(), "aucune réponse libre"),
    ],
)
def test_each_kind_of_trouble_has_its_own_sentence(tmp_path, content, words) -> None:
    path = tmp_path / "fichier.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=words):
        read_files([path])


def test_a_missing_file_a_folder_a_file_given_twice_and_a_copy_are_told_apart(tmp_path) -> None:
    with pytest.raises(BadInput, match="n'existe pas"):
        read_files([tmp_path / "absent.csv"])
    with pytest.raises(BadInput, match="un par un"):
        read_files([tmp_path])
    path = write_csv(tmp_path / "a.csv", [["Remarque", "Commune"], [SAID[0], "Auch"]])
    with pytest.raises(BadInput, match="deux fois"):
        read_files([path, path])
    copy = tmp_path / "copie de a.csv"
    copy.write_bytes(path.read_bytes())
    with pytest.raises(BadInput, match=r"copie exacte de a\.csv"):
        read_files([path, copy])
