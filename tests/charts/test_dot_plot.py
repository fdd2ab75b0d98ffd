"""A figure shows the numbers of its table and nothing else, says them in words, and names what it withholds."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.charts import dot_plot, style


def _row(name: str, mentions: int | None, n: int = 100, **more: object) -> dict[str, object]:
    share = None if mentions is None else mentions / n
    low, high = (None, None) if share is None else (share - 0.05, share + 0.05)
    return {
        "label": name,
        "short": name,
        "share": share,
        "low": low,
        "high": high,
        "mentions": mentions,
        "respondents": n,
    } | more


@pytest.fixture
def themes() -> pd.DataFrame:
    return pd.DataFrame(
        [
            _row("Présence", 60, is_subject=True),
            _row("Accès", 30, is_subject=True),
            _row("Confiance", None, is_subject=True),
            _row("Autre", 80, is_subject=False),
        ]
    )


@pytest.fixture
def by_territory() -> pd.DataFrame:
    groups = [
        ("urbain", "Quartiers urbains", 57),
        ("rural", "Territoires ruraux", None),
        ("outre_mer", "Outre-mer", 45),
    ]
    return pd.DataFrame([_row("Présence", n, group=group, group_label=name) for group, name, n in groups])


def _texts(figure) -> list[str]:
    return [text.text for text in figure.layout.annotations]


def _marks(figure) -> dict[float, float]:
    """Height → share of every dot."""
    return {
        y: x
        for trace in figure.data
        if trace.mode == "markers"
        for x, y in zip(trace.x, trace.y, strict=True)
    }


def test_dots_stand_in_the_order_given_one_row_under_the_other(themes):
    figure = dot_plot.shares(themes, title="Titre", caption="Thèmes")
    assert _marks(figure) == {0.0: 0.6, -1.0: 0.3, -3.0: 0.8}


def test_a_withheld_share_has_no_mark_and_says_so(themes):
    figure = dot_plot.shares(themes, title="Titre", caption="Thèmes")
    assert "non publié" in _texts(figure)
    assert figure.layout.meta["table"]["rows"][2][-3:] == ["non publié", "non publié", "—"]
    assert "Confiance" not in figure.layout.meta["alt"]


def test_what_is_no_subject_is_drawn_in_another_tone(themes):
    colours = {
        trace.marker.color
        for trace in dot_plot.shares(themes, title="T", caption="C").data
        if trace.mode == "markers"
    }
    assert colours == {style.ACCENT, style.QUIET}


def test_the_sentence_for_who_cannot_see_holds_every_number(themes):
    alt = dot_plot.shares(themes, title="« Présence » arrive en tête", caption="Thèmes").layout.meta["alt"]
    assert alt == (
        "« Présence » arrive en tête. Thèmes : Présence 60\u202f% [55\u202f; 65] ; Accès 30\u202f% [25\u202f; 35] ; "
        "Autre 80\u202f% [75\u202f; 85]."
    )


def test_the_axis_holds_every_interval_whole(themes):
    figure = dot_plot.shares(themes, title="T", caption="C")
    assert figure.layout.xaxis.range[0] == 0
    assert max(x for trace in figure.data for x in trace.x if x is not None) <= figure.layout.xaxis.range[1]


def test_withheld_groups_share_one_line_under_their_block(by_territory):
    figure = dot_plot.shares_by_group(by_territory, title="T", caption="C")
    assert "<b>Présence</b>" in _texts(figure)
    assert "Non montrés : rural" in _texts(figure)
    assert _marks(figure) == {-1.0: 0.57, -2.0: 0.45}


def test_one_group_keeps_its_colour_from_figure_to_figure(by_territory):
    figure = dot_plot.shares_by_group(by_territory, title="T", caption="C")
    colours = [trace.marker.color for trace in figure.data if trace.mode == "markers"]
    assert colours == [style.GROUP_COLOURS["urbain"], style.GROUP_COLOURS["outre_mer"]]


@pytest.mark.parametrize("colour", [style.ACCENT, style.QUIET, *style.GROUP_COLOURS.values()])
@pytest.mark.parametrize("ground", ["#ffffff", "#14171b"])
def test_every_mark_is_seen_by_day_and_by_night(colour, ground):
    def luminance(code: str) -> float:
        parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(colour), luminance(ground)))
    assert (light + 0.05) / (dark + 0.05) >= 3  # WCAG 2.2, 1.4.11


def test_labels_are_text_to_plotly_never_markup():
    row = _row("<b>Auch</b> $x$", 40, is_subject=True)
    figure = dot_plot.shares(pd.DataFrame([row]), title="<i>T</i>", caption="C")
    assert "&lt;b&gt;Auch&lt;/b&gt; &#36;x&#36;" in _texts(figure)
    assert "&lt;i&gt;T&lt;/i&gt;" in figure.layout.title.text
