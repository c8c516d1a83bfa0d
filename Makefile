# make demo            installs, runs the heart-disease study, writes the report, serves the app on 127.0.0.1:8501
# make demo SERVE=0    the same without serving
# make test            everything CI runs
# make lock            writes the lock files anew
# make test-lowest     the tests on the oldest versions pyproject.toml admits
# make clean           removes what these made
#
# Written for GNU make 3.81 and a POSIX shell, so that a Mac as delivered can run it.

SHELL := /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test lock test-lowest clean

SERVE ?= 1
# The Python to use, where the one found first is not wanted: make demo PYTHON=/opt/python/bin/python3
PYTHON ?=
# Extra words for pytest: make test PYTEST_ARGS="tests/score -x"
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL_LOCKED := $(PIP) install --quiet --require-hashes -r
# The build tools come from the lock, so nothing unpinned is fetched to install the package itself.
INSTALL_SELF := $(PIP) install --quiet --no-deps --no-build-isolation --editable .

VENV_READY := $(VENV)/made
DEMO_READY := $(VENV)/installed-demo
TEST_READY := $(VENV)/installed-test

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile | sed '$$d'

$(VENV_READY):
	@sh scripts/make_venv.sh "$(VENV)" "$(PYTHON)"
	@touch $@

$(DEMO_READY): $(VENV_READY) requirements.lock pyproject.toml
	@echo "Installing from requirements.lock (once; some 250 MB to download)"
	$(INSTALL_LOCKED) requirements.lock
	$(INSTALL_SELF)
	@touch $@

$(TEST_READY): $(VENV_READY) requirements-dev.lock pyproject.toml
	@echo "Installing from requirements-dev.lock (once; some 350 MB to download)"
	$(INSTALL_LOCKED) requirements-dev.lock
	$(INSTALL_SELF)
	@touch $@

demo: $(DEMO_READY)
	@if [ "$(SERVE)" = "0" ]; then exec $(BIN)/interpretable demo --no-serve; \
	else exec $(BIN)/interpretable demo; fi

# With INTERPRETABLE_REQUIRE_LLM=1 (CI sets it) missing weights are a failure, not a skip.
test: $(TEST_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/interpretable llm pull || { [ "$$INTERPRETABLE_REQUIRE_LLM" != "1" ] && \
	  echo "No weights for the local language model: its tests will be skipped." >&2; }
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# The demo lock is held to the versions of the test lock: what is shipped is what was tested.
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --group build --extra llm-local --universal \
  --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
  --annotation-style line --custom-compile-command "make lock"

lock: $(VENV_READY)
	@[ -x $(BIN)/uv ] || $(PIP) install --quiet uv
	$(LOCK) --extra dev --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock

# Meant for Python 3.11: for a newer one, the oldest versions of some libraries have nothing ready to install.
LOWEST := .venv-lowest
test-lowest: $(TEST_READY)
	$(BIN)/uv pip compile pyproject.toml --quiet --group build --extra llm-local --extra dev \
	  --resolution lowest-direct --no-emit-index-url --python $(BIN)/python --output-file $(VENV)/lowest.txt
	$(BIN)/uv venv --quiet --seed --clear --python $(BIN)/python $(LOWEST)
	$(BIN)/uv pip sync --quiet --python $(LOWEST)/bin/python $(VENV)/lowest.txt
	$(BIN)/uv pip install --quiet --python $(LOWEST)/bin/python --no-deps --no-build-isolation --editable .
	$(LOWEST)/bin/python -m pytest -m "not browser and not llm_real" $(PYTEST_ARGS)

clean:
	rm -rf $(VENV) $(LOWEST) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache \
	  .import_linter_cache .hypothesis
