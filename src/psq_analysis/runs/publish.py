"""Turn the executed notebooks into the published pages, all or nothing, behind the gate."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from psq_analysis import french
from psq_analysis.french.labels import label, say
from psq_analysis.gate import verify
from psq_analysis.report import page as report_page
from psq_analysis.runs.folders import swap
from psq_analysis.runs.run import Run
from psq_analysis.settings import STAGES
from psq_analysis.takeaway import chromium, note, pictures
from psq_analysis.takeaway import tables as takeaway_tables

FINDINGS = "constats.txt"


def write_reports(
    run: Run, timings: dict[str, float], *, whole: bool, pdf: bool, docx: bool, archive: bool
) -> None:
    """Write pages, downloads and manifest from the executed notebooks; ``whole``: the chain went to its end."""
    beside = _beside(run) if whole else []
    if docx:
        _write_note(run)
        beside.append((note.NOTE, label("downloads", note.NOTE)))
    if pdf:
        beside += [(name, label("downloads", name)) for name in (chromium.SYNTHESIS, chromium.PDF)]
    is_all_drawn = not whole or chromium.find_chromium() is not None
    _render(run, downloads=beside, note="" if is_all_drawn else say("few_pictures"))
    if pdf:
        chromium.print_synthesis(run.reports / "index.html", run.reports / chromium.SYNTHESIS)
        chromium.print_pdf(run.reports / "index.html", run.reports / chromium.PDF)
    manifest = run.trace() | {
        "seconds": timings,
        "finished_on": dt.datetime.now(dt.UTC).isoformat("T", "seconds"),
    }
    (run.reports / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    if archive:
        takeaway_tables.pack(run.reports, run.reports / f"{run.settings.name}.zip")


def held_folder(final: Run) -> Path:
    return final.reports.with_name(f"{final.settings.name}.retenu")


def hold_back(run: Run, final: Run, findings: Sequence[verify.Finding]) -> str:
    """Keep the reports aside with the list of findings; return what to tell the analyst."""
    lines = [finding.line for finding in findings]
    (run.reports / FINDINGS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept = held_folder(final)
    swap(run.reports, kept)
    return "\n".join(
        [
            *lines,
            f"Rien n'est publié : {french.count(len(lines), 'constat')} à lever, dont la liste est dans {kept / FINDINGS}. "
            "Les résultats précédents sont intacts.",
        ]
    )


def _beside(run: Run) -> list[tuple[str, str]]:
    """Write the tables and figures a reader may take away; return what the report links to: path and title."""
    with ThreadPoolExecutor(1) as beside:  # Chromium is another process
        drawing = beside.submit(draw_pictures, run)
        tables = takeaway_tables.publishable(run.read, run.code_names(), min_cell=run.settings.min_cell)
        written = takeaway_tables.write_tables(
            tables, run.reports, name=run.settings.name, title=run.settings.title
        )
        drawn = drawing.result()
    named = [(path, label("downloads", path)) for path in written]
    return [*named, *([(f"{chromium.FIGURES}/", label("downloads", chromium.FIGURES))] if drawn else [])]


def draw_pictures(run: Run) -> bool:
    """Draw the figures of the executed notebooks that are not drawn yet; tell whether there are pictures now.

    Called as soon as the comparisons are there, while the report is written: Chromium then works beside it.
    """
    folder = run.reports / chromium.FIGURES
    executed = [run.reports / f"{STAGES[stage]}.ipynb" for stage in ("compare", "report")]
    figures = {
        name: figure
        for notebook in executed
        if notebook.is_file()
        for name, figure in report_page.figures(notebook).items()
        if not (folder / f"{name}.svg").is_file()
    }
    drawn = chromium.draw(figures, folder)
    pictures.draw({name: one for name, one in figures.items() if f"{name}.svg" not in drawn}, folder)
    return folder.is_dir()


def _write_note(run: Run) -> None:
    """Write the note for the office, with the chart of themes the report shows."""
    executed = run.reports / f"{STAGES['report']}.ipynb"
    first = next(iter(report_page.figures(executed, with_meta=True).values()), None)
    chart = None
    if first is not None and pictures.can_draw(first):
        chart = {"png": pictures.picture(first, "png"), "alt": first["layout"]["meta"]["alt"]}
    note.write_note(
        run.read,
        run.code_names(),
        run.trace(),
        run.reports / note.NOTE,
        title=run.settings.title,
        min_cell=run.settings.min_cell,
        chart=chart,
    )


def _render(run: Run, *, downloads: Sequence[tuple[str, str]], note: str) -> None:
    """Write the page of each executed notebook; each links to the others and to the ``downloads``."""
    executed = {
        "index.html" if path.stem == STAGES["report"] else f"{path.stem}.html": path
        for path in sorted(run.reports.glob("*.ipynb"))
    }
    titles = {name: report_page.title_of(path) for name, path in executed.items()}
    parameters = run.publishable(run.settings.model_dump(mode="json"))
    for name, path in executed.items():
        report_page.strip_paths(path, parameters)
        others = [(other, title) for other, title in titles.items() if other != name]
        page = report_page.render(
            path, with_code=name != "index.html", siblings=others, downloads=downloads, note=note
        )
        (run.reports / name).write_text(page, encoding="utf-8")
