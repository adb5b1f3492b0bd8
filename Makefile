# Two commands do everything: `make run` and `make test`. The others are for those who work on the project.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check fix lock vectors catalogue clean

run: $(VENV)/run.stamp
	$(BIN)/tanya run

test: $(VENV)/dev.stamp $(VENV)/chromium.stamp
	$(MAKE) check

# Only checks, changes nothing. Continuous integration runs the same.
check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

fix: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Exact pins of what is installed from the ranges of pyproject.toml, on a fresh environment.
lock:
	$(PYTHON) scripts/lock.py

# The vectors of the study texts that travel with the project.
vectors: $(VENV)/run.stamp
	$(BIN)/python scripts/ship_vectors.py

# docs/catalogue.md and docs/coverage.md, from the front matter and the texts.
catalogue: $(VENV)/run.stamp
	$(BIN)/python scripts/catalogue.py

clean:
	rm -rf $(VENV)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.lock
	touch $@

$(VENV)/chromium.stamp: $(VENV)/dev.stamp
	$(BIN)/python scripts/ensure_chromium.py
	touch $@
