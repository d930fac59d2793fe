# Everything a checkout needs: python3 >= 3.11 with venv, make, and a package index that pip knows. `make` shows the targets.
# Stamps inside .venv remember which locks were installed, so a second `make up` starts at once.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help up venv dev test check contracts bench lock clean

# The newest Python that runs and is new enough; PYTHON=… overrides.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; exit; }; done; echo python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
PYTEST_WORKERS ?= auto
ARGS   ?=

help: ## show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(VENV)/.runtime ## run everything on one machine, with a demo couple (ARGS=… for more options)
	$(BIN)/threedates up --demo $(ARGS)

venv: $(VENV)/.runtime ## make .venv with what running needs

dev: $(VENV)/.dev ## make .venv with what developing needs

test: $(VENV)/.dev ## run all tests, on a real broker (ARGS=… goes to pytest)
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(ARGS)

check: $(VENV)/.dev ## lint, formatting, types, import direction, contracts up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m threedates.schemas.generate --check

contracts: $(VENV)/.dev ## write schemas/json and schemas/asyncapi anew
	$(BIN)/python -m threedates.schemas.generate

bench: $(VENV)/.dev ## measure; results go to bench/results
	$(BIN)/python -m bench $(ARGS)

# Pins are kept where they still fit; UPGRADE=1 takes the newest of everything. The runtime and build locks are
# constrained by the dev lock, so that one version of each package serves all three.
UV      := .venv-lock/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)
lock: $(UV) ## resolve the lock files anew (UPGRADE=1: to the newest versions)
	$(COMPILE) --extra dev -o requirements-dev.lock pyproject.toml
	$(COMPILE) -c requirements-dev.lock -o requirements.lock pyproject.toml
	$(COMPILE) -c requirements-dev.lock --extra otel -o requirements-otel.lock pyproject.toml
	printf 'hatchling>=1.33\neditables>=0.6\nsetuptools>=80\n' | $(COMPILE) -c requirements-dev.lock -o requirements-build.lock -

clean: ## remove the environments and caches (not your data in .threedates)
	rm -rf $(VENV) .venv-lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(UV): | check-python
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip --disable-pip-version-check --quiet install 'uv>=0.13.9,<0.14'

.PHONY: check-python
check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "threedates needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo 'not there')." >&2; \
		echo "Install a newer one, or name it: make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' lacks the venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

# What is published as source alone is built by the pinned tools, which is why those come first.
# .dev installs a superset of .runtime, so it stands for both.
$(VENV)/.python: | check-python
	$(PYTHON) -m venv --clear $(VENV)
	touch $@

$(VENV)/.runtime: requirements.lock requirements-build.lock pyproject.toml $(VENV)/.python
	$(PIP) install --quiet --require-hashes -r requirements-build.lock
	$(PIP) install --quiet --require-hashes --no-build-isolation -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(PIP) install --quiet --require-hashes --no-build-isolation -r requirements-dev.lock
	touch $@
