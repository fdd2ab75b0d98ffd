"""A wave is the same survey asked again after a pause, even with a question reworded."""

from __future__ import annotations

from psq_analysis.sources import read_files

AUTUMN = "Date;Que constatez-vous au quotidien ?;Qu'attendez-vous de la police ?\n{0}/11/2017;Des rondes trop rares le soir, rue n° {0}.;Un accueil le samedi matin au guichet {0}.\n"
SPRING = "Date;Que constatez-vous au quotidien dans votre commune ?;Qu'attendez-vous de la police ?\n{0}/05/2018;Des motos toute la nuit, rue n° {0}.;Une patrouille à pied vers {0} heures, le soir.\n"
OTHER = "Date;Comment jugez-vous vos locaux ?;Quels moyens vous manquent ?\n{0}/05/2018;Vétustes et trop petits, surtout au bureau {0}.;Des véhicules en état de marche pour {0} agents.\n"


def _written(folder, **files):
    paths = []
    for name, text in files.items():
        head, row = text.split("\n", 1)
        path = folder / f"{name}.csv"
        path.write_text(head + "\n" + "".join(row.format(day) for day in range(10, 16)), encoding="utf-8")
        paths.append(path)
    return read_files(paths).contributions.groupby("source_file")["wave"].first().to_dict()


def test_a_reworded_question_does_not_merge_two_waves(tmp_path) -> None:
    assert _written(tmp_path, automne=AUTUMN, printemps=SPRING) == {"automne.csv": "1", "printemps.csv": "2"}


def test_another_questionnaire_is_no_wave_of_the_first(tmp_path) -> None:
    assert _written(tmp_path, automne=AUTUMN, agents=OTHER) == {"agents.csv": "1", "automne.csv": "1"}
