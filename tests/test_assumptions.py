"""Every number the code decides with is written down with its reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path


def _is_numeric(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.UnaryOp(operand=operand):
            return _is_numeric(operand)
        case ast.BinOp(left=left, right=right):
            return _is_numeric(left) and _is_numeric(right)
        case ast.Tuple(elts=elements):
            return bool(elements) and all(map(_is_numeric, elements))
    return False


def _thresholds(source: Path) -> list[str]:
    assignments = [
        node for node in ast.parse(source.read_text(encoding="utf-8")).body if isinstance(node, ast.Assign)
    ]
    return [
        node.targets[0].id
        for node in assignments
        if isinstance(node.targets[0], ast.Name)
        and re.fullmatch(r"[A-Z][A-Z_0-9]+", node.targets[0].id)
        and _is_numeric(node.value)
    ]


def test_every_threshold_of_the_code_has_its_reason_in_the_log(project):
    log = (project / "docs" / "assumptions.md").read_text(encoding="utf-8")
    reasons = dict(re.findall(r"^\| `([A-Z_0-9]+)` \| [^|]+ \| (.+) \|$", log, re.MULTILINE))
    package = project / "src" / "psq_analysis"
    found = {(source.stem, name) for source in package.rglob("*.py") for name in _thresholds(source)}
    assert len(found) > 50
    assert sorted(place for place in found if len(reasons.get(place[1], "")) < 10) == []
