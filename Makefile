# What people and CI run. Every target sets up what it needs in its own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SERVE ?= 1
PORT ?= 8501

.PHONY: demo test bench soak check check-python check-sql refresh serve lock contracts screenshots clean

demo: $(STAMP)
	$(BIN)/aftercare demo $(if $(filter 0,$(SERVE)),--no-serve,--serve --port $(PORT))

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not soak"

soak: $(STAMP)
	$(BIN)/python -m pytest -m soak

check: $(STAMP)
	@$(MAKE) --no-print-directory -j2 -O check-python check-sql

check-python:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture tests/unit/warehouse tests/unit/landing/test_mapping_validation.py

# dbt parses the project on the way; its connection needs a folder that exists
check-sql:
	@mkdir -p target/check/build target/check/dbt
	@ln -sfn .. target/check/dbt/workplace
	AFTERCARE_HOME=$(CURDIR)/target/check DBT_LOG_PATH=$(CURDIR)/target/check DBT_TARGET_PATH=$(CURDIR)/target/check \
		$(BIN)/sqlfluff lint --nocolor dbt_project/models

refresh: $(STAMP)
	$(BIN)/aftercare refresh

serve: $(STAMP)
	$(BIN)/aftercare serve --port $(PORT)

# The virtual environment from the lock; hashes make it the same everywhere.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Aftercare needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

# For maintainers: the lock and the generated dbt sources.
lock:
	uv pip compile --generate-hashes --no-emit-index-url --universal --python-version 3.11 --extra dev \
		--no-strip-extras --custom-compile-command "make lock" pyproject.toml -o requirements.lock --quiet

contracts: $(STAMP)
	$(BIN)/python -m warehouse.dbt_sources

# Measures this machine: companies of 200,000 and 2,000,000 tickets; TICKETS=200000 for one of them.
TICKETS ?= 200000,2000000
bench: $(STAMP)
	$(BIN)/python -m benchmarks --tickets $(TICKETS)

screenshots: $(STAMP)
	$(BIN)/python tests/browser/take_screenshots.py --home .aftercare --output docs/screenshots

clean:
	rm -rf target logs .pytest_cache .mypy_cache .ruff_cache
