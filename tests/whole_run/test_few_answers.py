"""With one remark, or none that says anything, the report stays readable, true and good French."""

from __future__ import annotations

import re

import pytest

from support import notebooks_run_here, psq_here, text_of

pytestmark = pytest.mark.slow
CASES = {
    "one remark": "id,Que demandez-vous à la police du quotidien ?\n1,Plus de patrouilles la nuit dans notre rue\n",
    "twelve neighbours and one who says nothing": "id,Vous êtes,Commune,Que demandez-vous à la police du quotidien ?\n"
    + "".join(f"{n},Habitant,Auch,Plus de patrouilles la nuit rue {'abcdefghijkl'[n]}\n" for n in range(12))
    + "12,Habitant,Auch,RAS\n",
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def text(request, tmp_path) -> str:
    """The words of the report, or of the one held back by the gate: what is asked here is how it reads."""
    export = tmp_path / "réponses.csv"
    export.write_text(request.param, encoding="utf-8")
    with notebooks_run_here():
        done = psq_here("run", export, "--out", tmp_path / "out", "-p", "name", "peu")
    assert done.returncode in (0, 1), done.stderr
    (page,) = (tmp_path / "out/reports").glob("peu*/index.html")
    return text_of(page, as_written=True)


def test_few_answers_read_as_french_and_claim_nothing(text):
    assert "nan" not in re.findall(r"\w+", text.lower())
    assert "<NA>" not in text
    assert "None" not in text
    for plural in ("contributions", "remarques", "répondants", "personnes", "comparaisons"):
        assert not re.search(rf"(?<!\d)(?<!\d[\s\u00a0\u202f])[01][\u00a0 ]{plural}", text), plural
    assert not re.search(r"\d %", text)  # a plain space before the sign
    assert "q <" not in text
    assert "revient plus souvent" not in text
