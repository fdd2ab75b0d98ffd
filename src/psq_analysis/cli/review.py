"""``psq review``: people read remarks, and what they find counts."""

from __future__ import annotations

from pathlib import Path

import click

from psq_analysis.cli.pieces import PATH, Commands, codebook_option, out_option

# A command imports what it works with when it is called: the others, and a bad argument, do not pay for it.
# ruff: noqa: PLC0415

_to = click.option(
    "--to", "folder", metavar="DOSSIER", type=PATH, help="où écrire les fichiers ; sinon relectures/ANALYSE"
)


@click.group("review", cls=Commands, options_metavar="", subcommand_metavar="ÉTAPE …")
def review() -> None:
    """Fait lire des remarques par des personnes, et tient compte de ce qu'elles y trouvent."""


@review.command("sample")
@click.argument("name", metavar="ANALYSE")
@click.option("--size", metavar="N", type=click.IntRange(min=1), help="combien de répondants ; sinon 85")
@click.option("--xlsx", is_flag=True, help="des classeurs Excel, avec des listes de codes ; sinon des CSV")
@_to
@out_option
def sample(name: str, *, size: int | None, xlsx: bool, folder: Path | None, out: str) -> None:
    """Tire les répondants à lire et écrit un fichier par lecteur ; imprime leurs chemins.

    ANALYSE : nom d'une analyse finie.
    """
    from psq_analysis.review import files

    for line in files.write_sample(name, size=size, xlsx=xlsx, folder=folder, out=out):
        click.echo(line)


@review.command("read")
@click.argument("paths", metavar="FICHIER…", type=PATH, nargs=-1, required=True)
@codebook_option
def read(paths: tuple[Path, ...], *, codebook: Path | None) -> None:
    """Relit ce que les lecteurs ont rempli et le range dans data/manual/readings.csv ; ou nomme chaque case fausse.

    FICHIER : classeurs ou CSV de « psq review sample », remplis.
    """
    from psq_analysis.review import files

    for line in files.take_in(paths, codebook=codebook):
        click.echo(line)


@review.command("agree")
@click.argument("name", metavar="ANALYSE")
@click.option("--xlsx", is_flag=True, help="écrit aussi le classeur de ce qui reste à régler")
@_to
@out_option
def agree(name: str, *, xlsx: bool, folder: Path | None, out: str) -> None:
    """Dit, code par code, si deux lecteurs trouvent la même chose, et ce qui reste à régler entre eux.

    ANALYSE : nom d'une analyse finie.
    """
    from psq_analysis.review import files

    for line in files.compare(name, xlsx=xlsx, folder=folder, out=out):
        click.echo(line)


@review.command("apply")
@click.argument("name", metavar="ANALYSE")
@out_option
def apply(name: str, *, out: str) -> None:
    """Refait d'une analyse ce qui dépend des lectures ; dit ce qui a changé, imprime le chemin du rapport en dernier.

    ANALYSE : nom d'une analyse publiée.
    """
    from psq_analysis.review import applied

    opened, lines = applied.apply(name, out=out)
    for line in lines:
        click.echo(line)
    click.echo(opened)
