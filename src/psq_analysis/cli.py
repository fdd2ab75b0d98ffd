"""The ``psq`` command: parses and delegates, nothing else.

Exit codes: 0 done; 1 finding; 2 bad input or parameters; 3 a stage failed. Errors are one French sentence on stderr.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from psq_analysis import french, settings
from psq_analysis.errors import BadInput

DONE, FINDING, BAD_INPUT, FAILED = 0, 1, 2, 3  # exit codes, as the README promises them
DEFAULT_INPUTS = ("data/raw",)

app = typer.Typer(
    name="psq",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Des réponses libres d'une concertation aux rapports de décision.",
)
fetch = typer.Typer(
    no_args_is_help=True, help="Va chercher une table de référence (la seule commande qui demande le réseau)."
)
app.add_typer(fetch, name="fetch")
Files = Annotated[
    list[str], typer.Argument(metavar="FICHIER…", help="exports à lire, ou dossiers qui en contiennent")
]
SentenceModel = Annotated[
    str,
    typer.Option(
        "--sentence-model",
        metavar="MODÈLE",
        help="modèle de phrases qui aide à coder : dossier sentence-transformers, ou nom d'un modèle déjà téléchargé",
    ),
]


@app.command("run")
def run(
    files: Files,
    parameters: Annotated[
        list[str] | None,
        typer.Option("-p", metavar="NOM VALEUR", help="un paramètre de l'analyse ; répétable"),
    ] = None,
    *,
    parameter_file: Annotated[
        Path | None, typer.Option("-f", metavar="FICHIER", help="paramètres dans un fichier YAML")
    ] = None,
    out: Annotated[
        str, typer.Option("--out", metavar="DOSSIER", help="où écrire data/processed et reports")
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="ÉTAPE", help="s'arrêter après clean, cluster ou compare")
    ] = "report",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="imprime aussi le rapport en PDF, avec Chromium")
    ] = False,
    archive: Annotated[
        bool, typer.Option("--zip", help="réunit le rapport et ses annexes dans un ZIP")
    ] = False,
) -> None:
    """Exécute les carnets sur des fichiers et publie le rapport ; imprime son chemin en dernier."""
    from psq_analysis import settings  # noqa: PLC0415 (seconds of imports that other commands do not pay for)
    from psq_analysis.runs import chain  # noqa: PLC0415 (seconds of imports that other commands do not pay for)

    if until not in settings.STAGES:
        raise settings.SettingsError(
            f"Étape inconnue « {until} » : choisissez {french.enumeration(list(settings.STAGES))}."
        )
    if pdf and until != "report":
        raise settings.SettingsError(
            "Option --pdf : le rapport n'est écrit qu'à la dernière étape ; ôtez --until."
        )
    values = {} if parameter_file is None else settings.read_settings_file(parameter_file)
    values |= dict(zip((parameters or [])[::2], (parameters or [])[1::2], strict=True))
    values |= {"inputs": tuple(files)} | ({"out": out} if out else {})
    if "name" not in values and tuple(files) != DEFAULT_INPUTS:
        values["name"] = french.slug(Path(files[0]).stem) or settings.RunSettings().name
    typer.echo(chain.run_chain(settings.parse_settings(values), until=until, pdf=pdf, archive=archive))


@app.command("check")
def check(
    files: Files,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FICHIER", help="rôle des colonnes, en YAML")
    ] = None,
) -> None:
    """Dit ce que l'import comprend de chaque fichier ; n'écrit rien."""
    from psq_analysis import sources  # noqa: PLC0415

    for file in files:
        description = sources.describe_file(Path(file), mapping=mapping)
        typer.echo(sources.format_description(description))
        if description.problem is not None:
            raise description.problem


@app.command("code")
def code(
    source: Annotated[
        Path, typer.Argument(metavar="ENTRÉE", help="remarques : JSON lines ou Parquet, champ remark")
    ],
    target: Annotated[Path, typer.Argument(metavar="SORTIE", help="les mêmes, codées")],
    codebook: Annotated[
        Path | None,
        typer.Option("--codebook", metavar="FICHIER", help="grille de codage ; sinon celle du projet"),
    ] = None,
    human: Annotated[
        Path | None, typer.Option("--human", metavar="FICHIER", help="remarques codées par des personnes")
    ] = None,
    sentence_model: SentenceModel = "",
) -> None:
    """Code des remarques : ajoute themes, objectives et scores."""
    from psq_analysis.coding import assign  # noqa: PLC0415
    from psq_analysis.coding.codebook_file import load_codebook  # noqa: PLC0415
    from psq_analysis.runs import run as runs_run  # noqa: PLC0415
    from psq_analysis.tables import record_files  # noqa: PLC0415

    remarks = record_files.read_records(source, required="remark")
    grid = load_codebook(codebook or runs_run.project_folder() / runs_run.CODEBOOK)
    given = None if human is None else record_files.read_records(human, required="remark")
    coded = assign.code_remarks(
        remarks, grid, human=given, sentence_model=sentence_model, seed=settings.RunSettings().seed
    )
    record_files.write_records(coded, target)


@app.command("evaluate")
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="RÉFÉRENCE", help="remarques codées par des personnes")],
    codebook: Annotated[
        Path | None,
        typer.Option("--codebook", metavar="FICHIER", help="grille de codage ; sinon celle du projet"),
    ] = None,
    human: Annotated[
        Path | None, typer.Option("--human", metavar="FICHIER", help="remarques codées dont apprendre")
    ] = None,
    sentence_model: SentenceModel = "",
) -> None:
    """Mesure le codage : précision, rappel, F1 par code, avec intervalles ; accord des lecteurs."""
    from psq_analysis.coding import evaluation, human_codes  # noqa: PLC0415
    from psq_analysis.coding.codebook_file import load_codebook  # noqa: PLC0415
    from psq_analysis.runs import run as runs_run  # noqa: PLC0415
    from psq_analysis.sentences import evaluation as sentences_evaluation  # noqa: PLC0415

    grid = load_codebook(codebook or runs_run.project_folder() / runs_run.CODEBOOK)
    given = None if human is None else human_codes.read_human_codes(human, grid)
    measured = evaluation.evaluate(
        human_codes.read_human_codes(gold, grid),
        grid,
        human=given,
        sentence_model=sentence_model,
        seed=settings.RunSettings().seed,
    )
    typer.echo(sentences_evaluation.evaluation_text(measured, grid))


@app.command("mask")
def mask(
    source: Annotated[Path, typer.Argument(metavar="ENTRÉE", help="JSON lines, champ text")],
    target: Annotated[Path, typer.Argument(metavar="SORTIE", help="les mêmes, avec masked et spans")],
    explain: Annotated[
        bool, typer.Option("--explain", help="dit aussi pourquoi, dans chaque span (why)")
    ] = False,
) -> None:
    """Masque les données personnelles : ajoute masked et spans."""
    import pandas as pd  # noqa: PLC0415

    from psq_analysis.privacy import mask as privacy_mask  # noqa: PLC0415
    from psq_analysis.tables import record_files  # noqa: PLC0415

    texts = record_files.read_records(source, required="text")
    record_files.write_records(
        pd.DataFrame(privacy_mask.mask_records(texts.to_dict("records"), explain=explain), dtype=object),
        target,
    )


@app.command("verify")
def verify(
    paths: Annotated[
        list[Path], typer.Argument(metavar="CHEMIN…", help="rapports, ou dossiers qui en contiennent")
    ],
) -> None:
    """Contrôle avant publication : une ligne par constat, jamais son contenu ; code de sortie 1 s'il y en a."""
    from psq_analysis.gate import verify as gate_verify  # noqa: PLC0415

    findings = gate_verify.verify(paths)
    for finding in findings:
        typer.echo(finding.line)
    if findings:
        raise typer.Exit(FINDING)
    files = sum(len(gate_verify.list_files(path)) for path in paths)
    typer.echo(f"Rien à signaler : {french.count(files, 'fichier contrôlé', 'fichiers contrôlés')}.")


@app.command("find")
def find(
    text: Annotated[str, typer.Argument(metavar="TEXTE", help="nom, adresse, numéro… à retrouver")],
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FICHIER…", help="exports à lire ; sinon data/raw")
    ] = None,
) -> None:
    """Retrouve dans les fichiers bruts ce qu'une personne a écrit (droit d'accès) : fichier, ligne, identifiant."""
    from psq_analysis.runs import rights  # noqa: PLC0415
    from psq_analysis.runs import run as runs_run  # noqa: PLC0415

    hits = rights.find(text, runs_run.open_run(inputs=tuple(files or DEFAULT_INPUTS)).input_files)
    for hit in hits:
        sheet = f", feuille {hit.sheet}" if hit.sheet else ""
        typer.echo(f"{hit.file}{sheet}, ligne {hit.row} : {hit.contribution_id or 'aucune contribution'}")
    if not hits:
        typer.echo("Rien trouvé. Essayez un seul mot, ou une autre écriture du nom.")


@app.command("forget")
def forget(
    identifiers: Annotated[
        list[str],
        typer.Argument(metavar="IDENTIFIANT…", help="contributions à effacer, ou fichiers qui les listent"),
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="RAISON", help="pourquoi ; jamais un nom")
    ] = "demande de la personne",
    out: Annotated[
        str, typer.Option("--out", metavar="DOSSIER", help="où sont data/processed et reports")
    ] = "",
) -> None:
    """Efface des contributions des tables et les écarte des prochaines exécutions ; dit ce qui a changé."""
    import datetime as dt  # noqa: PLC0415

    from psq_analysis.runs import rights  # noqa: PLC0415
    from psq_analysis.runs import run as runs_run  # noqa: PLC0415

    run = runs_run.open_run(**({"out": out} if out else {}))
    ids = rights.read_identifiers(identifiers)
    for line in rights.erase(run.project, run.out, ids, reason=reason, on=dt.date.today()):
        typer.echo(line)


@fetch.command("density")
def fetch_density() -> None:
    """Va chercher la grille communale de densité de l'INSEE ; imprime où elle est et son empreinte."""
    from psq_analysis.places import density_grid  # noqa: PLC0415

    grid = density_grid.fetch_density()
    typer.echo(f"Grille de densité : empreinte SHA-256 {grid.sha256}. Donnez-la par -p territories.")
    typer.echo(grid.path)


@app.command("lab")
def lab() -> None:
    """Ouvre JupyterLab sur les carnets."""
    from jupyterlab.labapp import main as jupyter_lab  # noqa: PLC0415

    from psq_analysis.runs import run as runs_run  # noqa: PLC0415

    sys.exit(
        jupyter_lab(
            [f"--notebook-dir={runs_run.project_folder()}", "--LabApp.default_url=/lab/tree/notebooks"]
        )
    )


def main() -> NoReturn:
    """Run the command and leave with its exit code; no traceback for what the analyst can mend."""
    try:
        left = app(args=_pair_parameters(sys.argv[1:]), standalone_mode=False)
    except BadInput as error:
        _leave(str(error), BAD_INPUT)
    except typer.Abort:
        _leave("Interrompu : rien n'a été publié.", FAILED)
    except Exception as error:
        _leave(*_explain(error))
    # the parser returns the code of a command that left with one, and what any other command returned: nothing
    sys.exit(left or DONE)


def _explain(error: Exception) -> tuple[str, int]:
    """Say in French what the command-line parser or a stage complains of; anything else is raised again."""
    from psq_analysis.runs.chain import StageError  # noqa: PLC0415
    from psq_analysis.runs.publish import HeldBack  # noqa: PLC0415

    if isinstance(error, HeldBack):
        return str(error), FINDING
    if isinstance(error, StageError):
        return str(error), FAILED
    context = getattr(error, "ctx", None)
    if not hasattr(error, "format_message"):
        raise error
    command = context.command_path if context else "psq"
    match type(error).__name__:
        case "NoSuchOption":
            trouble = f"option inconnue « {error.option_name} »"  # type: ignore[attr-defined]
        case "MissingParameter":
            trouble = f"il manque {error.param.metavar or error.param.name}"  # type: ignore[attr-defined]
        case "BadParameter":
            trouble = "valeur refusée pour une option"
        case "NoArgsIsHelpError":
            trouble = "aucune commande donnée"
        case _:
            trouble = "commande ou argument inconnu"
    return f"Commande mal écrite : {trouble}. Tapez « {command} --help » pour l'aide.", BAD_INPUT


def _pair_parameters(words: list[str]) -> list[str]:
    """Read ``-p name value`` as two occurrences of ``-p``: the parser takes one word an option.

    >>> _pair_parameters(["run", "a.csv", "-p", "seed", "7"])
    ['run', 'a.csv', '-p', 'seed', '-p', '7']
    """
    paired: list[str] = []
    position = 0
    while position < len(words):
        if words[position] == "-p":
            name_and_value = words[position + 1 : position + 3]
            if len(name_and_value) < 2:
                raise settings.SettingsError(
                    "Option -p incomplète : écrivez -p nom valeur, par exemple -p min_cell 11."
                )
            for word in name_and_value:
                paired += ["-p", word]
            position += 3
        else:
            paired.append(words[position])
            position += 1
    return paired


def _leave(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(code)
