# Two commands are enough: `make report` and `make test`. Each sets up .venv the first time and when the lock changes.
# `make check` is what to run before every commit: lint, types, import contracts and the fast tests, in a minute.
PYTHON ?= python3
PY := .venv/bin/python
export UV_COMPILE_BYTECODE := 1
export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
# the certificates of the machine, as an administration with its own proxy needs
export UV_SYSTEM_CERTS := 1
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

# tests of one run on one core, so that it is made once; a doctest, a file or a run is what a core takes next
PYTEST := $(PY) -m pytest --numprocesses auto --dist loadgroup --no-loadscope-reorder

.PHONY: report check test lab lint clean

report: .venv/.synced
	@$(PY) -m psq_analysis run data/raw

check: lint
	@$(PYTEST) -m "not slow" --hypothesis-profile=check

test: .venv/.synced
	@$(PYTEST) --durations=30

lab: .venv/.synced
	@$(PY) -m psq_analysis lab

lint: .venv/.synced
	@$(PY) -m ruff check src tests benchmarks
	@$(PY) -m ruff format --check src tests benchmarks
	@$(PY) -m mypy

clean:
	rm -rf .venv data/processed/*/ reports

.venv/.synced: uv.lock pyproject.toml requirements/uv.txt
	@echo "Préparation de l'environnement (.venv) — une seule fois, quelques minutes au plus…" >&2
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Python {v.major}.{v.minor} trouvé ; il faut Python 3.11, 3.12 ou 3.13 : relancez avec PYTHON=/chemin/vers/python3.11.")'
	@$(PY) -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(PY) -m uv sync --quiet --locked --python $(PY)
	@touch $@
