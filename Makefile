# `make run` starts papertray, `make test` checks everything; `make torture` tries every fault in every place.
# All need Python 3.11 or newer and make, nothing else; PYTHON=… names another Python.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.PHONY: run test catalogues torture bench bench-quick bench-pages clean

run: .venv/run
	@exec $(BIN)/papertray run

test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 3 --dist worksteal --reruns 1 -rfER

# What people see, out of the code into the catalogues of all languages: see docs/languages.md
catalogues: .venv/dev
	$(BIN)/python packaging/catalogues.py

# Real pages, with their truths and a score.py: see tests/bench/pages.py
bench-pages: .venv/dev
	$(BIN)/python -m tests.bench.pages $(PAGES)

# What this machine measures, into build/bench/results.json and docs/performance.md: everything takes an hour, quick
# some minutes
bench: .venv/dev
	$(BIN)/python -m tests.bench

bench-quick: .venv/dev
	$(BIN)/python -m tests.bench --quick

# Everything that is tried thousands of times, where `make test` tries a part
torture: .venv/dev
	PAPERTRAY_TORTURE=1 $(BIN)/pytest -n 2 -rs -rP tests/faults tests/daemon/notes

.venv/run: pyproject.toml constraints.txt hatch_build.py | .venv/bin/python
	$(INSTALL) '.[tray,outputs,stacks,mcp,serve,keyring]'
	@touch $@

.venv/dev: pyproject.toml constraints.txt hatch_build.py | .venv/bin/python
	$(INSTALL) '.[dev]'
	@touch $@ .venv/run

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "papertray needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }

clean:
	rm -rf .venv build dist
