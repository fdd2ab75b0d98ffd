"""What an analyst gets: DataFrames that show themselves in French, draw themselves, and leave as a workbook or a CSV file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from psq_analysis import french
from psq_analysis.errors import BadInput
from psq_analysis.french.labels import column, label, say, short
from psq_analysis.html.fragments import Fragment, sentence, table

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHOWN = 20  # rows under a cell; the frame holds all
EXPORTS = (".xlsx", ".csv")


class CannotShow(BadInput):
    """A table cannot be drawn or written as asked."""


class Result(pd.DataFrame):
    """A DataFrame with a French face; ``about``: its caption, and what its kind needs to draw itself."""

    _metadata: ClassVar[list[str]] = ["about"]
    columns_shown: ClassVar[tuple[str, ...]] = ()

    @property
    def _constructor(self) -> Callable[..., Result]:
        return type(self)

    @classmethod
    def of(cls, frame: pd.DataFrame, **about: Any) -> Result:
        """Return a frame as a result of this kind."""
        made = cls(frame.reset_index(drop=True))
        made.about = about
        return made

    @property
    def caption(self) -> str:
        """The title of the table."""
        return str((getattr(self, "about", None) or {}).get("caption", ""))

    def shown(self) -> pd.DataFrame:
        """Return what is shown: the columns a reader looks at, in French; all columns where these are gone."""
        names = [name for name in self.columns_shown if name in self]
        return pd.DataFrame(self[names]) if names else pd.DataFrame(self)

    def _repr_html_(self) -> str:
        if not (getattr(self, "about", None) and set(self.columns_shown) & set(self.columns)):
            return str(pd.DataFrame(self)._repr_html_())
        rows = self.shown().head(SHOWN)
        more = say("first_rows", shown=french.number(len(rows)), rows=french.number(len(self))) if len(self) > len(rows) else ""  # fmt: skip
        return str(
            table(rows, caption=self.caption) + (sentence(more, kind="note") if more else Fragment(""))
        )

    def chart(self) -> go.Figure:
        """Return the figure of the table; raises :class:`CannotShow` where none says more than the table."""
        raise CannotShow("Ce tableau n'a pas de figure : run.shares(…), run.contrasts(…) et run.words(…) en ont une.")  # fmt: skip

    def export(self, path: str | Path) -> Path:
        """Write all rows to a workbook (``.xlsx``) or a CSV file for Excel (semicolons, decimal commas); return where.

        A text that a spreadsheet would run as a formula is kept as text.
        """
        from psq_analysis.takeaway.tables import neutralised  # noqa: PLC0415

        target = Path(path).expanduser()
        if target.suffix.lower() not in EXPORTS:
            raise CannotShow(f"Export « {target.name} » : terminez le nom par {' ou '.join(EXPORTS)}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        plain = pd.DataFrame(self)
        safe = neutralised(plain).rename(columns={name: _heading(name) for name in plain})
        if target.suffix.lower() == ".csv":
            safe.to_csv(target, index=False, sep=";", decimal=",", encoding="utf-8-sig")
        else:
            with pd.ExcelWriter(target, engine="openpyxl") as workbook:
                safe.to_excel(workbook, sheet_name="psq", index=False, freeze_panes=(1, 0))
                _widen(workbook.sheets["psq"])
        return target


def _widen(sheet: Any) -> None:
    """Give each column the width of its texts, folded past a width one reads in a line."""
    from openpyxl.styles import Alignment  # noqa: PLC0415

    for cells in sheet.iter_cols(max_row=min(sheet.max_row, 200)):
        longest = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[cells[0].column_letter].width = min(max(longest + 2, 10), 80)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.auto_filter.ref = sheet.dimensions


def _heading(name: object) -> str:
    try:
        return column(str(name))
    except KeyError:
        return str(name)


class People(Result):
    """One row a respondent."""

    columns_shown: ClassVar[tuple[str, ...]] = ("contribution_id", "stakeholder", "territory_label", "commune", "epci", "departement_label", "commune_size", "wave", "themes_label")  # fmt: skip


class Remarks(Result):
    """One row a remark."""

    columns_shown: ClassVar[tuple[str, ...]] = ("reference", "stakeholder", "territory_label", "commune", "question", "themes_label", "text")  # fmt: skip


class Ideas(Result):
    """One row an idea."""

    columns_shown: ClassVar[tuple[str, ...]] = ("reference", "stakeholder", "territory_label", "themes_label", "tones_label", "text")  # fmt: skip


class Demands(Result):
    """One row an idea that asks, complains or praises."""

    columns_shown: ClassVar[tuple[str, ...]] = ("kind", "label", "place", "stakeholder", "commune", "text")


class Listing(Result):
    """A plain table."""

    columns_shown: ClassVar[tuple[str, ...]] = ("kind", "name", "other_names", "values", "reference", "question", "similarity", "label", "score", "origin", "expression", "weight", "text")  # fmt: skip


class Shares(Result):
    """One row per code and group: how many respondents speak of it; the numbers of too small a group are empty."""

    columns_shown: ClassVar[tuple[str, ...]] = ("label", "group_label", "respondents", "mentions", "share", "interval")  # fmt: skip

    def shown(self) -> pd.DataFrame:
        """Return shares as the report writes them: n, mentions, share, interval; « non publié » for too small a group."""
        from psq_analysis.charts.style import numbers  # noqa: PLC0415

        keys = {"label": column("label")} | ({"group_label": column("group_label")} if self._is_grouped else {})  # fmt: skip
        return numbers(pd.DataFrame(self), keys)

    @property
    def _is_grouped(self) -> bool:
        return bool((self["grouping"] != "all").any())

    def chart(self) -> go.Figure:
        """Return the dots of the shares with their intervals, by group where there are several."""
        from psq_analysis.charts import dot_plot  # noqa: PLC0415

        draw = dot_plot.shares_by_group if self._is_grouped else dot_plot.shares
        rows = pd.DataFrame(self)
        if self._is_grouped:
            rows = rows[rows.groupby("group")["share"].transform("count") > 0]
        if rows.empty or rows["share"].isna().all():
            raise CannotShow("Rien à dessiner : aucun groupe n'a assez de répondants.")
        return draw(rows, title=self.caption, caption=self.caption)


class Contrasts(Result):
    """One row per code and pair of groups: the difference, its interval, and whether it holds."""

    columns_shown: ClassVar[tuple[str, ...]] = (
        "label",
        "group_a",
        "group_b",
        "difference",
        "q_value",
        "verdict",
    )

    def shown(self) -> pd.DataFrame:
        """Return differences as the report writes them."""
        from psq_analysis.comparison.contrasts import MIN_COMPARED, unnoticed  # noqa: PLC0415
        from psq_analysis.sentences.contrasts import shown_contrasts  # noqa: PLC0415

        rows, about = pd.DataFrame(self), self.about or {}
        made, others = rows[rows["difference"].notna()], rows[rows["difference"].isna()]
        told = shown_contrasts(made, about["names"], about["sizes"], unnoticed(made))
        untold = pd.DataFrame(
            {
                "label": others["label"], "group_a": others["group_a_label"], "group_b": others["group_b_label"],
                "difference": label("words", "none"), "verdict": say("too_few_to_compare", n=MIN_COMPARED),
            }
        )  # fmt: skip
        return pd.concat([told, untold], ignore_index=True).fillna(label("words", "none"))

    def chart(self) -> go.Figure:
        """Return the shares of the groups side by side."""
        return (self.about or {})["shares"].chart()


class Words(Result):
    """One row per group and word it uses more than the others."""

    columns_shown: ClassVar[tuple[str, ...]] = ("group_label", "word", "share", "share_others", "specificity", "q_value")  # fmt: skip

    def shown(self) -> pd.DataFrame:
        """Return words as the report writes them."""
        from psq_analysis.report.words import shown_words  # noqa: PLC0415

        rows = pd.DataFrame(self)
        return shown_words(rows).assign(group_label=rows["group_label"].to_list()) if len(rows) else pd.DataFrame()  # fmt: skip

    def chart(self) -> go.Figure:
        """Return the most specific words of each group, as bars."""
        from psq_analysis.charts import word_bars  # noqa: PLC0415

        if self.empty:
            raise CannotShow("Rien à dessiner : aucun groupe n'emploie un mot nettement plus que les autres.")
        return word_bars.word_bars(pd.DataFrame(self), title=self.caption)


class Found(Result):
    """One row per remark found."""

    columns_shown: ClassVar[tuple[str, ...]] = ("reference", "stakeholder", "commune", "themes", "text")  # fmt: skip

    @property
    def total(self) -> str:
        """How many remarks, of how many respondents, in a sentence."""
        return say(
            "found_total",
            remarks=french.count(len(self), "remarque trouvée", "remarques trouvées"),
            people=french.count(int(self["contribution_id"].nunique()), "répondant"),
        )

    @property
    def first_reference(self) -> str:
        """Reference of the first remark found; of the first of the run where none was."""
        return str(self["reference"].iloc[0]) if len(self) else str((self.about or {}).get("first", ""))

    def distribution(self, by: str = "territoire") -> Shares:
        """Return the share of the respondents of each group who say it, with intervals; small groups are not told."""
        return (self.about or {})["distribution"](self, by)

    def _repr_html_(self) -> str:
        about = getattr(self, "about", None) or {}
        if "marked" not in about or not set(self.columns_shown) <= set(self.columns):
            return super()._repr_html_()
        rows = pd.DataFrame(self).head(SHOWN)
        texts = pd.Series([about["marked"](text) for text in rows["text"]], index=rows.index, dtype=object)
        themes = rows["themes"].map(
            lambda names: " ; ".join(map(short, names.split(" ; "))), na_action="ignore"
        )
        marked = rows.assign(text=texts, themes=themes)[list(self.columns_shown)]
        more = say("first_rows", shown=french.number(len(rows)), rows=french.number(len(self))) if len(self) > len(rows) else ""  # fmt: skip
        return str(
            sentence(self.total)
            + table(marked, caption=self.caption)
            + (sentence(more, kind="note") if more else Fragment(""))
        )
