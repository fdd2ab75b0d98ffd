"""The ``psq`` command: parses and delegates, nothing else.

Exit codes: 0 done; 1 finding; 2 bad input or parameters; 3 a stage failed. Errors are one French sentence on stderr.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from psq_analysis import settings
from psq_analysis.cli.pieces import PATH, Commands, codebook_option, out_option, sentence_model_option
from psq_analysis.cli.review import review
from psq_analysis.errors import BadInput

DONE, FINDING, BAD_INPUT, FAILED = 0, 1, 2, 3  # exit codes, as the README promises them
DEFAULT_INPUTS = ("data/raw",)
# what a disk may refuse while a run writes
_DISK = {
    errno.ENOSPC: "Plus de place sur le disque : libérez-en, ou écrivez ailleurs avec --out, puis relancez.",
    errno.EDQUOT: "Votre part du disque est pleine : libérez de la place, ou écrivez ailleurs avec --out, puis relancez.",
    errno.EROFS: "Ce dossier ne peut pas être écrit : donnez-en un autre avec --out, puis relancez.",
    errno.EACCES: "Vous n'avez pas le droit d'écrire dans ce dossier : donnez-en un autre avec --out, puis relancez.",
}
CONTEXT = {"help_option_names": ["--help"], "max_content_width": 120}

# A command imports what it works with when it is called: the others, and a bad argument, do not pay for it.
# ruff: noqa: PLC0415


@click.group(cls=Commands, context_settings=CONTEXT, options_metavar="", subcommand_metavar="COMMANDE …")
def app() -> None:
    """Des réponses libres d'une concertation aux rapports de décision."""


app.add_command(review)


@app.command("run")
@click.argument("files", metavar="FICHIER…", nargs=-1, required=True)
@click.option(
    "-p",
    "parameters",
    metavar="NOM VALEUR",
    nargs=2,
    multiple=True,
    help="un paramètre de l'analyse ; répétable",
)
@click.option("-f", "parameter_file", metavar="FICHIER", type=PATH, help="paramètres dans un fichier YAML")
@click.option("--out", metavar="DOSSIER", default="", help="où écrire data/processed et reports")
@click.option("--until", metavar="ÉTAPE", default="report", help="s'arrêter après clean, cluster ou compare")
@click.option(
    "--pdf", is_flag=True, help="imprime aussi la synthèse (une page) et le rapport en PDF, avec Chromium"
)
@click.option("--docx", is_flag=True, help="écrit aussi la note du bureau, deux pages modifiables dans Word")
@click.option("--zip", "archive", is_flag=True, help="réunit le rapport et ses annexes dans un ZIP")
@click.option(
    "--cell-timeout",
    metavar="SECONDES",
    type=click.IntRange(min=1),
    help="arrête l'analyse quand une cellule dure davantage ; sinon elle attend",
)
@click.option(
    "--memory",
    metavar="GO",
    type=click.FloatRange(min=0, min_open=True),
    help="mémoire que l'analyse peut prendre ; sinon celle de la machine",
)
@click.option(
    "--check",
    "expected",
    metavar="MANIFESTE",
    type=PATH,
    help="vérifie que les tables sont celles d'un manifest.json ; nomme la première qui diffère",
)
def run(
    files: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    parameter_file: Path | None,
    *,
    out: str,
    until: str,
    pdf: bool,
    docx: bool,
    archive: bool,
    cell_timeout: int | None,
    memory: float | None,
    expected: Path | None,
) -> None:
    """Exécute les carnets sur des fichiers et publie le rapport ; imprime son chemin en dernier."""
    from psq_analysis import french

    if until not in settings.STAGES:
        raise settings.SettingsError(
            f"Étape inconnue « {until} » : choisissez {french.enumeration(list(settings.STAGES))}."
        )
    if (pdf or docx) and until != "report":
        raise settings.SettingsError(
            f"Option --{'pdf' if pdf else 'docx'} : le rapport n'est écrit qu'à la dernière étape ; ôtez --until."
        )
    values: dict[str, Any] = {} if parameter_file is None else settings.read_settings_file(parameter_file)
    values |= dict(parameters)
    values |= {"inputs": files} | ({"out": out} if out else {})
    if "name" not in values and files != DEFAULT_INPUTS:
        values["name"] = french.slug(Path(files[0]).stem) or settings.RunSettings().name
    checked = settings.parse_settings(values)
    from psq_analysis.runs import chain, manifests

    wanted = None if expected is None else manifests.read_manifest(expected)
    limits = chain.Limits(cell_seconds=cell_timeout, memory=None if memory is None else int(memory * 2**30))
    opened = chain.run_chain(checked, until=until, pdf=pdf, docx=docx, archive=archive, limits=limits)
    if wanted is not None and (
        difference := manifests.first_difference(wanted, opened.parent / "manifest.json")
    ):
        _leave(difference, FINDING)
    click.echo(opened)


@app.command("rerun")
@click.argument("name", metavar="ANALYSE")
@click.option(
    "--by",
    metavar="COLONNE",
    required=True,
    help="departement, territory, epci, stakeholder, wave, une question fermée…",
)
@click.option("--values", metavar="VALEUR,VALEUR", multiple=True, help="seulement ces groupes ; sinon tous")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    help="rapports faits en même temps, avec Dask",
)
@click.option("--cluster", metavar="ADRESSE", default="", help="ordonnanceur Dask déjà en marche (tcp://…)")
@out_option
def rerun(name: str, *, by: str, values: tuple[str, ...], jobs: int, cluster: str, out: str) -> None:
    """Publie le rapport de chaque groupe d'une analyse finie, et la page qui les liste ; imprime son chemin en dernier."""
    from psq_analysis.french.labels import label
    from psq_analysis.runs import rerun as reruns

    wanted = [one.strip() for given in values for one in given.split(",") if one.strip()]
    opened, made = reruns.rerun(name, by=by, values=wanted, jobs=jobs, cluster=cluster, out=out)
    for one in made:
        click.echo(
            f"{one.part.label} : {label('part_states', one.state)}{f' — {one.reason}' if one.reason else ''}",
            err=True,
        )
    if any(one.state == reruns.FAILED for one in made):
        _leave(
            f"Des rapports manquent ; relancez la même commande, elle ne fait que ceux-là. La liste : {opened}",
            FAILED,
        )
    click.echo(opened)


@app.command("check")
@click.argument("files", metavar="FICHIER…", nargs=-1, required=True)
@click.option("--mapping", metavar="FICHIER", type=PATH, help="rôle des colonnes, en YAML")
def check(files: tuple[str, ...], mapping: Path | None) -> None:
    """Dit ce que l'import comprend de chaque fichier ; n'écrit rien."""
    from psq_analysis import sources

    for file in files:
        description = sources.describe_file(Path(file), mapping=mapping)
        click.echo(sources.format_description(description))
        if description.problem is not None:
            raise description.problem


@app.command("code")
@click.argument("source", metavar="ENTRÉE", type=PATH)
@click.argument("target", metavar="SORTIE", type=PATH)
@codebook_option
@click.option("--human", metavar="FICHIER", type=PATH, help="remarques codées par des personnes")
@sentence_model_option
def code(source: Path, target: Path, codebook: Path | None, human: Path | None, sentence_model: str) -> None:
    """Code des remarques : ajoute themes, objectives et scores.

    ENTRÉE : JSON lines ou Parquet, champ remark. SORTIE : les mêmes, codées.
    """
    from psq_analysis.coding import assign
    from psq_analysis.coding.codebook_file import load_codebook
    from psq_analysis.runs import run as runs_run
    from psq_analysis.tables import record_files

    remarks = record_files.read_records(source, required="remark")
    grid = load_codebook(codebook or runs_run.project_folder() / runs_run.CODEBOOK)
    given = None if human is None else record_files.read_records(human, required="remark")
    coded = assign.code_remarks(
        remarks, grid, human=given, sentence_model=sentence_model, seed=settings.RunSettings().seed
    )
    record_files.write_records(coded, target)


@app.command("evaluate")
@click.argument("gold", metavar="RÉFÉRENCE", type=PATH)
@codebook_option
@click.option("--human", metavar="FICHIER", type=PATH, help="remarques codées dont apprendre")
@sentence_model_option
def evaluate(gold: Path, codebook: Path | None, human: Path | None, sentence_model: str) -> None:
    """Mesure le codage : précision, rappel, F1 par code, avec intervalles ; accord des lecteurs.

    RÉFÉRENCE : remarques codées par des personnes.
    """
    from psq_analysis.coding import evaluation, human_codes
    from psq_analysis.coding.codebook_file import load_codebook
    from psq_analysis.runs import run as runs_run
    from psq_analysis.sentences import evaluation as sentences_evaluation

    grid = load_codebook(codebook or runs_run.project_folder() / runs_run.CODEBOOK)
    given = None if human is None else human_codes.read_human_codes(human, grid)
    measured = evaluation.evaluate(
        human_codes.read_human_codes(gold, grid),
        grid,
        human=given,
        sentence_model=sentence_model,
        seed=settings.RunSettings().seed,
    )
    click.echo(sentences_evaluation.evaluation_text(measured, grid))


@app.command("mask")
@click.argument("source", metavar="ENTRÉE", type=PATH)
@click.argument("target", metavar="SORTIE", type=PATH)
@click.option("--explain", is_flag=True, help="dit aussi pourquoi, dans chaque span (why)")
def mask(source: Path, target: Path, *, explain: bool) -> None:
    """Masque les données personnelles : ajoute masked et spans.

    ENTRÉE : JSON lines, champ text. SORTIE : les mêmes, avec masked et spans.
    """
    import pandas as pd

    from psq_analysis.privacy import mask as privacy_mask
    from psq_analysis.tables import record_files

    texts = record_files.read_records(source, required="text")
    record_files.write_records(
        pd.DataFrame(privacy_mask.mask_records(texts.to_dict("records"), explain=explain), dtype=object),
        target,
    )


@app.command("verify")
@click.argument("paths", metavar="CHEMIN…", type=PATH, nargs=-1, required=True)
def verify(paths: tuple[Path, ...]) -> None:
    """Contrôle avant publication : une ligne par constat, jamais son contenu ; code de sortie 1 s'il y en a."""
    from psq_analysis import french
    from psq_analysis.gate import verify as gate_verify

    findings = gate_verify.verify(paths)
    for finding in findings:
        click.echo(finding.line)
    if findings:
        sys.exit(FINDING)
    files = sum(len(gate_verify.list_files(path)) for path in paths)
    click.echo(f"Rien à signaler : {french.count(files, 'fichier contrôlé', 'fichiers contrôlés')}.")


@app.command("find")
@click.argument("text", metavar="TEXTE")
@click.argument("files", metavar="[FICHIER…]", nargs=-1)
def find(text: str, files: tuple[str, ...]) -> None:
    """Retrouve dans les fichiers bruts ce qu'une personne a écrit (droit d'accès) : fichier, ligne, identifiant.

    FICHIER : exports à lire ; sinon data/raw.
    """
    from psq_analysis.runs import rights
    from psq_analysis.runs import run as runs_run

    hits = rights.find(
        text, runs_run.run_of(settings.parse_settings({"inputs": files or DEFAULT_INPUTS})).input_files
    )
    for hit in hits:
        sheet = f", feuille {hit.sheet}" if hit.sheet else ""
        click.echo(f"{hit.file}{sheet}, ligne {hit.row} : {hit.contribution_id or 'aucune contribution'}")
    if not hits:
        click.echo("Rien trouvé. Essayez un seul mot, ou une autre écriture du nom.")


@app.command("forget")
@click.argument("identifiers", metavar="IDENTIFIANT…", nargs=-1, required=True)
@click.option("--reason", metavar="RAISON", default="demande de la personne", help="pourquoi ; jamais un nom")
@out_option
def forget(identifiers: tuple[str, ...], reason: str, out: str) -> None:
    """Efface des contributions des tables et les écarte des prochaines exécutions ; dit ce qui a changé.

    IDENTIFIANT : contributions à effacer, ou fichiers qui les listent.
    """
    import datetime as dt

    from psq_analysis.runs import rights
    from psq_analysis.runs import run as runs_run

    run = runs_run.run_of(settings.parse_settings({"out": out} if out else {}))
    ids = rights.read_identifiers(list(identifiers))
    for line in rights.erase(run.project, run.out, ids, reason=reason, on=dt.date.today()):
        click.echo(line)


@app.group("fetch", cls=Commands, options_metavar="", subcommand_metavar="TABLE")
def fetch() -> None:
    """Va chercher une table de référence (la seule commande qui demande le réseau)."""


@fetch.command("density")
def fetch_density() -> None:
    """Va chercher la grille communale de densité de l'INSEE ; imprime où elle est et son empreinte."""
    from psq_analysis.places import density_grid

    grid = density_grid.fetch_density()
    click.echo(f"Grille de densité : empreinte SHA-256 {grid.sha256}. Donnez-la par -p territories.")
    click.echo(grid.path)


@app.command("render")
@click.argument("notebook", metavar="CARNET", type=PATH)
@click.option("--to", "target", metavar="FICHIER", type=PATH, help="page à écrire ; sinon à côté du carnet")
def render(notebook: Path, target: Path | None) -> None:
    """Fait d'un carnet exécuté une page HTML qui se lit sans réseau, figures comprises ; imprime son chemin.

    La page n'est pas contrôlée : passez « psq verify » avant de l'envoyer.
    """
    from psq_analysis.runs.render import render_notebook

    click.echo(render_notebook(notebook, target))


@app.command("lab")
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(1, 65_535),
    help="port de la page ; sinon le premier libre à partir de 8888",
)
@click.option("--no-browser", is_flag=True, help="n'ouvre pas le navigateur")
def lab(port: int | None, *, no_browser: bool) -> None:
    """Ouvre JupyterLab sur les carnets."""
    from jupyterlab.labapp import main as jupyter_lab

    from psq_analysis.runs import run as runs_run

    options = [f"--ServerApp.port={port}"] if port else []
    options += ["--no-browser"] if no_browser else []
    folder = runs_run.project_folder()
    sys.exit(
        jupyter_lab(
            [
                f"--notebook-dir={folder}",
                "--LabApp.default_url=/lab/tree/notebooks/mon_carnet.ipynb",
                *options,
            ]
        )
    )


def main() -> NoReturn:
    """Run the command and leave with its exit code; no traceback for what the analyst can mend."""
    try:
        app(standalone_mode=False)
    except BadInput as error:
        _leave(str(error), BAD_INPUT)
    except click.exceptions.NoArgsIsHelpError as error:
        _leave(error.format_message(), BAD_INPUT)
    except click.UsageError as error:
        _leave(_usage(error), BAD_INPUT)
    except click.Abort:
        _leave("Interrompu : rien n'a été publié.", FAILED)
    except Exception as error:
        _leave(*_stopped(error))
    sys.exit(DONE)


def _usage(error: click.UsageError) -> str:
    """Say in French what is wrong with a command line, and where its help is."""
    if isinstance(error, click.NoSuchOption):
        problem = f"option inconnue « {error.option_name} »"
    elif isinstance(error, click.BadOptionUsage) and error.option_name == "-p":
        return "Option -p incomplète : écrivez -p nom valeur, par exemple -p min_cell 11."
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        problem = f"il manque {error.param.metavar or error.param.name}"
    elif isinstance(error, click.BadParameter):
        problem = "valeur refusée pour une option"
    else:
        problem = "commande ou argument inconnu"
    command = error.ctx.command_path if error.ctx else "psq"
    return f"Commande mal écrite : {problem}. Tapez « {command} --help » pour l'aide."


def _stopped(error: Exception) -> tuple[str, int]:
    """Say why a run stopped or was held back; anything else is raised again."""
    from psq_analysis.runs.chain import HeldBack, StageError

    if isinstance(error, HeldBack):
        return str(error), FINDING
    if isinstance(error, StageError):
        return str(error), FAILED
    if isinstance(error, OSError) and error.errno in _DISK:
        return f"{_DISK[error.errno]} Les résultats précédents sont intacts.", FAILED
    raise error


def _leave(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)
