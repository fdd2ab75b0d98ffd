"""The first screen says that nobody read the coding only where no code was given by a person."""

from __future__ import annotations

import pandas as pd
import pytest

from psq_analysis.sentences.first_screen import first_screen
from psq_analysis.tables.schema import empty


@pytest.mark.parametrize(("origins", "is_said"), [(["model", "codebook"], True), (["model", "human"], False)])
def test_nobody_read_the_coding_is_said_where_no_code_was_given_by_a_person(origins, is_said):
    nothing = empty("demand_groups")
    blocks = first_screen(
        nothing, empty("prevalence"), empty("contrasts"), {}, codes=pd.DataFrame({"origin": origins})
    )
    assert ("Personne n'a relu" in blocks[-1].lines[0].text) is is_said
