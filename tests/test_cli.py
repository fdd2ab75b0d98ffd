"""The command speaks French, in one sentence, with the right exit code, and leaves nothing half-made."""

from __future__ import annotations

import pytest

from support import notebooks_run_here, psq, psq_here

BAD_CALLS = {
    "a missing file": (["run", "absent.csv"], "introuvable : absent.csv"),
    "an unknown parameter": (["run", "data/raw", "-p", "sead", "7"], "vouliez-vous dire « seed »"),
    "an ill-typed parameter": (["run", "data/raw", "-p", "seed", "sept"], "un nombre entier est attendu"),
    "a parameter without value": (["run", "data/raw", "-p", "seed"], "écrivez -p nom valeur"),
    "a name that is a path": (["run", "data/raw", "-p", "name", "../ailleurs"], "Paramètre « name »"),
    "an unknown stage": (["run", "data/raw", "--until", "fin"], "Étape inconnue « fin »"),
    "a missing reference table": (
        ["run", "data/raw", "-p", "territories", "rien.csv"],
        "fichier introuvable : rien.csv",
    ),
    "an unknown option": (["run", "--vite"], "option inconnue « --vite »"),
    "an unknown command": (["lancer"], "commande ou argument inconnu"),
    "a missing file to check": (["check", "absent.csv"], "absent.csv"),
}
BAD_FILES = {
    "an empty file": (b"", "vide"),
    "a file that is no table": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "."),
    "no free-text column": (b"id;note\n1;3\n2;4\n3;5\n", "libre"),
}


@pytest.mark.parametrize(("words", "said"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_a_bad_call_is_one_french_sentence_and_exit_code_2(words, said, tmp_path):
    out = ["--out", tmp_path / "out"] if words[0] == "run" else []
    done = psq_here(words[0], *out, *words[1:])
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("content", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_one_french_sentence_and_leaves_no_folder(content, said, tmp_path):
    bad = tmp_path / "export.csv"
    bad.write_bytes(content)
    with notebooks_run_here():
        done = psq_here("run", bad, "--out", tmp_path / "out")
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    *stages, said_last = done.stderr.strip().splitlines()
    assert "export.csv" in said_last
    assert [line for line in stages if not line.startswith("1/5 ")] == []
    assert list(tmp_path.rglob("out/*")) == []


@pytest.mark.slow
def test_an_error_of_a_kernel_crosses_it_as_one_french_sentence(tmp_path):
    """The same sentence as in this process, from a process and a kernel of their own."""
    bad = tmp_path / "export.csv"
    bad.write_bytes(BAD_FILES["no free-text column"][0])
    with notebooks_run_here():
        here = psq_here("run", bad, "--out", tmp_path / "out")
    done = psq("run", bad, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == here.stderr.splitlines()[-1]
    assert list(tmp_path.rglob("out/*")) == []


def test_a_file_of_parameters_is_read_and_checked(tmp_path):
    wrong = tmp_path / "parametres.yml"
    wrong.write_text("graine: 7\n", encoding="utf-8")
    done = psq_here("run", "data/raw", "-f", wrong)
    assert done.returncode == 2
    assert "Paramètre inconnu « graine »" in done.stderr


def test_help_is_in_french_and_lists_the_commands():
    done = psq("--help")
    assert done.returncode == 0
    assert {"run", "check", "lab"} <= set(done.stdout.split())


@pytest.mark.parametrize("command", ["code", "evaluate"])
def test_a_sentence_model_that_cannot_be_used_is_one_french_sentence(command, tmp_path):
    coded = tmp_path / "codées.jsonl"
    coded.write_text('{"remark": "Plus de rondes le soir", "themes": ["presence"]}\n', encoding="utf-8")
    target = [tmp_path / "sortie.jsonl"] if command == "code" else []
    done = psq_here(command, coded, *target, "--sentence-model", "modeles/absent")
    assert done.returncode == 2
    assert done.stderr.startswith("Paramètre « sentence_model » :")
    assert "« modeles/absent »" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "sortie.jsonl").exists()


def test_jupyterlab_opens_on_the_notebook_to_start_from_on_the_port_asked_for(monkeypatch):
    from jupyterlab import labapp  # noqa: PLC0415

    asked: list[str] = []
    monkeypatch.setattr(labapp, "main", asked.extend)
    assert psq_here("lab", "--port", 8890, "--no-browser").returncode == 0
    assert {"--ServerApp.port=8890", "--no-browser"} <= set(asked)
    assert "--LabApp.default_url=/lab/tree/notebooks/mon_carnet.ipynb" in asked
    assert psq_here("lab", "--port", "beaucoup").returncode == 2
