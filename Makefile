# Two commands: `make scan` and `make test`. Both set up what they need first; second runs start at once.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
URLS ?=
ARGS ?=

.PHONY: scan test lint lock docs tour clean help
.DEFAULT_GOAL := help

help:
	@echo 'make scan                      scan the sample case in the embedded world (no network needed)'
	@echo 'make scan URLS="https://…"     scan real addresses over the real network'
	@echo 'make test                      all tests'
	@echo 'make lint                      linter, strict types, import floors'
	@echo 'make docs                      the generated pages of docs/'
	@echo 'make tour                      the pictures of docs/TOUR.md (needs Chromium)'

$(BIN)/.python:
	@$(PYTHON) -c 'import sys; sys.exit("falsefront needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.12" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo 'Setting up $(VENV) (once, about half a minute) …'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Twice quiet: what pip says of its own settings is nothing to the reader; errors are shown.
$(BIN)/.ready: $(BIN)/.python requirements.txt pyproject.toml
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/.ready-dev: $(BIN)/.ready requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

scan: $(BIN)/.ready
ifeq ($(strip $(URLS)),)
	@$(BIN)/falsefront scan --world sample $(ARGS)
else
	@$(BIN)/falsefront scan $(ARGS) $(URLS)
endif

test: $(BIN)/.ready-dev
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: $(BIN)/.ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(BIN)/.ready
	@$(BIN)/python -m scanner.cli.docs

# The pictures of docs/TOUR.md (needs Chromium, Chrome or Edge).
tour: $(BIN)/.ready
	@$(BIN)/python docs/tour/make.py

# New locks (needs uv). No index address is written into them.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.txt pyproject.toml requirements-build.in
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -c requirements.txt -o requirements-dev.txt pyproject.toml requirements-build.in --group dev

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
