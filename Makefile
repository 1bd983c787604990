# What can be done here: `make help` lists it.
PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Works where Python comes without ensurepip: the pip of PY installs into the environment.
PIP = $(PY) -m pip --disable-pip-version-check --python $(BIN)/python
INSTALL = $(PIP) install --quiet --root-user-action=ignore
TORCH := torch==2.13.0
MLFLOW_SERVER := mlflow==3.17.2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# This list.
help:
	@awk '/^# /{text=substr($$0,3)} /^[a-z-]+:/{split($$0,part,":"); if (text) printf "  make %-12s %s\n", part[1], text} !/^# /{text=""}' Makefile

$(BIN)/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: name it, as in make PY=/usr/bin/python3.11" >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null || { echo "pip is needed: apt-get install python3-pip" >&2; exit 1; }
	$(PY) -m venv --without-pip $(VENV)

$(VENV)/.base: requirements/base.txt | $(BIN)/python
	@echo "Installing what the application needs; about a minute."
	$(INSTALL) --require-hashes -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/python
	@echo "Installing what development needs; about two minutes."
	$(INSTALL) --require-hashes -r $<
	@touch $@ $(VENV)/.base

# PyTorch is outside the lock, for its CPU builds have hashes of their own. Where pip would take a build for GPUs that
# you do not have, name the index of CPU builds in PIP_EXTRA_INDEX_URL or their folder in PIP_FIND_LINKS.
$(VENV)/.torch: $(VENV)/.dev
	$(INSTALL) $(TORCH)
	@touch $@

# Install, migrate, and run web server and worker until Ctrl-C.
run: $(VENV)/.base
	@$(BIN)/python manage.py up

# Everything that must hold: lint, then every test on PostgreSQL with Redis, and those nearest to the database on SQLite.
test: lint
	scripts/browser.sh
	scripts/azurite.sh $(BIN)
	scripts/test.sh $(BIN)

.venv-mlflow/.server: requirements/mlflow-server.txt | $(BIN)/python
	@echo "Installing an MLflow server in an environment of its own; about two minutes."
	$(PY) -m venv --without-pip .venv-mlflow
	$(PY) -m pip --disable-pip-version-check --python .venv-mlflow/bin/python install --quiet --root-user-action=ignore --require-hashes -r $<
	@touch $@

# Everything with a database on SQLite, the embedded default; `make test` runs a part of it.
test-sqlite: $(VENV)/.torch
	$(BIN)/python -m pytest --database=sqlite --only-database

# The tests of the MLflow registry, on a real MLflow server.
test-mlflow: $(VENV)/.dev .venv-mlflow/.server
	$(BIN)/python -m pytest --database=sqlite --mlflow tests/mlflow_server

# Each verb of the registry once against the Azure ML workspace of the settings; docs/azure.md says what it leaves there.
smoke-azure: $(VENV)/.torch
	$(BIN)/python -m tests.azure.live

# Style, types, import contracts, templates, migrations and deployment settings.
lint: $(VENV)/.torch
	scripts/lint.sh $(BIN)

# Put right what can be put right by itself.
format: $(VENV)/.dev
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/djlint --reformat --quiet templates || true

# Install what training needs, for `manage.py train_model`.
train-setup: $(VENV)/.torch

# Measure speeds; docs/performance.md says how to read them.
bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Compile pyproject.toml, and the MLflow server of the tests, into requirements/, with hashes.
lock: $(VENV)/.dev
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/base.txt
	$(BIN)/uv pip compile pyproject.toml --extra azure --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/azure.txt
	$(BIN)/uv pip compile pyproject.toml --extra mlflow --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/mlflow.txt
	$(BIN)/uv pip compile pyproject.toml --extra train --extra dev --extra azure --extra mlflow --universal --python-version 3.11 --generate-hashes --no-header --quiet --output-file requirements/dev.txt
	echo "$(MLFLOW_SERVER)" | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --output-file requirements/mlflow-server.txt

# Remove the environment and what tools left behind; data in var/ stays.
clean:
	rm -rf $(VENV) .venv-mlflow .azurite .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build htmlcov .coverage

.PHONY: help run test test-sqlite test-mlflow smoke-azure lint format train-setup bench lock clean
