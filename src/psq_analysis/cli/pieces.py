"""What every command shares: help in French, options that several take."""

from __future__ import annotations

from pathlib import Path

import click

PATH = click.Path(path_type=Path)
codebook_option = click.option(
    "--codebook", metavar="FICHIER", type=PATH, help="grille de codage ; sinon celle du projet"
)
sentence_model_option = click.option(
    "--sentence-model",
    metavar="MODÈLE",
    default="",
    help="modèle de phrases qui aide à coder : dossier sentence-transformers, ou nom d'un modèle déjà téléchargé",
)
out_option = click.option("--out", metavar="DOSSIER", default="", help="où sont data/processed et reports")


class Command(click.Command):
    """A command whose help is in French."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "affiche cette aide"
        return option


class Commands(Command, click.Group):
    """Commands, each with the whole first sentence of its help."""

    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes"):
            formatter.write_dl(
                [
                    (name, (command.help or "").partition("\n")[0])
                    for name, command in sorted(self.commands.items())
                ]
            )
