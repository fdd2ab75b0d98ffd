"""The one family of errors an analyst can mend; each kind is defined where its trouble is known and registered here."""

from __future__ import annotations

# An error crosses a kernel by name alone: the command that runs the notebooks knows by this list which ones the analyst can mend.
KINDS = frozenset(
    {
        "AmbiguousFile",
        "BadCodebook",
        "BadCommuneTable",
        "BadContours",
        "BadFilter",
        "BadInput",
        "BadMapping",
        "BadQuery",
        "BadRemarkFile",
        "BadTypology",
        "BadWeights",
        "CannotShow",
        "DamagedFile",
        "DecisionError",
        "EmptyFile",
        "FetchFailed",
        "ImpossibleWeights",
        "MissingFile",
        "NoFreeText",
        "NotATable",
        "NothingToVerify",
        "PrintError",
        "RefusedFile",
        "RightsError",
        "RunError",
        "SettingsError",
        "UnknownName",
    }
)


class BadInput(Exception):
    """Input or parameters the analyst can mend (exit code 2).

    The message is one clear French sentence: what is wrong, where (file, row, column), and what to do. It never quotes
    the content of a remark. A kind is a subclass whose name is in :data:`KINDS`; any other is refused when it is defined.

    >>> class Surprise(BadInput): ...
    Traceback (most recent call last):
        ...
    TypeError: Surprise is not registered in psq_analysis.errors.KINDS
    """

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if cls.__name__ not in KINDS:
            raise TypeError(f"{cls.__name__} is not registered in psq_analysis.errors.KINDS")


def is_bad_input(name: str) -> bool:
    """Tell whether an exception known by its name alone is one the analyst can mend.

    >>> is_bad_input("EmptyFile"), is_bad_input("ZeroDivisionError")
    (True, False)
    """
    return name in KINDS
