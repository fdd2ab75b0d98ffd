"""Who speaks, where, when: qualities, places and dates as people write them; roles told by heading and cells together."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from psq_analysis.sources.files.decoding import decode, repair
from psq_analysis.sources.formats.minutes.speech import speech_of
from psq_analysis.sources.free_line import read_line
from psq_analysis.sources.places_written import (
    is_ditto,
    restore_leading_zeros,
    split_place,
)
from psq_analysis.sources.tables.column_roles import guess_role
from psq_analysis.sources.tables.values import parse_date
from psq_analysis.sources.vocabulary import load
from psq_analysis.sources.voices import normalise_stakeholder
from psq_analysis.tables.schema import STAKEHOLDERS

SAID = [
    "Plus de patrouilles le soir près de la gare.",
    "L'accueil ferme à 18 h, c'est trop tôt.",
    "RAS",
    "Trop de vitesse devant l'école.",
]


@pytest.mark.parametrize(
    ("quality", "voice"),
    [
        ("Policier(e) national(e)", "policiers"),
        ("gardien de la paix", "policiers"),
        ("PN", "policiers"),
        ("Militaire de la gendarmerie", "gendarmes"),
        ("GND BTA", "gendarmes"),
        ("gend.", "gendarmes"),
        ("Élu(e) local(e)", "élus"),
        ("adj.", "élus"),
        ("cons. départemental", "élus"),
        ("L'adjointe au maire d'Auch chargée de la tranquillité publique", "élus"),
        ("Procureur adjoint", "autorités judiciaires et administratives"),
        ("sous-préfecture", "autorités judiciaires et administratives"),
        ("Justice / service de l'État", "autorités judiciaires et administratives"),
        ("PM", "polices municipales"),
        ("pol. mun.", "polices municipales"),
        ("garde champ.", "polices municipales"),
        ("Police municipale, ASVP ou garde champêtre", "polices municipales"),
        ("chauffeur de car", "transports"),
        ("transp. scol.", "transports"),
        ("Bailleur, travailleur social", "bailleurs et services sociaux"),
        ("CCAS", "bailleurs et services sociaux"),
        ("GARDIENNE HLM", "bailleurs et services sociaux"),
        ("L'intervenante sociale du commissariat", "bailleurs et services sociaux"),
        ("agent sécu privée", "sécurité privée"),
        ("Un agent de sécurité de la zone commerciale", "sécurité privée"),
        ("asso. parents d'élèves", "associations"),
        ("Responsable ou bénévole associatif", "associations"),
        ("cial", "commerçants"),
        ("commerç.", "commerçants"),
        ("Président de l'association des commerçants", "commerçants"),
        ("GERANT BAR", "commerçants"),
        ("hab.", "habitants"),
        ("RETRAITE", "habitants"),
        ("AGRICULTEUR", "habitants"),
        ("Un jeune (18 ans)", "habitants"),
        ("Autre / conseillère municipale", "élus"),
        ("-oth-", None),
        ("garde champêtre retraité", None),
        ("ancien gendarme", None),
        ("maire et commerçant", None),
        ("Police et gendarmerie", None),
        ("A1", None),
        ("prof au collège", None),
        ("", None),
        (None, None),
    ],
)
def test_a_quality_is_one_of_the_eleven_voices_or_none(quality, voice) -> None:
    assert normalise_stakeholder(quality) == voice


def test_the_vocabulary_names_every_voice_of_the_launch_notice_and_no_other() -> None:
    assert set(load("stakeholders")["voices"]) == set(STAKEHOLDERS)


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ("Auch (32000)", {"commune": "Auch", "postcode": "32000"}),
        ("32 000 Auch", {"commune": "Auch", "postcode": "32000"}),
        ("Avenue de la Gare, 32100 Condom, France", {"commune": "Condom", "postcode": "32100"}),
        ("L'Isle-Jourdain", {"commune": "L'Isle-Jourdain"}),
        ("Gers", {"department": "Gers"}),
        ("Paris", {"commune": "Paris"}),
        (
            "Communauté de communes Bastides de Lomagne",
            {"epci": "Communauté de communes Bastides de Lomagne"},
        ),
        ("ne souhaite pas préciser", {}),
        ("NC", {}),
        ("", {}),
    ],
)
def test_a_place_is_cut_into_the_fields_it_holds(written, fields) -> None:
    assert split_place(written) == fields


def test_ditto_marks_and_communes_after_a_quality_are_recognised() -> None:
    assert [is_ditto(text) for text in ('"', "idem", "Id.", "〃", "Idrac", "Auch")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert read_line("Le maire de L'Isle-Jourdain").place == {"commune": "L'Isle-Jourdain"}
    assert read_line("Un policier du commissariat d'Auch").place == {"commune": "Auch"}
    assert read_line("La directrice du centre social").place == {}


def test_a_lost_zero_is_restored_only_where_no_other_reading_is_possible() -> None:
    assert restore_leading_zeros(["1000", "1160"], are_numbers=True) == ["01000", "01160"]
    assert restore_leading_zeros(["3226", "32000", "32300"], are_numbers=False) == ["3226", "32000", "32300"]
    national = ["1000", "13001", "33000", "59000", "75011", "69001"]
    assert restore_leading_zeros(national, are_numbers=True)[0] == "01000"
    assert restore_leading_zeros(national, are_numbers=False)[0] == "1000"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("04/12/2017", (2017, 12, 4)),
        ("2017-12-04 08:07:10", (2017, 12, 4)),
        ("2017/12/06 4:57:54 PM UTC+1", (2017, 12, 6)),
        ("2021-04-12 09:15:39 +0200", (2021, 4, 12)),
        ("01/12/2017 - 20:50", (2017, 12, 1)),
        ("12/25/2017", (2017, 12, 25)),
        ("mercredi 29 novembre 2017 15:38", (2017, 11, 29)),
        ("lun. 27 nov. 2017 à 10:00", (2017, 11, 27)),
        ("Monday, December 4, 2017 10:12 AM", (2017, 12, 4)),
        ("1er décembre 2017", (2017, 12, 1)),
    ],
)
def test_dates_are_read_day_first(written, day) -> None:
    assert parse_date(written) == datetime.date(*day)


@pytest.mark.parametrize(
    "written", ["", "jj/mm", "18h13", "32/13/2017", "32000", "Auch", "24/24 et 7j/7, voilà", "10.0.0.1"]
)
def test_what_is_no_date_is_no_date(written) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(
    ("heading", "values", "role"),
    [
        ("Vos remarques", SAID, "free_text"),
        ("Commentaires", ["RAS", "RAS", "", "RAS"], "free_text"),
        ("colonne 4", SAID, "free_text"),
        ("Suite proposée (cabinet)", SAID, "ignored"),
        ("Adresse IP", ["192.0.2.1"] * 3, "forbidden"),
        ("colonne 2", ["192.0.2.1", "203.0.113.9", "2001:db8::1"], "forbidden"),
        ("colonne 2", ["06 39 98 12 47", "0639981248", "+33 6 39 98 12 49"], "forbidden"),
        ("Participant", ["Jean Dupont", "Claire Abadie", "Luc Ferrand"], "forbidden"),
        ("Participant", ["maire", "hab.", "PM"], "stakeholder"),
        ("Vous êtes...", ["Habitant", "Élu", "Habitant"], "stakeholder"),
        ("Statut", ["terminé", "en cours", "terminé"], "status"),
        ("Votre commune", ["Auch", "Pavie", "Auch"], "commune"),
        ("Qu'est-ce qui vous gêne dans votre ville ?", SAID, "free_text"),
        ("CP", ["32000", "32300", "32000"], "postcode"),
        ("author_zipcode", ["32000", "32300", "32000"], "postcode"),
        ("author_type", ["Citoyen / Citoyenne", "Élu", "Citoyen / Citoyenne"], "stakeholder"),
        ("author_name", ["Jean Dupont", "Claire Abadie", "Luc Ferrand"], "forbidden"),
        ("Code INSEE", ["32013", "32256", "32013"], "insee"),
        (
            "Priorités",
            ["Accueil|Présence", "Accueil", "Présence|Accueil", "Accueil|Présence", "Présence"],
            "closed_answer",
        ),
        ("Note sur 5", ["3", "2,5", "4"], "closed_answer"),
        ("Votre avis sur l'accueil", ["Bon", "Moyen", "Bon", "Mauvais", "Bon"], "closed_answer"),
        ("Date", ["04/12/2017", "05/12/2017", "05/12/2017"], "date"),
        ("groupTime12", ["31.2", "12.5", "8.1"], "forbidden"),
    ],
)
def test_heading_and_cells_together_tell_the_role(heading, values, role) -> None:
    assert guess_role(heading, values).role.value == role


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman", "cp850", "iso8859_15"]
)
def test_french_text_survives_every_encoding_it_is_sent_in(encoding) -> None:
    text = (
        "Qualité;Remarque\nélu;L'été, à côté du collège : très gênés, où ça ? Hôtel, forêt, façade, Noël, goût, mûr\n"
        * 3
    )
    assert decode(text.encode(encoding))[0] == text


def test_what_transport_damaged_is_repaired_and_counted_and_words_are_left_alone() -> None:
    counts: Counter[str] = Counter()
    assert repair("TrÃ¨s bien, l'Ã©tÃ©", counts) == "Très bien, l'été"
    assert repair("ligne 1_x000D_\nligne 2", counts) == "ligne 1\nligne 2"
    assert repair("R\u200bA\u202eS\x00", counts) == "RAS"
    assert repair("'=> plus de rondes", counts) == "=> plus de rondes"
    assert repair("'- entre apostrophes'", counts) == "'- entre apostrophes'"
    untouched = "Coût d’un cambriolage : 4\u202f500 € ; « voilà » 👮‍♀️ <b>URGENT</b> & vite"
    assert repair(untouched, counts) == untouched
    assert set(counts) == {
        "mojibake réparé", "retours à la ligne échappés (_x000D_)", "caractères invisibles retirés",
        "caractères de contrôle retirés", "apostrophes de masquage retirées",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("paragraph", "who", "said"),
    [
        ("Le maire de Barran : Trop de vitesse.", "Le maire de Barran", "Trop de vitesse."),
        (
            "Une habitante (Mirande) : Il fait noir. Proposition : éclairer.",
            "Une habitante (Mirande)",
            "Il fait noir. Proposition : éclairer.",
        ),
        (
            "M. DABOS, agriculteur (Bassoues) indique : « Trop loin. »",
            "M. DABOS, agriculteur (Bassoues)",
            "Trop loin.",
        ),
        (
            "La juge des enfants remarque que les délais sont longs.",
            "La juge des enfants",
            "remarque que les délais sont longs.",
        ),
        ("Mme FERREIRA (Bassoues) – Un forum annuel.", "Mme FERREIRA (Bassoues)", "Un forum annuel."),
        ("La situation demande une réponse.", "", "La situation demande une réponse."),
        ("Le problème : personne ne répond.", "", "Le problème : personne ne répond."),
        ("On ne voit personne. Résultat : la peur.", "", "On ne voit personne. Résultat : la peur."),
    ],
)
def test_the_speaker_is_told_from_what_is_said(paragraph, who, said) -> None:
    speech = speech_of(paragraph)
    assert (speech.who, speech.said) == (who, said)
