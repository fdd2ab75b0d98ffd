"""What each way of learning brings, side by side: the codebook alone, the unlabelled corpus too, people's codes too.

    python benchmarks/learning.py GOLD [--codebook FILE] [--corpus FILE] [--expressions 1 4 all]

``GOLD``: JSON lines with ``remark``, optional ``question``, ``themes``, ``objectives``, ``tone`` given by people. ``--corpus``: CSV
or Parquet with ``remark`` or ``comment`` and optional ``question``, remarks without codes (12,000 drawn at random), joined to those of
``GOLD`` as in a run, which learns from the remarks it codes. ``--expressions``: how many seed expressions of each code are kept, the
first of the file, hints left out; ``all`` is the codebook as it is. Coded examples are left out, so that people's codes are those of
``GOLD`` alone, cross-validated. One line per number and scheme: micro F1 with its 95 % interval, by resampling remarks.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd
import yaml

from psq_analysis.coding.codebook import Codebook
from psq_analysis.coding.codebook_file import load_codebook
from psq_analysis.coding.evaluation import evaluate
from psq_analysis.settings import RunSettings

CODEBOOK = Path(__file__).resolve().parents[1] / "data/manual/codebook.yml"
CORPUS_REMARKS = 12_000
METHODS = {
    "codebook": "codebook alone",
    "corpus": "and the corpus",
    "cross_validated": "and people's codes",
}


def thinned(path: Path, expressions: str, folder: Path) -> Codebook:
    """Return the codebook of ``path`` with the first ``expressions`` seeds of each code, without hints or coded examples."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content.pop("coded_examples", None)
    if expressions != "all":
        for scheme in content["schemes"].values():
            for code in scheme["codes"].values():
                code["seeds"] = code["seeds"][: int(expressions)]
                code.pop("hints", None)
    target = folder / f"codebook_{expressions}.yml"
    target.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_codebook(target)


def unlabelled(path: Path) -> pd.DataFrame:
    """Return remarks drawn from a file of remarks without codes, as ``remark`` and, where it is known, ``question``."""
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    table = table.rename(columns={"comment": "remark"}).dropna(subset=["remark"])
    table = table.sample(min(CORPUS_REMARKS, len(table)), random_state=RunSettings().seed)
    return table[[name for name in ("remark", "question") if name in table]].reset_index(drop=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--codebook", type=Path, default=CODEBOOK)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--expressions", nargs="+", default=["1", "4", "all"])
    given = parser.parse_args()
    gold = pd.read_json(given.gold, lines=True)
    corpus = pd.concat([gold, unlabelled(given.corpus)], ignore_index=True) if given.corpus else None
    print(f"{'expressions':>11}  {'scheme':<12}" + "".join(f"{name:>26}" for name in METHODS.values()))
    with tempfile.TemporaryDirectory() as folder:
        for expressions in given.expressions:
            codebook = thinned(given.codebook, expressions, Path(folder))
            scored = evaluate(gold, codebook, human=gold, corpus=corpus, seed=RunSettings().seed).overall
            micro = scored[scored["figure"] == "micro"].set_index(["scheme", "method"])
            for scheme in dict.fromkeys(micro.index.get_level_values("scheme")):
                cells = [micro.loc[(scheme, method)] for method in METHODS]
                shown = (f"{cell['f1']:.3f} [{cell['low']:.2f} ; {cell['high']:.2f}]" for cell in cells)
                print(f"{expressions:>11}  {scheme:<12}" + "".join(f"{one:>26}" for one in shown), flush=True)


if __name__ == "__main__":
    main()
