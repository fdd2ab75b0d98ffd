"""What is not read says what it is and what to do instead."""

from __future__ import annotations

import pytest

from psq_analysis.sources import read_files
from psq_analysis.sources.errors import RefusedFile

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "what", "advice"),
    [
        (b"%PDF-1.7\n1 0 obj", "un PDF", "DOCX"),
        (b"{\\rtf1\\ansi Vos remarques}", "un document RTF", "DOCX ou ODT"),
        (COMPOUND + bytes(504) + "WordDocument".encode("utf-16-le"), "Word ancien", "DOCX"),
    ],
)
def test_written_documents_of_other_kinds_are_refused_by_name_with_what_to_do(
    tmp_path, content, what, advice
) -> None:
    path = tmp_path / "remarques.txt"
    path.write_bytes(content)
    with pytest.raises(RefusedFile) as trouble:
        read_files([path])
    assert what in str(trouble.value)
    assert advice in str(trouble.value)
