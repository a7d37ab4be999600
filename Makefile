# `make demo` shows everything, `make test` checks everything. Both set up what they need first.
.PHONY: setup demo test check servers lock clean help
.DEFAULT_GOAL := help
BIN := .venv/bin
export RASA_TELEMETRY_ENABLED := false

help: ## show what can be done
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/'

.PHONY: environment
environment:
	@deploy/setup

setup: environment ## build the environment from the lock and train the model; starts nothing
	@$(BIN)/kuemmerkasten train >/dev/null

demo: environment ## run everything on this machine, without a Telegram account
	@$(BIN)/kuemmerkasten demo

servers:
	@deploy/test-servers

test: setup servers check ## run all tests: unit, integration, end to end, browser
	@echo "▸ Alle Tests" >&2
	@KUEMMERKASTEN_REQUIRE_SERVERS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

check: environment ## style, types, layers
	@echo "▸ Stil (ruff), Typen (mypy), Schichten (import-linter)" >&2
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports >/dev/null || $(BIN)/lint-imports

lock: ## write requirements.lock anew from pyproject.toml
	@uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --quiet --output-file requirements.lock

clean: ## remove what was built
	rm -rf .venv .uv models .rasa var build *.egg-info
