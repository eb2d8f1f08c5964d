# broadsheet: one command for everything. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
LOCK_LOCAL := infra/local/requirements.txt
LOCK_LAMBDA := layers/dependencies/requirements.txt
# pip checks every file against the hashes of the lock; the lock is complete, so nothing is resolved (--no-deps).
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test e2e bench quality explore fuzz load lint format lock synth sbom golden clean

help: ## list the commands
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(VENV)/local.stamp ## the whole system here: engine, buckets, queue, API; uploads the sample (ARGS=--once | ARGS=FOLDER)
	@$(BIN)/python -m infra.local $(ARGS)

test: lint $(VENV)/dev.stamp ## the whole suite
	@$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/dev.stamp ## ruff, mypy and the arrows between the rooms
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@report=$$($(BIN)/lint-imports --no-logo) || { echo "$$report"; exit 1; }

format: $(VENV)/dev.stamp ## put the code in the agreed format
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/dev.stamp ## ratios against a ceiling measured in the same run; a table and .bench/latest.json
	@$(BIN)/python -m tests.bench $(ARGS)

e2e: $(VENV)/dev.stamp ## cdk deploy of the whole stack without an account, used and destroyed (ARGS='--enforced | --minimal | --keep')
	@$(BIN)/python -m tests.deploy $(ARGS)

load: $(VENV)/dev.stamp ## 20,000 objects while searching; the index must equal the bucket (ARGS="--objects N")
	@$(BIN)/python -m tests.load $(ARGS)

quality: $(VENV)/dev.stamp ## how well labelled pages are read and judged queries are answered (ARGS='search --details')
	@$(BIN)/python -m tests.quality $(ARGS)

explore: $(VENV)/dev.stamp ## random schedules of faults through the real ingestion (ARGS='--runs 1000000 | --seconds 600 | --story SEED | --mutants')
	@$(BIN)/python -m tests.explore $(ARGS)

fuzz: $(VENV)/dev.stamp ## every reader on damaged files (ARGS="feeds --minutes 5"; readers: text html json feeds tables crawls containers encodings)
	@$(BIN)/python -m tests.fuzz $(ARGS)

golden: $(VENV)/dev.stamp ## rewrite the expected outputs of the parser on purpose; read the diff before you commit it
	@$(BIN)/python -m tests.corpus.golden

synth: $(VENV)/dev.stamp ## the CloudFormation templates in cdk.out, without network, Node, docker or account
	@CDK_OUTDIR=cdk.out $(BIN)/python -m infra.app

sbom: $(VENV)/dev.stamp ## what the Lambdas hold beside our own code: sbom.json (CycloneDX 1.6)
	@$(BIN)/python -m infra.sbom

lock: $(VENV)/dev.stamp ## resolve the dependencies anew: versions and hashes only, no address
	@$(BIN)/python -m infra.lock

clean: ## remove what was built here (the engine's cache stays)
	rm -rf $(VENV) .bench .fuzz .local cdk.out sbom.json .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "broadsheet needs Python 3.11 or newer; say which: make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "could not make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

# The package's own entry is a path file and a script, written by the locked build backend: no network, no isolation.
$(VENV)/local.stamp: $(LOCK_LOCAL) pyproject.toml | $(BIN)/python
	@echo "installing what the local system needs into $(VENV) ..."
	@$(INSTALL) -r $(LOCK_LOCAL)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(LOCK) $(VENV)/local.stamp
	@echo "installing what the tests need into $(VENV) ..."
	@$(INSTALL) -r $(LOCK)
	@touch $@
