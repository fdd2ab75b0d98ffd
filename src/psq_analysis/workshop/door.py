"""The analyst's door to a finished run: ``run = psq.open("gers")``, then tables, counts and searches, each a DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from psq_analysis import french
from psq_analysis.quotes.choice import REFERENCE_LETTERS
from psq_analysis.respondents.chosen import Choice
from psq_analysis.runs.run import Run
from psq_analysis.sentences.words import group_name, value_name
from psq_analysis.workshop import results
from psq_analysis.workshop.counting import Counting
from psq_analysis.workshop.finding import Finder
from psq_analysis.workshop.said import Said, by_remark, read_said
from psq_analysis.workshop.where import run_named

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from psq_analysis.workshop.reasons import Explainer

Only = str | Mapping[str, object]
_LISTED = {"theme": "themes", "objective": "objectives", "tone": "tones", "subtheme": "subthemes", "demande": "demands", "irritant": "irritants", "satisfaction": "satisfactions"}  # fmt: skip


def open_analysis(name: str, *, out: str = "", **parameters: Any) -> Analysis:
    """Open a finished analysis by its name. Raises an error in French, with the nearest names, when there is none."""
    return Analysis(run_named(name, out=out, **parameters))


class Analysis:
    """A finished analysis: what people wrote, who they are, how many say what, and where it is said.

    ``people``, ``remarks``, ``ideas``, ``demands`` are tables; ``shares``, ``contrasts``, ``words`` count respondents, with intervals, as the report does
    (numbers of groups are moved by random keys, too small ones are not told); ``find``, ``around``, ``similar``, ``why`` read remarks.
    ``columns`` says by what all this can be filtered (``only``) and grouped (``by``). ``files``: the run itself.
    """

    def __init__(self, files: Run) -> None:
        self.files = files

    def __repr__(self) -> str:
        people = french.count(len(self._counting.everyone), "répondant compté", "répondants comptés")
        remarks = french.count(len(self._remarks), "remarque")
        return f"Analyse « {self.files.settings.name} » : {people}, {remarks}. Ce qu'on peut demander : run.columns, run.people, run.remarks, run.ideas, run.demands, run.shares(…), run.contrasts(…), run.words(…), run.find(…)."

    @cached_property
    def _choice(self) -> Choice:
        return self.files.choice()

    @cached_property
    def _said(self) -> Said:
        return read_said(self.files)

    @cached_property
    def _remarks(self) -> pd.DataFrame:
        return self.files.read("remarks")

    @cached_property
    def _ideas(self) -> pd.DataFrame:
        return self.files.read("ideas")

    @cached_property
    def _counting(self) -> Counting:
        return Counting(
            self.files.settings, self._choice, self._remarks, self._ideas, self.files.read("contributions"), self._said
        )  # fmt: skip

    @cached_property
    def _finder(self) -> Finder:
        from psq_analysis.workshop import index  # noqa: PLC0415

        opened = index.open_index(self.files, lambda: (self._said, self._labelled(self._choice.people)))
        return Finder(opened, lambda: index.vectors(self.files))

    # --- tables ---

    @cached_property
    def people(self) -> results.People:
        """One row a respondent: voice, place, population, territory, wave, what they ticked, and what they say; French names beside codes."""
        rows = self._labelled(self._choice.people.drop(columns=["record_key"]))
        asked = [name for name in self._choice.columns if name not in rows]
        from psq_analysis.respondents.people import with_answers  # noqa: PLC0415

        told = with_answers(rows, self._choice.answers, asked)
        counted = set(self._counting.everyone["contribution_id"])
        of_remark = self._by_remark.merge(self._remarks[["remark_id", "contribution_id"]], on="remark_id")
        listed = _listed(of_remark, "contribution_id", told["contribution_id"])
        frame = pd.concat([told.assign(is_counted=told["contribution_id"].isin(counted)), listed], axis=1)
        return results.People.of(frame, caption="Les répondants")  # type: ignore[return-value]

    @cached_property
    def remarks(self) -> results.Remarks:
        """One row a remark: its masked text, what it says, and who wrote it; French names beside codes."""
        own = self._remarks.assign(reference=self._remarks["remark_id"].str[:REFERENCE_LETTERS])
        listed = _listed(self._by_remark, "remark_id", own["remark_id"])
        frame = pd.concat([own, listed], axis=1).merge(self._who, on="contribution_id", how="left")
        return results.Remarks.of(frame, caption="Les remarques")  # type: ignore[return-value]

    @cached_property
    def ideas(self) -> results.Ideas:
        """One row an idea: its words, what it says, the remark it belongs to, and who wrote it."""
        listed = _listed(self._said.labelled, "idea_id", self._ideas["idea_id"])
        remarks = self._remarks[["remark_id", "contribution_id", "question", "campaign_id"]]
        frame = pd.concat([self._ideas, listed], axis=1).merge(remarks, on="remark_id", how="left")
        frame = frame.assign(reference=frame["remark_id"].str[:REFERENCE_LETTERS])
        return results.Ideas.of(frame.merge(self._who, on="contribution_id", how="left"), caption="Les idées")  # type: ignore[return-value]

    @cached_property
    def demands(self) -> results.Demands:
        """One row per idea that asks, complains or praises: of what, where, in which words, and who wrote it."""
        ideas = pd.DataFrame(self.ideas)[
            ["idea_id", "text", "remark_id", "reference", "question", *self._who.columns]
        ]
        frame = self.files.read("demands").merge(ideas, on="idea_id", how="left")
        return results.Demands.of(frame, caption="Demandes, irritants et satisfactions")  # type: ignore[return-value]

    @property
    def columns(self) -> results.Listing:
        """The columns one may filter (``only``) and group (``by``) by, their other names and their values."""
        rows = []
        for name, others in self._choice.columns.items():
            values = [value_name(name, value) for value in self._choice.values(name)]
            shown = ", ".join(values[:12]) + (f"… ({len(values)})" if len(values) > 12 else "")
            rows.append({"name": name, "other_names": ", ".join(others), "values": shown})
        return results.Listing.of(pd.DataFrame(rows), caption="Ce par quoi on filtre et on groupe")  # type: ignore[return-value]

    @cached_property
    def codes(self) -> results.Listing:
        """Every code, sub-theme and demand with its family and its French name."""
        rows = [(scheme, code, name) for (scheme, code), name in self._said.names.items()]
        frame = pd.DataFrame(rows, columns=["kind", "name", "label"])
        return results.Listing.of(frame, caption="Codes, sous-thèmes et demandes")  # type: ignore[return-value]

    # --- counts ---

    def shares(self, by: str = "", *, only: Only = "", scheme: str = "thème") -> results.Shares:
        """Return the share of respondents who speak of each code of ``scheme``, in each group of ``by``, among those of ``only``.

        ``by``: a column, or two crossed (« territoire*voix »); ``scheme``: thème, objectif, fondamental, intention, sous-thème, demande, irritant,
        satisfaction, or two crossed (« thème*intention »: ideas that say both).
        """
        return self._counting.shares(by, only=only, scheme=scheme)

    def contrasts(
        self, by: str = "territoire", between: Sequence[str] = (), *, only: Only = "", scheme: str = "thème"
    ) -> results.Contrasts:
        """Return the differences between groups of ``by`` with intervals and corrected p-values: by pairs, or each with all others.

        ``between``: two or more groups to compare with each other alone (``by="departement", between=["Gers", "La Réunion"]``).
        """
        return self._counting.contrasts(by, between, only=only, scheme=scheme)

    def words(self, by: str = "territoire", *, only: Only = "") -> results.Words:
        """Return the words that each group uses more than all others (Lafon's specificities, counted in respondents)."""
        return self._counting.words(by, only=only)

    # --- remarks ---

    def find(
        self,
        words: str = "",
        *,
        only: Only = "",
        theme: str = "",
        objective: str = "",
        tone: str = "",
        subtheme: str = "",
        demand: str = "",
        question: str = "",
        score: float = 0.0,
        most: int | None = None,
    ) -> results.Found:
        """Return the remarks that say ``words``, under codes, to a question, by the respondents of ``only``; all of them unless ``most`` is given.

        ``words``: words in any inflexion, with or without accents, « phrases between quotation marks », beginnings (``patrouill*``), ET, OU, SAUF and
        brackets. Codes by their code or French name, several separated by commas. ``score``: least score of the theme, 0 to 1.
        """
        asked = {"theme": theme, "objective": objective, "tone": tone, "subtheme": subtheme, "demand": demand}
        rows = self._finder.find(words, codes=asked, question=question, score=score)
        if only:
            rows = rows[rows["contribution_id"].isin(self._choice.chosen(only))]
        rows = rows.head(most) if most else rows
        criteria = [words, *(value for value in asked.values() if value), question, str(only) if only else ""]
        return self._found(rows, " · ".join(one for one in criteria if one) or "toutes les remarques", words)

    def around(self, reference: str) -> results.Listing:
        """Return the whole contribution around a remark, question by question."""
        rows = self._finder.around(reference)
        return results.Listing.of(
            rows[["reference", "question", "text", "themes", *_PLACED]], caption="La contribution entière"
        )  # type: ignore[return-value]

    def similar(self, reference: str, *, most: int = 20) -> results.Listing:
        """Return the remarks whose words mean the nearest thing to a remark (its reference) or to a text."""
        rows = self._finder.similar(reference, most=most)
        return results.Listing.of(
            rows[["reference", "similarity", "text", "question", "themes", *_PLACED]],
            caption="Remarques semblables",
        )  # type: ignore[return-value]

    def why(self, reference: str) -> results.Listing:
        """Return why a remark has its codes: the expressions of the codebook it says and what they weigh, and the nearest remark coded by people."""
        remark = self._finder.remark(reference)
        frame = self._explainer.reasons(remark)
        return results.Listing.of(frame, caption=f"Pourquoi la remarque {remark['reference']} a ses codes")  # type: ignore[return-value]

    @cached_property
    def _explainer(self) -> Explainer:
        from psq_analysis.workshop.reasons import Explainer  # noqa: PLC0415

        return Explainer.of(self.files, self._said, self._ideas)

    def map(self, *, color: str = "thème", only: Only = "", most: int = 20_000) -> go.Figure:
        """Return a map of ideas: near each other when their words mean the same, coloured by a scheme, verbatim under the mouse."""
        from psq_analysis.workshop import idea_map  # noqa: PLC0415

        ideas = pd.DataFrame(self.ideas)
        if only:
            ideas = ideas[ideas["contribution_id"].isin(self._choice.chosen(only))]
        return idea_map.idea_map(ideas, self._said, color=color, most=most, seed=self.files.settings.seed)

    def _found(self, rows: pd.DataFrame, caption: str, words: str) -> results.Found:
        order = ["reference", "text", "question", "themes", "objectives", "tones", "subthemes", "demands", "irritants", "score", *_PLACED, "source_file", "source_row", "remark_id", "contribution_id"]  # fmt: skip
        return results.Found.of(  # type: ignore[return-value]
            rows[order], caption=caption, marked=self._finder.marked(words), distribution=self._distribution,
            first=self._finder.first_reference,
        )  # fmt: skip

    def _distribution(self, rows: pd.DataFrame, by: str) -> results.Shares:
        return self._counting.distribution(set(rows["contribution_id"]), by, caption="Qui le dit")

    @cached_property
    def _by_remark(self) -> pd.DataFrame:
        return by_remark(self._said, self._ideas)

    @cached_property
    def _who(self) -> pd.DataFrame:
        rows = self._labelled(self._choice.people)
        return rows[["contribution_id", *_PLACED, "departement", "population", "commune_size", "territory_type", "source_file", "source_row"]]  # fmt: skip

    def _labelled(self, people: pd.DataFrame) -> pd.DataFrame:
        """Add French names beside the columns that hold codes."""
        named = {
            f"{column}_label": people[column].map(
                {value: group_name(column, str(value)) for value in people[column].dropna().unique()}
            )
            for column in ("territory", "departement", "density_level")
        }
        return people.assign(**{name: values.astype("string") for name, values in named.items()})


_PLACED = ["stakeholder", "territory", "territory_label", "departement_label", "epci", "commune", "wave"]


def _listed(rows: pd.DataFrame, key: str, order: pd.Series) -> pd.DataFrame:
    """Return, in the order of keys, the codes of each scheme as text, and their French names, several joined."""
    once = rows.drop_duplicates([key, "scheme", "code"])
    columns = {}
    for scheme, name in _LISTED.items():
        of_scheme = once[once["scheme"] == scheme]
        for column, suffix in (("code", ""), ("label", "_label")):
            joined = of_scheme.groupby(key)[column].agg(" ; ".join)
            columns[name + suffix] = order.map(joined).astype("string").to_numpy()
    return pd.DataFrame(columns, index=order.index)
