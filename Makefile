.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
EXTRAS := flights mysql postgres redis streams# that are installed here: MLflow's own pages would hold pyarrow back
export OMP_WAIT_POLICY := passive
unexport PYTHONDONTWRITEBYTECODE # every process would compile all modules anew

help: ## show this
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/ready ## install everything that is needed into .venv
$(VENV)/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || python3 -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

demo: setup ## the main job: real flights, from dbt tables to a model that is watched and retrained
	@$(BIN)/shipworthy demo --template flights --folder demo $(ARGS)

test: setup ## all fast tests, doctests too
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not journey" $(ARGS)

journeys: setup ## templates from end to end, real data sets, servers, kill -9 at every step, pages in a real browser
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m journey tests $(ARGS)

check: setup ## lint, types, import contract, docs in step; writes nothing
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python docs/in_step.py --check

fix: setup ## mend what can be mended by itself, write the generated parts of the docs
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	@$(BIN)/python docs/in_step.py

lock: setup ## make requirements.lock anew
	@$(BIN)/uv pip compile pyproject.toml $(EXTRAS:%=--extra %) --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock

.PHONY: help setup demo test journeys check fix lock
