# Two commands for a new user: `make demo` and `make test`. Everything is installed into .venv from the locks.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
SOURCES = indexer search_ui tests benchmarks data migrations

.PHONY: demo test check format lint types imports tests lock clean

demo: $(VENV)/installed
	@$(BIN)/python -m data.demo

test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest

check: $(VENV)/installed-dev format-check lint types imports test

format: $(VENV)/installed-dev
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

format-check: ; $(BIN)/ruff format --check $(SOURCES)
lint: ; $(BIN)/ruff check $(SOURCES)
types: ; $(BIN)/mypy
imports: ; $(BIN)/lint-imports

lock: $(VENV)/installed-dev
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build --extra postgres --extra faiss-cpu -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group dev --extra postgres --extra faiss-cpu -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) build dist demo-library

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Shotlist needs Python 3.11 or later; say which with: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Shotlist needs (about 3.5 GB to download, once; 7 GB on disk) ..."
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
