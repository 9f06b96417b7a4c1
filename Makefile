# Every target makes .venv by itself; only python3, git and make are needed.

PYTHON ?= python3
BIN := .venv/bin
WITH := PYTHONDONTWRITEBYTECODE=1 $(BIN)

.DEFAULT_GOAL := help
.PHONY: help demo test lint types borders tests docs golden corpus kill scale draw fuzz bench clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/runtime ## build the archive of the sample list into ./demo
	@rm -rf demo/archive demo/site
	@mkdir -p demo/archive
	@cp samples/posterity.toml demo/archive/
	@$(BIN)/posterity build samples/keepers.mbox --archive demo/archive --site demo/site
	@echo
	@echo "Open demo/site/index.html in a browser, or serve it:"
	@echo "    python3 -m http.server --directory demo/site 8420"

test: lint types borders tests docs ## all of it: lint, types, borders, tests, docs

lint: .venv/dev
	$(WITH)/ruff check .
	$(WITH)/ruff format --check .

types: .venv/dev
	$(WITH)/mypy

borders: .venv/dev
	$(WITH)/lint-imports

tests: .venv/dev
	$(WITH)/python -m pytest -rs -n 3 --dist loadfile --no-loadscope-reorder -m "not long"

docs: .venv/dev
	$(WITH)/python docs/generate.py --check

golden: .venv/dev ## rewrite the golden files, to be read in the diff
	POSTERITY_GOLDEN=1 $(WITH)/python -m pytest -q tests/render tests/site tests/export
	$(WITH)/python docs/generate.py

corpus: .venv/dev ## everything that needs the real mail
	$(WITH)/python -m pytest -m corpus

kill: .venv/dev ## kill imports and builds at every point
	$(WITH)/python -m pytest -m long tests/pipeline tests/site

scale: .venv/dev ## what must grow no faster than its input; wants a quiet machine
	$(WITH)/python -m pytest -m long tests/rows tests/parse

draw: .venv/dev ## draw new examples for every property, more of them
	$(WITH)/python -m pytest -n 3 --dist loadfile -m "not long" --hypothesis-profile=anew \
		$$(grep -rl "^@given" tests --include=*.py)

fuzz: .venv/dev ## ten minutes of random octets; see fuzz/README.md
	$(WITH)/python fuzz/run.py

bench: .venv/runtime ## time the standard work
	$(WITH)/python bench/run.py

coverage: .venv/dev
	$(WITH)/python -m pytest -q -m "not long" --cov --cov-report=term-missing:skip-covered tests/parse tests/sources

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[server]'
	@touch $@

.venv/dev: .venv/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[server,dev]'
	@touch $@

clean: ## remove what make made
	rm -rf .venv demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
