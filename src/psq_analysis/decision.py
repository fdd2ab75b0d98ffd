"""The decision report, section by section: frames in, fragments out. Each function is one cell of ``04_report``."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from psq_analysis import findings, french
from psq_analysis.findings import Finding, Names
from psq_analysis.fragments import Fragment, render, sentence, table
from psq_analysis.labels import label
from psq_analysis.participation import Flow
from psq_analysis.schema import OUT_OF_SCOPE, STAKEHOLDERS

# A difference is drawn on −50…+50 points, a share on 0…100 %: the same scale for every picture of a kind.
PICTURE_LEFT, PICTURE_WIDTH = 4.0, 192.0


def banner(title: str, *, subtitle: str, fictional: bool, flow: Flow, remarks: int, files: int) -> Fragment:
    """Title, period and the numbers of the first line; « Données fictives » where it must be said."""
    figures = [
        (french.number(flow.received), "personne" if flow.received < 2 else "personnes"),
        (french.number(remarks), "remarque" if remarks < 2 else "remarques"),
        (french.number(files), "fichier source" if files < 2 else "fichiers sources"),
        (french.number(flow.counted), "répondant compté" if flow.counted < 2 else "répondants comptés"),
    ]
    return render("banner.html.j2", title=title, subtitle=subtitle, fictional=fictional, figures=figures)


def subtitle(places: Sequence[str], period: str) -> str:
    """Join places and period for the title, leaving out what is not known."""
    return " · ".join(part for part in (french.enumeration(list(places)), period) if part)


def essentials(found: Sequence[Finding]) -> Fragment:
    """The findings that matter, each with its picture and a link to its section."""
    return render(
        "essentials.html.j2",
        findings=found,
        scales=[_scale(finding) for finding in found],
        pictures=[_picture_text(finding) for finding in found],
    )


def _scale(finding: Finding) -> dict[str, str]:
    low, high = (-0.5, 0.5) if finding.is_difference else (0.0, 1.0)
    ends = (
        (french.points(low), french.points(high))
        if finding.is_difference
        else (french.percent(0), french.percent(1))
    )

    def place(value: float | None) -> str:
        inside = min(max(value or 0.0, low), high)
        return f"{PICTURE_LEFT + PICTURE_WIDTH * (inside - low) / (high - low):.1f}"

    return {
        "zero": place(0.0),
        "low": place(finding.low),
        "high": place(finding.high),
        "value": place(finding.value),
        "left": ends[0],
        "right": ends[1],
    }


def _picture_text(finding: Finding) -> str:
    if finding.value is None or finding.low is None or finding.high is None:
        return ""
    value = french.points(finding.value) if finding.is_difference else french.percent(finding.value)
    return f"{value}, intervalle à 95 % {french.interval(finding.low, finding.high)}"


def flow(counts: Flow) -> Fragment:
    """From those who answered to those who are counted, in four numbers that add up."""
    return render("flow.html.j2", flow=counts)


def not_a_poll(counts: Flow, remarks: pd.DataFrame) -> str:
    """Say what was set aside among the remarks, and that a consultation is no poll."""
    noise = int(remarks["is_noise"].sum())
    copies = int(remarks["campaign_id"].notna().sum())
    campaign = (
        f" {french.capitalised(french.count(copies, 'remarque vient', 'remarques viennent'))} d'une réponse organisée : "
        "elles comptent, et le disent."
        if copies
        else ""
    )
    return (
        f"Sur {french.count(len(remarks), 'remarque')}, {french.number(noise)} ne "
        f"{'disent' if noise > 1 else 'dit'} rien d'exploitable (« RAS », « néant »).{campaign} Ce n'est pas un sondage : "
        "s'expriment ceux qui l'ont voulu, et les parts qui suivent décrivent les répondants, non la population."
    )


def figure_or_sentence(
    draw: Callable[..., go.Figure], rows: pd.DataFrame, *, caption: str
) -> go.Figure | Fragment:
    """The figure, or the sentence that says there is nothing to draw."""
    if rows.empty or rows["share"].isna().all():
        return sentence(f"{caption} : aucun groupe n'a assez de répondants pour être montré.", kind="note")
    return draw(rows, caption=caption)


def group_lead(prevalence: pd.DataFrame, contrasts: pd.DataFrame, grouping: str, names: Names) -> Fragment:
    """The contrasts of a grouping that hold, in words; or what could not be seen, or why nothing is compared."""
    if grouping == "territory" and not _is_placed(prevalence):
        return sentence(
            "Les fichiers ne disent pas d'où viennent les réponses : aucun territoire n'est comparé."
        )
    return sentences(
        findings.contrast_sentences(contrasts, grouping, names),
        otherwise=findings.nothing_differs(prevalence, contrasts, grouping),
    )


def _is_placed(prevalence: pd.DataFrame) -> bool:
    rows = prevalence[(prevalence["grouping"] == "territory") & (prevalence["group"] != "indetermine")]
    return not rows.empty


def shown_contrasts(contrasts: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Every comparison made, in words and numbers, the smallest q first."""
    rows = contrasts[contrasts["verdict"] != "too_few"].sort_values("q_value", kind="stable")
    return pd.DataFrame(
        {
            "label": [names[scheme, code] for scheme, code in zip(rows["scheme"], rows["code"], strict=True)],
            "group_a": [label("groups", group) for group in rows["group_a"]],
            "group_b": [label("groups", group) for group in rows["group_b"]],
            "difference": [french.points(difference) for difference in rows["difference"]],
            "interval": [
                french.interval(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
            "q_value": [findings.q_text(q_value) for q_value in rows["q_value"]],
            "verdict": [label("verdicts", verdict) for verdict in rows["verdict"]],
        }
    )


def quotes(chosen: pd.DataFrame) -> Fragment:
    """The quotations of the report, in the order they were chosen; or the sentence that says why there is none."""
    if chosen.empty:
        return sentence("Aucun sous-thème n'est porté par assez de répondants pour être cité.", kind="note")
    shown = [
        quote(row.text, row.reference, label("roles", row.role).format(subtheme=row.label))
        for row in chosen.itertuples()
    ]
    return render("quotes.html.j2", quotes=shown)


def limits(prevalence: pd.DataFrame, counted: pd.DataFrame, *, human: bool) -> Fragment:
    """What the data do not carry: who is missing, what is undetermined, how well the coding was checked."""
    heard = set(counted["stakeholder"].dropna())
    missing = [voice for voice in STAKEHOLDERS if voice not in heard]
    undetermined = (counted["territory"] == "indetermine").mean() if len(counted) else 0.0
    texts = [
        "Les répondants se sont choisis eux-mêmes : rien ne dit que ceux qui se taisent pensent comme eux. Les intervalles "
        "mesurent l'incertitude d'un comptage, pas ce biais.",
        f"Voix absentes : {french.enumeration(missing)}."
        if missing
        else "Les onze voix de l'avis de lancement sont représentées.",
        f"Territoire inconnu ou impossible à trancher pour {french.percent(undetermined)} des répondants."
        if undetermined
        else "Chaque répondant est situé.",
        _out_of_scope_sentence(prevalence),
        "Le codage a été comparé à des remarques codées par des personnes : voir l'annexe « De quoi parlent-ils ? »."
        if human
        else "La qualité du codage automatique n'a pas été évaluée sur ces réponses : aucune n'a été codée par une personne.",
    ]
    return render("sentences.html.j2", sentences=[text for text in texts if text])


def _out_of_scope_sentence(prevalence: pd.DataFrame) -> str:
    rows = findings.overall(prevalence, "theme")
    parts = [
        f"{french.percent(row.share)} ont au moins une idée {label('unplaced_ideas', row.code)}"
        for row in rows[rows["code"].isin(findings.NOT_SUBJECTS)].itertuples()
    ]
    return f"Parmi les répondants, {french.enumeration(parts)}." if parts else ""


def method(*, min_cell: int) -> Fragment:
    """The method in one page, with the thresholds of this run."""
    return render("method.html.j2", min_cell=min_cell)


def inputs(trace: Mapping[str, Any]) -> Fragment:
    """The files of the run by hash."""
    rows = pd.DataFrame(trace["inputs"]).rename(columns={"file": "source_file"})
    return table(rows, caption="Fichiers lus")


def versions(trace: Mapping[str, Any]) -> Fragment:
    """Parameters that differ from the defaults, versions of the software, and the command that does it again."""
    parameters = trace.get("parameters", {})
    words = " ".join(f"-p {name} {shlex.quote(str(value))}" for name, value in parameters.items())
    files = " ".join(shlex.quote(entry["file"]) for entry in trace["inputs"])
    rows = pd.DataFrame({"package": list(trace["versions"]), "version": list(trace["versions"].values())})
    return render(
        "versions.html.j2",
        command=f"psq run {files} {words}".strip(),
        table=table(rows, caption="Logiciels"),
    )


def quote(text: str, reference: str, voice: str = "") -> Fragment:
    """One exact quotation with its opaque reference."""
    return render("quote.html.j2", quote={"text": text.strip(), "reference": reference, "voice": voice})


def quotes_of(quotes: pd.DataFrame, **where: str) -> list[Fragment]:
    """The quotations of ``quotes`` (columns ``text``, ``reference``) that match ``where``."""
    rows = quotes
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return [quote(row.text, row.reference) for row in rows.itertuples()]


def themes(
    prevalence: pd.DataFrame, subthemes: pd.DataFrame, quotes: pd.DataFrame, names: Names, *, min_cell: int
) -> Fragment:
    """One entry a theme, the most frequent first: share, its two or three largest sub-themes, one quotation.

    ``subthemes``: ``theme``, ``label``, ``respondents``, ``is_stable``; ``quotes``: ``scheme``, ``code``, ``text``,
    ``reference``.
    """
    entries = [
        {
            "label": names["theme", row.code],
            "sentence": _share_sentence(row),
            "subthemes": [
                {"label": subtheme.label, "size": french.count(subtheme.respondents, "répondant")}
                for subtheme in subthemes[
                    (subthemes["theme"] == row.code)
                    & subthemes["is_stable"]
                    & (subthemes["respondents"] >= min_cell)
                ]
                .nlargest(3, "respondents")
                .itertuples()
            ],
            "quotes": [] if row.code == OUT_OF_SCOPE else quotes_of(quotes, scheme="theme", code=row.code),
        }
        for row in findings.overall(prevalence, "theme").itertuples()
    ]
    return render("themes.html.j2", themes=entries)


def objectives(
    prevalence: pd.DataFrame, intentions: pd.DataFrame, quotes: pd.DataFrame, names: Names, *, min_cell: int
) -> Fragment:
    """One card an objective, in the words of the launch notice: how many, to observe or to ask, from whom, where."""
    cards = [
        {
            "label": names["objective", row.code],
            "share": french.percent(row.share),
            "measure": f"{french.number(row.mentions)} répondants sur {french.number(row.respondents)}, intervalle à 95 % "
            f"{french.interval(row.low, row.high)}",
            "intentions": _intentions_sentence(
                intentions[intentions["code"] == row.code], row.mentions, min_cell
            ),
            "who": _most_by(prevalence, row.code),
            "quotes": quotes_of(quotes, scheme="objective", code=row.code),
        }
        for row in findings.subjects(prevalence, "objective").itertuples()
    ]
    return render("objectives.html.j2", cards=cards)


def sentences(texts: Sequence[str], *, otherwise: str) -> Fragment:
    """A list of findings, or the sentence that says there is none."""
    return render("sentences.html.j2", sentences=texts) if texts else sentence(otherwise, kind="lead")


def _share_sentence(row) -> str:
    return (
        f"{french.percent(row.share)} des répondants {french.interval(row.low, row.high)}, soit "
        f"{french.number(row.mentions)} sur {french.number(row.respondents)}."
    )


def _intentions_sentence(tones: pd.DataFrame, mentions: int, min_cell: int) -> str:
    by_tone = dict(zip(tones["tone"], tones["respondents"], strict=True))
    asks, complains, praises = (
        by_tone.get(tone, 0) for tone in ("proposition", "constat_negatif", "constat_positif")
    )
    parts = [
        f"{french.number(number)} {verb}"
        for number, verb in (
            (asks, "demandent ou proposent quelque chose"),
            (complains, "décrivent ce qui ne va pas"),
            (praises, "disent ce qui va bien"),
        )
        if min_cell <= number <= mentions - min_cell or number == mentions
    ]
    return f"Parmi eux, {french.enumeration(parts)}." if parts else ""


def _most_by(prevalence: pd.DataFrame, code: str) -> str:
    """Where an objective is most spoken of: observed shares, without claiming that the groups differ."""
    parts = []
    for grouping, lead in (("stakeholder", "voix"), ("territory", "territoires")):
        rows = prevalence[
            (prevalence["scheme"] == "objective")
            & (prevalence["code"] == code)
            & (prevalence["grouping"] == grouping)
            & (prevalence["group"] != "indetermine")
            & prevalence["share"].notna()
        ].nlargest(1, "share")
        for row in rows.itertuples():
            parts.append(
                f"{lead} : {label('groups', row.group)}, {french.percent(row.share)} "
                f"{french.interval(row.low, row.high)} (n = {french.number(row.respondents)})"
            )
    return f"Part observée la plus haute — {' ; '.join(parts)}." if parts else ""
