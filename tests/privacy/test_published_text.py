"""The gate sees personal data in what is published, and nothing in numbers, codes, towns and program text."""

from __future__ import annotations

import html
import json
from importlib import resources
from pathlib import Path

import pytest

from psq_analysis.privacy.mask import mask
from psq_analysis.privacy.published_text import scan_text

LEAKS = {
    "Rappeler au 06 39 98 41 52": "PHONE",
    "Standard : +33 5 36 49 77 18.": "PHONE",
    "Écrire à collectif.tilleuls@example.org.": "EMAIL",
    "Utilitaire GT-418-MB sur le trottoir": "PLATE",
    "Camion 4417 VB 32 devant le lycée": "PLATE",
    "Sécu 1 84 05 75 986 214 82.": "NIR",
    "Virement sur FR57 9999 0000 0100 0000 0123 478": "IBAN",
    "Menaces depuis 198.51.100.23.": "IP",
    "Agent au RIO 1298374": "MATRICULE",
    "née le 22/09/1938": "BIRTHDATE",
    "Ça se passe au 17 rue du Moulin-Brûlé": "ADDRESS",
    "Compte @nico_drift32": "HANDLE",
    "Voir facebook.com/marcel.perdigon.16": "HANDLE",
    "coordonnées GPS : 43.6461, 0.5867": "GPS",
    "Merci à Mme Peyrelongue": "PERSON",
    "Signé Huguette Castaing": "PERSON",
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found_in_text_in_an_attribute_and_in_embedded_json(leak: str) -> None:
    hidden = {
        f"<p>{html.escape(leak)}</p>",
        f'<td title="{html.escape(leak)}">12</td>',
        json.dumps({"hovertext": [leak, "41 %"]}),
        "<p>\n" + leak.replace("é", "&eacute;") + "\n</p>",
    }
    for published in hidden:
        assert LEAKS[leak] in {finding.type for finding in scan_text(published)}


def test_a_finding_tells_the_line_and_never_the_content() -> None:
    findings = scan_text("<p>rien</p>\n<p>rien</p>\n<p>06 39 98 41 52</p>")
    assert findings == [("PHONE", 3)]


def test_masked_text_passes_the_gate() -> None:
    assert scan_text(" ".join(mask(leak).text for leak in LEAKS)) == []


@pytest.mark.parametrize(
    "published",
    [
        '{"share": 0.4112345678901234, "low": 36.0, "n": 1204, "at": "2017-12-04T18:30:00+01:00"}',
        '{"sha256": "0966289037ad9846c5e994be2", "run": "0125141592FA9EDEDC665C55D", "lon": [0.58671, 43.64612]}',
        "41 % [36 ; 46] des 1 204 répondants, du 20/11/2017 au 10/12/2017",
        "Auch (32013), L'Isle-Jourdain (32160), Saint-Martin-d'Armagnac, Saint-Jean-le-Comtal, Lamothe-Goas",
        "pandas 3.1.1, plotly 7.1.0, 127.0.0.1, version 4.1.1.0",
        "@media print { .js-plotly-plot { width: 100% } } @font-face { src: url(a@2x.png) }",
        "Collège Salinis, rue Jean Moulin, place Victor-Hugo, loi n° 2017-258, article L. 511-1, RN 124, 17 et 112",
        "Intervalles de Wilson et de Newcombe, correction de Benjamini–Hochberg, V de Cramér, indice de Rand",
        "M. le préfet, Mme la maire, Madame la Directrice, Monsieur le Procureur",
        "Zone police ; zone gendarmerie ; Gers (32) ; La Réunion (974)",
    ],
)
def test_what_a_report_is_made_of_is_no_finding(published: str) -> None:
    assert scan_text(published) == []


@pytest.mark.slow
def test_the_program_of_the_figures_is_no_finding() -> None:
    bundle = resources.files("plotly.package_data").joinpath("plotly.min.js").read_text(encoding="utf-8")
    assert scan_text(bundle) == []


@pytest.mark.slow
def test_names_of_all_communes_are_no_finding(shared: Path) -> None:
    table = (shared / "data" / "territoire_communes_2024.csv").read_text(encoding="utf-8")
    assert scan_text(table) == []


def test_the_version_of_a_browser_is_no_address_and_an_address_in_a_link_is_one():
    assert scan_text("(Mozilla/5.0 HeadlessChrome/156.0.0.0 Safari/537.36)") == []
    assert [found.type for found in scan_text("http://203.0.113.57/plainte")] == ["IP"]
