# Everything here installs what is missing first. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
MESSAGES := $(wildcard caseward/locale/*/LC_MESSAGES/*.po)
BOTH_CORES := -n 2 --dist loadfile --no-loadscope-reorder
PYTEST := $(BIN)/python -m pytest $(PYTEST_ARGS)

export PORT SMTP_PORT DATA LIVE

.PHONY: help run test test-core test-browser test-server lint fix bench docs setup chromium

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: setup ## Run the whole desk with a living demo operation, until Ctrl-C (PORT, SMTP_PORT, DATA, LIVE)
	@exec $(BIN)/caseward run

test: setup chromium ## Run every test, then those of verbs and rights on a server reached by TCP
	$(PYTEST) -m "not browser" $(BOTH_CORES)
	$(PYTEST) -m browser
	$(BIN)/python -m tests.on_a_server $(PYTEST) -m "not browser and not cluster" $(BOTH_CORES) \
		tests/casework tests/ledger tests/org tests/routing tests/security tests/sla tests/wellbeing

test-core: setup ## Run the tests of the maths: seconds, no database
	$(PYTEST) tests/core

test-browser: setup chromium ## Run the tests that drive a browser
	$(PYTEST) -m browser

lint: setup ## Check style, types, imports, templates, translations, migrations and docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint caseward/web/templates
	$(BIN)/caseward messages check --desk
	$(BIN)/caseward manage makemigrations --check --dry-run
	$(BIN)/caseward docs check

fix: setup ## Put right what a program can put right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup .venv-bench/ready ## Measure the speed claims, each beside what one would pick instead
	$(BIN)/python -m bench

docs: setup ## Write the generated reference pages anew
	$(BIN)/caseward docs write

setup: .venv/ready .venv/messages

.venv/ready: requirements.lock pyproject.toml .python-version scripts/setup
	@scripts/setup
	@touch $@

.venv-bench/ready: .venv/ready bench/requirements.lock
	@echo "Installing what is measured beside Caseward into .venv-bench"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-bench
	@$(BIN)/uv pip sync --quiet --python .venv-bench/bin/python --require-hashes bench/requirements.lock
	@touch $@

.venv/messages: .venv/ready $(MESSAGES)
	@$(BIN)/caseward messages compile
	@touch $@

chromium:
	@scripts/chromium
