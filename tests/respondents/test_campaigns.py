"""Campaigns: the copies found, what they brought, every figure with and without them."""

from __future__ import annotations

import random
import re
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations import keyed, published
from psq_analysis.cleaning.copies import copy_groups
from psq_analysis.cleaning.remarks import mark_remarks
from psq_analysis.comparison import campaigns
from psq_analysis.report import campaigns as report_campaigns
from psq_analysis.report import who_spoke
from psq_analysis.respondents import campaigns as respondents_campaigns
from psq_analysis.respondents import counted as respondents_counted
from psq_analysis.respondents import flow as respondents_flow
from psq_analysis.sentences import campaigns as sentences_campaigns
from psq_analysis.sentences import counts
from psq_analysis.tables import selections
from psq_analysis.tables.schema import empty

TEMPLATES = [
    "Nous demandons la réouverture du poste de police de notre quartier, fermé depuis mars, et des patrouilles à pied "
    "tous les soirs. Les habitants n'osent plus sortir après vingt heures.",
    "Je demande le maintien de la brigade de gendarmerie de notre canton, avec un accueil ouvert le samedi matin. Il faut "
    "aujourd'hui quarante minutes de route pour déposer une plainte. Cela n'est pas acceptable.",
    "Les rodéos empoisonnent la vie de notre quartier. Nous voulons que les engins soient saisis et détruits, que les "
    "auteurs soient jugés rapidement et que les familles soient aidées.",
]
OWN = [
    "Ma mère a 80 ans et n'ose plus sortir seule le soir.",
    "J'habite ici depuis dix ans et rien ne change.",
    "Merci de nous écouter.",
    "Mon fils s'est fait voler son vélo deux fois cette année devant le collège.",
    "Bonjour,",
    "Il y a aussi le bruit des motos le dimanche, que personne ne contrôle.",
]
PLACES = ["quartier de la Gare", "village de Mirande", "bourg de Riscle", "canton de Condom"]


def _misspell(text: str, draw: random.Random) -> str:
    letters = list(text)
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(letters) - 1)
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def _swap(text: str, draw: random.Random) -> str:
    sentences = re.split(r"(?<=[.]) ", text)
    at = draw.randrange(len(sentences) - 1)
    sentences[at], sentences[at + 1] = sentences[at + 1], sentences[at]
    return " ".join(sentences)


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


HANDS = {
    "as it was": lambda text, draw: text,
    "misspelt": _misspell,
    "in capitals, without accents": lambda text, draw: _bare(text).upper(),
    "sentences swapped": _swap,
    "a sentence before": lambda text, draw: f"{draw.choice(OWN)} {text}",
    "a sentence after": lambda text, draw: f"{text} {draw.choice(OWN)}",
    "sentences around": lambda text, draw: f"{draw.choice(OWN)} {text} {draw.choice(OWN)} {draw.choice(OWN)}",
    "a place filled in": lambda text, draw: re.sub(r"notre \w+", f"notre {draw.choice(PLACES)}", text),
    "over several lines": lambda text, draw: re.sub(" ", lambda _: draw.choice("\n   "), text),
    "misspelt, a sentence after": lambda text, draw: f"{_misspell(text, draw)} {draw.choice(OWN)}",
    "swapped, a sentence before": lambda text, draw: f"{draw.choice(OWN)} {_swap(text, draw)}",
}


@pytest.mark.parametrize("hand", HANDS)
def test_a_text_each_signatory_changed_in_one_way_is_one_group(hand: str) -> None:
    draw = random.Random(7)
    for template in TEMPLATES:
        groups = copy_groups([template, *(HANDS[hand](template, draw) for _ in range(12))])
        assert set(groups) == {0}, template


@given(
    st.sampled_from(TEMPLATES),
    st.lists(st.sampled_from(sorted(HANDS)), min_size=6, max_size=20),
    st.randoms(),
)
@settings(max_examples=60, deadline=None)
def test_however_signatories_change_a_text_nearly_all_its_copies_meet(
    template: str, hands: list[str], draw: random.Random
) -> None:
    groups = pd.Series(
        copy_groups([template, *(HANDS[hand](template, draw) for hand in hands)]), dtype="Int64"
    )
    assert (groups == groups[0]).mean() >= 0.9


def test_two_campaigns_stay_two() -> None:
    draw = random.Random(3)
    texts = [HANDS[hand](template, draw) for template in TEMPLATES for hand in sorted(HANDS)]
    groups = pd.Series(copy_groups(texts)).groupby(np.repeat([0, 1, 2], len(HANDS)))
    assert groups.nunique().tolist() == [1, 1, 1]
    assert pd.Series(copy_groups(texts)).nunique() == 3


def test_the_opposite_demand_is_another_text_even_with_a_sentence_of_ones_own() -> None:
    against = TEMPLATES[1].replace("Je demande le maintien", "Je ne demande pas le maintien")
    assert copy_groups([TEMPLATES[1], against]) == [None, None]
    assert copy_groups([TEMPLATES[1], f"{against} {OWN[5]}"]) == [None, None]


def test_an_opening_everybody_uses_makes_no_copy() -> None:
    opening = "Je pense que la police et la gendarmerie doivent avant tout"
    said = [
        "patrouiller la nuit près du lycée et de la gare, à pied plutôt qu'en voiture",
        "recevoir les plaintes le samedi, quand ceux qui travaillent sont libres de venir",
        "parler aux jeunes du stade au lieu de les contrôler trois fois la même semaine",
    ]
    texts = [f"{opening} {one}" for one in said]
    assert copy_groups(texts) == [None] * 3


def test_a_saying_many_know_is_no_campaign() -> None:
    saying = "Ne pas faire aux autres ce que l'on ne veut pas qu'on nous fasse"
    marked = mark_remarks(_answers([saying] * 30))
    assert marked["duplicate_group"].notna().all()
    assert marked["campaign_id"].isna().all()


@pytest.mark.slow
def test_real_answers_hold_one_circulated_text_and_few_near_copies(shared) -> None:
    path = shared / "data" / "grand_debat_incivilites.csv"
    texts = pd.read_csv(path, dtype=str, encoding="utf-8")["comment"].dropna().tolist()
    assert len(texts) > 20_000
    marked = mark_remarks(_answers(texts))
    assert marked["campaign_id"].nunique() == 1
    assert marked["campaign_id"].notna().sum() == 5
    near = marked.dropna(subset=["duplicate_group"]).groupby("duplicate_group")["text"]
    is_long = near.agg(lambda copies: copies.str.split().str.len().median() >= 8)
    assert (near.nunique()[is_long] > 1).sum() < 50


def _answers(texts: list[str]) -> pd.DataFrame:
    ids = [f"{at:03}" for at in range(len(texts))]
    return pd.DataFrame({"remark_id": ids, "contribution_id": ids, "text": texts})


TOLD = {"presence": "Présence", "acces": "Accès", "efficacite": "Efficacité"}
NAMES = {("theme", code): name for code, name in TOLD.items()}


class Consultation:
    """Respondents 0 … n−1 with one remark each; those below ``signed`` sent the text of a campaign."""

    def __init__(self, themes: list[str], *, signed: int, own: tuple[int, ...] = (), silent: int = 0) -> None:
        size = len(themes)
        people = [f"c{at:04}" for at in range(size + silent)]
        self.contributions = pd.DataFrame(
            {
                "contribution_id": people,
                "is_complete": True,
                "territory_type": ["rural", "urbain"] * (len(people) // 2) + ["rural"] * (len(people) % 2),
                "overseas": pd.array([False] * len(people), dtype="boolean"),
            }
        ).pipe(keyed)
        rows = [(f"r{at:04}", people[at], at < signed, at >= size) for at in range(len(people))]
        rows += [(f"s{at:04}", people[at], False, False) for at in own]
        self.remarks = pd.DataFrame(rows, columns=["remark_id", "contribution_id", "is_sent", "is_noise"])
        self.remarks["campaign_id"] = self.remarks["is_sent"].map({True: "campagne-1"}).astype("string")
        self.remarks["duplicate_group"] = self.remarks["campaign_id"]
        usable = self.remarks[~self.remarks["is_noise"]].reset_index(drop=True)
        self.ideas = pd.DataFrame({"idea_id": "i" + usable["remark_id"], "remark_id": usable["remark_id"]})
        said = [*themes, *("efficacite" for _ in own)]
        self.codes = pd.DataFrame({"idea_id": self.ideas["idea_id"], "scheme": "theme", "code": said})

    def counted(
        self, *, include_campaigns: bool = True
    ) -> tuple[respondents_campaigns.Heard, pd.DataFrame, pd.DataFrame]:
        heard = respondents_campaigns.heard(self.remarks, self.ideas, include_campaigns=include_campaigns)
        people = respondents_counted.respondents(heard.remarks, self.contributions)
        said = respondents_counted.respondent_codes(
            self.codes, heard.ideas, heard.remarks, self.contributions
        )
        return heard, people, said

    def flow(self, *, include_campaigns: bool = True) -> respondents_flow.Flow:
        _, people, _ = self.counted(include_campaigns=include_campaigns)
        return respondents_flow.Flow.of(
            respondents_flow.flow_of_run(
                self.contributions, self.remarks, people, include_campaigns=include_campaigns
            )
        )

    def prevalence(self, *, include_campaigns: bool = True) -> pd.DataFrame:
        _, people, said = self.counted(include_campaigns=include_campaigns)
        return published(said, people, codes={"theme": list(TOLD)})[0]


MANY = Consultation(["presence"] * 40 + ["acces"] * 50 + ["presence"] * 30, signed=40, own=(0, 1), silent=3)


def test_without_the_campaign_a_signatory_counts_by_what_they_wrote_themselves() -> None:
    everyone, others = (MANY.prevalence(include_campaigns=kept) for kept in (True, False))
    shares = [
        {
            row.code: row.mentions
            for row in table[table["grouping"] == "all"].itertuples()
            if pd.notna(row.mentions)
        }
        for table in (everyone, others)
    ]
    assert shares[0]["presence"] == 70
    assert shares[1]["presence"] == 30
    assert others.loc[others["grouping"] == "all", "respondents"].unique().tolist() == [82]
    assert "campaign" not in others["grouping"].unique()


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 5), st.integers(0, 4), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_flow_adds_up_with_and_without_the_campaign(
    signed: int, free: int, own: int, silent: int, kept: bool
) -> None:
    asked = Consultation(
        ["presence"] * (signed + free), signed=signed, own=tuple(range(min(own, signed))), silent=silent
    )
    heard, people, _ = asked.counted(include_campaigns=kept)
    flow = respondents_flow.respondent_flow(
        asked.contributions,
        people["contribution_id"],
        organised=respondents_campaigns.only_organised(asked.remarks, heard.remarks),
    )
    assert flow.received == flow.incomplete + flow.silent + (flow.organised or 0) + flow.counted
    left_out = 0 if kept else signed - min(own, signed)
    assert flow.counted == signed + free - left_out
    assert flow.organised is None if 0 < left_out < 11 else flow.organised == left_out
    assert len(heard.remarks) == len(asked.remarks) - (0 if kept else signed)


def test_a_reader_is_told_what_the_campaign_brought_and_which_figures_count_it() -> None:
    text = sentences_campaigns.brought(MANY.flow(), include_campaigns=True, min_cell=11)
    assert text.startswith("Une campagne")
    assert "40\xa0répondants (40\xa0remarques)" in text
    assert "ne comptent pas dans les mots propres" in text
    assert "ne comptent dans aucun chiffre" in sentences_campaigns.brought(
        MANY.flow(include_campaigns=False), include_campaigns=False, min_cell=11
    )


@pytest.mark.parametrize("kept", [True, False])
def test_a_few_signatories_are_not_counted_aloud(kept: bool) -> None:
    few = Consultation(["presence"] * 40 + ["acces"] * 30, signed=6)
    heard, people, _ = few.counted(include_campaigns=kept)
    flow = respondents_flow.respondent_flow(
        few.contributions,
        people["contribution_id"],
        organised=respondents_campaigns.only_organised(few.remarks, heard.remarks),
    )
    shown = "".join(
        [
            sentences_campaigns.brought(
                few.flow(include_campaigns=kept), include_campaigns=kept, min_cell=11
            ),
            counts.campaigns(few.remarks),
            str(counts.remark_counts(few.remarks)["remarks"].tolist()),
            who_spoke.flow(flow.table()).striptags() if kept else "",
        ]
    )
    assert flow.organised == (0 if kept else None)
    assert "moins de 11" in shown
    assert not re.search(r"(?<!\d)6(?!\d)", shown)


def test_no_campaign_nothing_said() -> None:
    none = Consultation(["presence"] * 40 + ["acces"] * 30, signed=0)
    prevalence = none.prevalence()
    assert sentences_campaigns.brought(none.flow(), include_campaigns=True, min_cell=11) == ""
    assert report_campaigns.conclusions(prevalence, _no_contrast(), _no_contrast(), NAMES) == ""
    assert report_campaigns.chart(prevalence, "theme", NAMES, caption="Thèmes") == ""
    assert "campaign" not in prevalence["grouping"].unique()


def _no_contrast() -> pd.DataFrame:
    return empty("contrasts")


def test_the_shares_side_by_side_are_those_counted_by_hand(exact_counts: None) -> None:
    rows = campaigns.side_by_side(MANY.prevalence(), "theme")
    assert rows.loc["presence", ["share", "share_without"]].tolist() == pytest.approx([70 / 120, 30 / 80])
    assert rows.loc["acces", ["share", "share_without"]].tolist() == pytest.approx([50 / 120, 50 / 80])
    assert rows.loc["presence", ["rank", "rank_without"]].tolist() == [1, 2]


def test_another_first_theme_without_the_campaign_is_said_in_words() -> None:
    shown = report_campaigns.conclusions(MANY.prevalence(), _no_contrast(), _no_contrast(), NAMES).striptags()
    assert "« Accès » passe devant « Présence »" in shown.replace("\xa0", " ")
    assert "n = 120" in shown.replace("\xa0", " ")


def test_the_same_order_without_the_campaign_is_said_too() -> None:
    same = Consultation(["presence"] * 20 + ["acces"] * 30 + ["presence"] * 60, signed=20)
    shown = report_campaigns.conclusions(same.prevalence(), _no_contrast(), _no_contrast(), NAMES).striptags()
    assert "viennent dans le même ordre" in shown


def test_a_difference_between_groups_that_only_the_campaign_makes_is_named() -> None:
    asked = Consultation(["presence"] * 60 + ["acces"] * 120, signed=60)
    rural = [at < 60 or at % 2 == 0 for at in range(180)]
    asked.contributions["territory_type"] = np.where(rural, "rural", "urbain")
    _, people, said = asked.counted()
    # answers of one campaign are alike; taken as independent, they make a difference
    alone = people.assign(cluster=pd.NA, cluster_kind=pd.NA)
    prevalence, contrasts = published(said, alone, codes={"theme": list(TOLD)})
    without = campaigns.contrasts_without(said, alone, prevalence, codes={"theme": list(TOLD)}, min_cell=11)
    assert len(selections.announced(contrasts))
    assert selections.announced(without).empty
    shown = report_campaigns.conclusions(asked.prevalence(), contrasts, without, NAMES).striptags()
    assert "ne l'est" in shown.replace("&#39;", "'") or "ne le sont plus" in shown
    assert (
        report_campaigns.conclusions(asked.prevalence(), contrasts, contrasts, NAMES)
        .striptags()
        .count("aussi sans elles")
        == 1
    )
