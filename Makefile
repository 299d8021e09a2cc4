# newsgloss: `make run` and `make test` set up what they need in .venv, once, and need no network after that.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The seeds, and our own samples: one is translated by the model of the demo extra, one waits for a model.
SOURCES ?= seeds/

.PHONY: run flow test check lock clean help

help:           ## list the targets
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: .venv/.run       ## set up, and run the main job on seeds/
	$(BIN)/newsgloss run $(SOURCES)

flow: .venv/.run      ## the same job as a Prefect flow on an ephemeral server
	$(BIN)/python -m flows $(SOURCES)

test: .venv/.test     ## set up, check the code, and run the tests
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n auto --dist loadgroup -q

check: .venv/.test    ## formatting, lint, types and import contracts
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

lock:                 ## resolve the dependencies anew into lock/ (needs the network)
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/pip --disable-pip-version-check --quiet install 'uv>=0.9'
	.venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
	  --extra demo --extra postgres --extra test pyproject.toml lock/build.in --output-file lock/test.lock
	.venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  --extra demo --constraint lock/test.lock pyproject.toml lock/build.in --output-file lock/run.lock

clean:                ## remove the environment and the caches; leaves output/ alone
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

.venv/.python:
	@echo "newsgloss: setting up .venv (once; under a minute with a fast network)"
	$(PYTHON) -c 'import sys; sys.exit("newsgloss needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: lock/run.lock pyproject.toml .venv/.python
	$(PIP) install --no-deps --require-hashes --requirement lock/run.lock
	$(PIP) install --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

.venv/.test: lock/test.lock .venv/.run
	$(PIP) install --no-deps --require-hashes --requirement lock/test.lock
	@touch $@
