"""Any executed notebook as one offline page, its figures included."""

from __future__ import annotations

from pathlib import Path

from psq_analysis.runs.run import RunError


def render_notebook(notebook: Path, target: Path | None = None) -> Path:
    """Write the page of an executed notebook beside it (or to ``target``) and return its path.

    Raises :class:`RunError` for what is no notebook, or one that was never executed.
    """
    import nbformat  # noqa: PLC0415

    from psq_analysis.report import page  # noqa: PLC0415

    if not notebook.is_file():
        raise RunError(f"Carnet introuvable : {notebook}. Vérifiez le chemin.")
    try:
        read = nbformat.read(notebook, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError, AttributeError):
        raise RunError(f"{notebook.name} n'est pas un carnet Jupyter (.ipynb) lisible.") from None
    if not any(cell.get("outputs") for cell in read.cells):
        raise RunError(f"{notebook.name} n'a pas été exécuté : rien n'y est à montrer. Exécutez-le, enregistrez-le, puis relancez.")  # fmt: skip
    written = target or notebook.with_suffix(".html")
    written.write_text(page.render(notebook, with_code=True), encoding="utf-8")
    return written
