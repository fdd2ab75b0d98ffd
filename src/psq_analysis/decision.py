"""The decision report, section by section: frames in, fragments out. Each function is one cell of ``04_report``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from psq_analysis import findings, french
from psq_analysis.findings import Finding, Names
from psq_analysis.fragments import Fragment, render, sentence
from psq_analysis.labels import label
from psq_analysis.participation import Flow
from psq_analysis.schema import OUT_OF_SCOPE

# A difference is drawn on −50…+50 points, a share on 0…100 %: the same scale for every picture of a kind.
PICTURE_LEFT, PICTURE_WIDTH = 4.0, 192.0


def names_of(schemes: Mapping[str, Mapping[str, str]]) -> Names:
    """Flatten the labels of a codebook into ``(scheme, code) → label``, « Autre » and « Hors champ » included."""
    labels = {(scheme, code): name for scheme, codes in schemes.items() for code, name in codes.items()}
    for scheme in schemes:
        for code in ("autre", "hors_champ", "sans_contenu"):
            labels.setdefault((scheme, code), label("codes", code))
    return labels


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
