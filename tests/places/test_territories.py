"""Where people are, as they write it; the oracle is the expected results of the shared exports and hand-made rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psq_analysis.places import territories
from psq_analysis.places import typology as places_typology
from psq_analysis.places.communes import BadCommuneTable, load_communes
from psq_analysis.sentences import counts as sentences_counts
from psq_analysis.tables import schema
from support import PROJECT, notebooks_run_here, psq_here

TYPOLOGY = PROJECT / "data/manual/typology.yml"
PLACES = ["place_insee", "place_commune", "place_postcode", "place_epci", "place_department"]


def contributions(*places: dict[str, str], file: str = "réponses.csv") -> pd.DataFrame:
    rows = [{f"place_{key}": value for key, value in place.items()} for place in places]
    return (
        pd.DataFrame(rows, index=range(len(rows)))
        .reindex(columns=PLACES)
        .astype("string")
        .assign(
            contribution_id=[f"{file}/{rank}" for rank in range(len(rows))],
            source_file=file,
            source_row=range(2, len(rows) + 2),
            source_format="csv",
            wave="1",
            submitted_on=pd.NaT,
            stakeholder=pd.NA,
            is_complete=True,
            record_key=range(len(rows)),
        )
    )


@pytest.fixture(scope="module")
def typology() -> places_typology.Typology:
    return places_typology.load_typology(TYPOLOGY)


@pytest.fixture(scope="module")
def gers() -> pd.DataFrame:
    return load_communes()


@pytest.fixture(scope="module")
def france(shared: Path) -> pd.DataFrame:
    return load_communes(shared / "data/territoire_communes_2024.csv")


def placed(
    communes: pd.DataFrame, typology: places_typology.Typology, *places: dict[str, str]
) -> pd.DataFrame:
    return territories.place(contributions(*places), communes, typology)


WRITTEN_IN_EXPORTS = {
    "Concertation PSQ – quartier du Garros.csv": ("utf-8", ",", {"commune": 3}),
    "LA_SECURITE_DU_QUOTIDIEN.csv": ("utf-8", ",", {"postcode": 10, "commune": 12}),
    "export_enquete_habitants.csv": ("cp1252", ";", {"commune": 3, "insee": 4, "postcode": 5}),
    "results-survey482917.csv": ("utf-8-sig", ";", {"commune": 11, "insee": 12}),
    "concertation_police_de_securite_du_quotidien.tsv": ("utf-8", "\t", {"postcode": 10, "commune": 11}),
}


@pytest.mark.parametrize("name", WRITTEN_IN_EXPORTS)
@pytest.mark.parametrize("table", ["gers", "france"])
def test_each_respondent_of_the_exports_is_where_its_author_put_it(name, table, shared, typology, request):
    communes = request.getfixturevalue(table)
    encoding, separator, columns = WRITTEN_IN_EXPORTS[name]
    with (shared / "data/exports" / name).open(encoding=encoding, newline="") as file:
        rows = dict(enumerate(csv.reader(file, delimiter=separator), start=1))
    expected = json.loads((shared / "data/exports" / f"{name}.expected.json").read_text(encoding="utf-8"))
    respondents = expected["respondents"]
    everyone = [row for row in rows.values() if len(row) > max(columns.values())]
    written = [rows[one["source_row"]] for one in respondents] + everyone
    raw = contributions(*({key: row[column] for key, column in columns.items()} for row in written))
    found = territories.place(raw, communes, typology)["commune_code"].tolist()
    in_table = set(communes["code"])
    wrong = []
    for one, code in zip(respondents, found, strict=False):
        right = [one, *one.get("accept", [])]
        accepted = {r["commune_insee"] if r["commune_insee"] in in_table else None for r in right}
        if (None if pd.isna(code) else code) not in accepted:
            wrong.append((one["source_row"], code, one["commune_insee"]))
    assert wrong == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("VIC FEZENSAC", "32462"),
        ("vic-fézensac (32)", "32462"),
        ("St Clar", "32370"),
        ("Isle-Jourdain (L')", "32160"),
        ("L’Isle Jourdain", "32160"),
        ("Mirrande", "32256"),
        ("Montréal du Gers", "32290"),
        ("Auch (le Garros)", "32013"),
        ("Auch - quartier du Garros", "32013"),
        ("mairie de Condom", "32107"),
        ("centre bourg Miélan", "32252"),
        ("Auch centre-ville", "32013"),
        ("32100 Condom", "32107"),
        ("Le Houga", "32155"),
        ("houga", "32155"),
        ("Barbotan les Thermes", "32096"),
        ("Cannet", "32344"),
        ("Labarrère", "32079"),
    ],
)
def test_a_commune_of_the_gers_is_found_however_it_is_written(written, code, gers, typology):
    found = placed(gers, typology, {"commune": written, "department": "32"})
    assert found["commune_code"].to_list() == [code]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"insee": "75110"}, "75056"),
        ({"postcode": "75010"}, "75056"),
        ({"postcode": "75116"}, "75056"),
        ({"postcode": "75000"}, "75056"),
        ({"postcode": "13016"}, "13055"),
        ({"commune": "Paris 10e"}, "75056"),
        ({"commune": "Lyon 3ème arrondissement"}, "69123"),
        ({"insee": "69383"}, "69123"),
        ({"commune": "MARSEILLE 13"}, "13055"),
        ({"commune": "Saint-Denis", "postcode": "93200"}, "93066"),
        ({"commune": "Saint-Denis", "postcode": "97400"}, "97411"),
        ({"commune": "Plaisance", "department": "Gers"}, "32319"),
        ({"commune": "Plaisance", "department": "12"}, "12183"),
        ({"commune": "Tarbes"}, "65440"),
        ({"commune": "Beaupréau", "postcode": "49600"}, "49023"),
        ({"commune": "Jallais", "postcode": "49510"}, "49023"),
        ({"commune": "Ajaccio", "postcode": "20000"}, "2A004"),
    ],
)
def test_a_commune_of_france_is_found_by_any_of_its_marks(place, code, france, typology):
    assert placed(france, typology, place)["commune_code"].to_list() == [code]


@pytest.mark.parametrize(
    "written", ["lieu-dit Montaut", "le canton de Samatan", "près d'Auch", "?", "la campagne"]
)
def test_a_hamlet_a_canton_or_a_vague_place_is_no_commune(written, gers, typology):
    assert placed(gers, typology, {"commune": written, "department": "32"})["commune_code"].isna().all()


def test_a_name_borne_in_several_departements_follows_most_of_the_file(france, typology):
    around = [{"commune": "Auch"}, {"commune": "Mirande"}, {"commune": "Tarbes"}]
    assert (
        placed(france, typology, *around, {"commune": "Plaisance"})["commune_code"].to_list()[-1] == "32319"
    )
    split = [{"commune": "Auch"}, {"commune": "Tarbes"}]
    alone = placed(france, typology, *split, {"commune": "Plaisance"}).iloc[-1]
    assert pd.isna(alone["commune_code"])
    assert alone["territory_type"] == "indetermine"


def test_the_small_table_does_not_take_its_only_saint_denis_for_everyones(gers, typology):
    alone = placed(gers, typology, {"commune": "Saint-Denis"}).iloc[0]
    assert pd.isna(alone["commune_code"])
    islanders = placed(
        gers, typology, {"postcode": "97460"}, {"commune": "Le Tampon"}, {"commune": "Saint-Denis"}
    )
    assert islanders["commune_code"].to_list()[-1] == "97411"


def test_a_postcode_gives_a_type_only_when_all_its_communes_share_it(france, typology):
    rural, mixed = placed(france, typology, {"postcode": "32230"}, {"postcode": "32000"}).itertuples()
    assert (rural.territory_type, pd.isna(rural.commune_code), rural.department_code) == ("rural", True, "32")
    communes_of_32000 = france[france["postcodes"].str.contains("32000")]
    assert communes_of_32000["name"].to_list() == ["Auch"]
    assert mixed.commune_code == "32013"
    shared_postcode = france.assign(postcode=france["postcodes"].str.split("|")).explode("postcode")
    kinds = typology.of(shared_postcode).groupby(shared_postcode["postcode"]).nunique()
    several = kinds[(kinds > 1) & (kinds.index != "")].index[:50]
    undetermined = placed(france, typology, *({"postcode": code} for code in several))
    assert set(undetermined["territory_type"]) == {"indetermine"}
    assert undetermined["commune_code"].isna().all()


def test_an_epci_gives_a_type_only_when_all_its_communes_share_it(gers, typology):
    auch, fezensac = placed(
        gers, typology, {"epci": "Grand Auch Cœur de Gascogne"}, {"epci": "CC Artagnan de Fezensac"}
    ).itertuples()
    assert (auch.territory_type, auch.department_code) == ("indetermine", "32")
    assert (fezensac.territory_type, fezensac.department_code) == ("rural", "32")


def test_a_postcode_says_overseas_even_where_the_type_is_unknown(gers, typology):
    known, unknown, islands, nowhere = placed(
        gers, typology, {"postcode": "97400"}, {"postcode": "98714"}, {"postcode": "97150"}, {"commune": "?"}
    ).itertuples()
    assert (known.department_code, known.overseas, known.territory_type) == ("974", True, "urbain")
    assert (unknown.department_code, unknown.overseas, unknown.territory_type) == ("987", True, "indetermine")
    assert (islands.department_code, islands.overseas) == ("978", True)
    assert pd.isna(nowhere.overseas)


def test_what_contradicts_itself_is_not_decided(france, typology):
    found = placed(
        france,
        typology,
        {"commune": "Condom", "postcode": "32000"},
        {"commune": "Gimont", "insee": "32107", "postcode": "32100"},
        {"commune": "Toulouse", "postcode": "32000"},
        {"insee": "32013", "postcode": "31000"},
    )
    assert found["commune_code"].isna().all()
    assert found["department_code"].fillna("").to_list() == ["32", "32", "", ""]


def test_name_and_insee_code_that_agree_outweigh_the_postcode(france, typology):
    found = placed(france, typology, {"commune": "Condom", "insee": "32107", "postcode": "32000"})
    assert found["commune_code"].to_list() == ["32107"]


def test_every_undetermined_contribution_has_one_reason(gers, typology):
    raw = contributions(
        {"commune": "Auch"},
        {},
        {"department": "Gers"},
        {"commune": "Auch / Preignan"},
        {"commune": "Condom", "postcode": "32000"},
        {"commune": "Xyzville"},
        {"commune": "Plaisance"},
        {"epci": "Grand Auch Cœur de Gascogne"},
        {"postcode": "98800"},
    )
    reasons = territories.unplaced(raw, gers, typology).set_index("reason")["contributions"]
    assert reasons.to_dict() == {
        "not_given": 1,
        "department_only": 1,
        "several_communes": 1,
        "contradiction": 1,
        "unknown_place": 1,
        "mixed_epci": 1,
        "not_in_table": 1,
    }
    types = territories.place(raw, gers, typology)["territory_type"]
    assert reasons.sum() == (types == "indetermine").sum()


def test_overseas_and_mainland_types_are_disjoint_groups(gers, typology):
    found = placed(gers, typology, {"postcode": "97400"}, {"commune": "Auch"}, {"commune": "Mirande"}, {})
    assert schema.disjoint(found).to_list() == ["outre_mer", "urbain", "rural", "indetermine"]


@pytest.mark.slow
def test_every_commune_of_the_national_table_is_found_by_its_name_and_departement(france, typology):
    sample = france.sample(400, random_state=7)
    raw = contributions(
        *(
            {"commune": row.name_.upper(), "department": row.department_code}
            for row in sample.rename(columns={"name": "name_"}).itertuples()
        )
    )
    found = territories.place(raw, france, typology)["commune_code"]
    several = sample["name"].str.lower() + sample["department_code"]
    unique = ~several.isin((france["name"].str.lower() + france["department_code"])[lambda k: k.duplicated()])
    assert (found.to_numpy() == sample["code"].to_numpy())[unique.to_numpy()].mean() == 1.0


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40), st.text(max_size=7), st.text(max_size=7))
def test_no_text_whatever_breaks_the_placing(france, typology, commune, postcode, insee):
    raw = contributions({"commune": commune, "postcode": postcode, "insee": insee})
    before = raw.copy(deep=True)
    found = territories.place(raw, france, typology)
    assert len(found) == 1
    pd.testing.assert_frame_equal(raw, before)


@pytest.mark.slow
def test_insees_own_workbook_is_read_below_its_title_rows(gers, tmp_path):
    titles = [["Grille communale de densité 2024"], ["Mise en ligne le 1er mars"], []]
    header = ["CODGEO", "LIBGEO", "DENS", "LIBDENS", "PMUN21", "P1"]
    rows = [
        [c, n, int(d), "libellé", int(p), 0.5]
        for c, n, d, p in zip(
            gers["code"], gers["name"], gers["density_level"], gers["population"], strict=True
        )
    ]
    file = tmp_path / "grille.xlsx"
    pd.DataFrame([line + [""] * (6 - len(line)) for line in [*titles, header, *rows]]).to_excel(
        file, header=False, index=False
    )
    read = load_communes(file)
    assert read["code"].to_list() == gers["code"].to_list()
    assert read["density_level"].to_list() == gers["density_level"].to_list()
    assert read.set_index("code").loc["32013", "postcodes"] == "32000"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "fichier vide"),
        ("nom;ville\na;b\n", "codes INSEE"),
        ("code;commune\n32013;Auch\n32107;Condom\n", "niveaux de densité"),
        (
            "code;commune;densite\n"
            + "32001;Aignan;7\n" * 2
            + "".join(f"32{n:03};c{n};6\n" for n in range(2, 60)),
            "deux fois",
        ),
    ],
)
def test_a_file_that_is_no_table_of_communes_is_refused_in_one_french_sentence(content, says, tmp_path):
    file = tmp_path / "communes.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadCommuneTable, match=says):
        load_communes(file)


def test_the_older_grid_of_four_levels_is_refused(france, tmp_path):
    file = tmp_path / "grille2020.csv"
    four = france["density_level"].clip(upper=4)
    france.assign(densite=four)[["code", "name", "densite"]].to_csv(file, index=False)
    with pytest.raises(BadCommuneTable, match="4 niveaux"):
        load_communes(file)


def test_another_typology_is_another_file(gers, tmp_path):
    file = tmp_path / "qpv.yml"
    file.write_text(
        "types:\n"
        "  - {commune: '32013', type: urbain, reason: 'a un quartier prioritaire', source: 'ANCT, 2024'}\n"
        "  - {department: '32', type: rural, reason: 'le reste du Gers', source: 'choix'}\n",
        encoding="utf-8",
    )
    other = places_typology.load_typology(file)
    found = placed(gers, other, {"commune": "Auch"}, {"commune": "Mirande"}, {"commune": "Toulouse"})
    assert found["territory_type"].to_list() == ["urbain", "rural", "indetermine"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("- a", "types"),
        ("types:\n  - {density_level: 1, type: ville, reason: r, source: s}", "type inconnu"),
        ("types:\n  - {density_level: 1, type: urbain, source: s}", "reason"),
        ("types:\n  - {quartier: 1, type: urbain, reason: r, source: s}", "critère"),
        ("types: [", "illisible"),
    ],
)
def test_a_typology_without_reason_or_source_is_refused(content, says, tmp_path):
    file = tmp_path / "typologie.yml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(places_typology.BadTypology, match=says):
        places_typology.load_typology(file)


@given(
    st.lists(st.sampled_from(["urbain", "periurbain", "rural", "indetermine"]), min_size=1, max_size=80),
    st.booleans(),
)
def test_no_number_of_contributions_is_told_by_territory(types, overseas):
    placed_ones = pd.DataFrame(
        {"territory_type": types, "overseas": pd.array([overseas] * len(types), dtype="boolean")}
    )
    told = sentences_counts.where_from(placed_ones).replace("carnet 3", "")
    assert not any(letter.isdigit() for letter in told)
    for kind, name in {"urbain": "quartiers urbains", "rural": "territoires ruraux"}.items():
        assert (name in told) == (types.count(kind) >= 11 and not overseas)


@given(
    st.dictionaries(st.sampled_from(["not_given", "ambiguous_name", "mixed_postcode"]), st.integers(1, 60))
)
def test_reasons_are_told_in_tenths_and_rare_ones_without_a_number(counts):
    table = pd.DataFrame({"reason": list(counts), "contributions": list(counts.values())})
    shown = sentences_counts.shown_unplaced(table)
    assert set(shown["share"]) <= {"rare", *(f"{tenths} sur 10" for tenths in range(1, 11))}
    assert (shown["share"] != "rare").sum() == sum(count >= 11 for count in counts.values())


def test_attraction_areas_and_arrondissements_are_other_files_too(tmp_path):
    table = tmp_path / "communes.csv"
    table.write_text(
        "code;nom;densite;CATEAAV2020;ARR;cp\n32013;Auch;2;11;322;32000\n32107;Condom;5;13;323;32100\n32256;Mirande;5;30;321;32300\n",
        encoding="utf-8",
    )
    communes = load_communes(table)
    written = [{"commune": "Auch"}, {"commune": "Condom"}, {"commune": "Mirande"}]
    attraction = places_typology.load_typology(TYPOLOGY.with_name("typology_attraction.yml"))
    assert placed(communes, attraction, *written)["territory_type"].to_list() == [
        "urbain",
        "periurbain",
        "rural",
    ]
    by_arrondissement = tmp_path / "arrondissements.yml"
    by_arrondissement.write_text(
        "types:\n  - {arrondissement: 323, type: rural, reason: r, source: s}\n  - {department: '32', type: urbain, reason: r, source: s}\n",
        encoding="utf-8",
    )
    found = placed(communes, places_typology.load_typology(by_arrondissement), *written)
    assert found["territory_type"].to_list() == ["urbain", "rural", "urbain"]


def test_the_attraction_areas_of_france_give_each_commune_a_type(france):
    types = places_typology.load_typology(TYPOLOGY.with_name("typology_attraction.yml")).of(france)
    assert (types != "indetermine").mean() > 0.99
    assert types[france["name"] == "Auch"].to_list() == ["urbain"]


@pytest.mark.slow
def test_the_typology_of_the_guide_runs_through_the_chain(tmp_path):
    guide = (PROJECT / "docs/parametres.md").read_text(encoding="utf-8")
    example = guide.split("```yaml\ntitle: Communes du Gers")[1].split("```")[0]
    (tmp_path / "qpv.yml").write_text("title: Communes du Gers" + example, encoding="utf-8")
    rows = ["Auch", "L'Isle-Jourdain", "Condom", "Saint-Denis (974)"] * 3
    answers = "".join(
        f"{rank};{place};Il faudrait plus de rondes le soir dans la rue n° {rank}.\n"
        for rank, place in enumerate(rows)
    )
    (tmp_path / "avis.csv").write_text("Numéro;Commune;Que faut-il améliorer ?\n" + answers, encoding="utf-8")
    with notebooks_run_here():
        done = psq_here(
            "run", tmp_path / "avis.csv", "-p", "typology", tmp_path / "qpv.yml", "--until", "clean", "--out", tmp_path
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read = pd.read_parquet(tmp_path / "data/processed/avis/contributions.parquet").sort_values("source_row")
    assert read["territory_type"].to_list()[:3] == ["urbain", "periurbain", "rural"]
    assert schema.disjoint(read).to_list()[3] == "outre_mer"
