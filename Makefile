# Two targets do everything: `make demo` and `make test`. The rest is for those who change Casearc.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests run side by side, one on each core; libraries that took all cores for themselves would only wait for one another.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 POLARS_MAX_THREADS=1

.PHONY: demo web test test-postgresql lint check lock docs messages degenerate calibration grid faults tamper edit-pairs kills bench clean

demo: $(READY)  ## run the main job on a made-up program of 95 participants
	@$(BIN)/casearc demo -o demo

web: $(READY)  ## try the application: a made-up agency in ./agency, encrypted; CTRL-C stops it
	@$(BIN)/casearc web --demo --folder agency

test: $(READY) lint  ## everything CI runs
	@$(ONE_THREAD) $(BIN)/python -m pytest -n auto --dist worksteal

test-postgresql: $(READY)  ## the application's tests on a PostgreSQL of their own, folder by folder (FOLDERS="goals needs" for some)
	@$(BIN)/python tests/web/postgresql/whole.py $(FOLDERS)

lint: $(READY)
	@$(BIN)/ruff check src tests docs benchmarks
	@$(BIN)/lint-imports
	@$(BIN)/mypy

calibration: $(READY)  ## a thousand made-up programs of each kind against their truth (a quarter of an hour)
	@$(BIN)/python tests/calibration/run.py

grid: $(READY)  ## ten thousand simulations of every method at every size (hours; FAMILY=mixed for one)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/calibration/grid.py $(if $(FAMILY),--family $(FAMILY))

degenerate: $(READY)  ## every method meets every spoiled data set, more programs go there and back (a quarter of an hour); `make test` tries a part
	@CASEARC_TEST_ALL=1 $(BIN)/python -m pytest -n auto tests/degenerate tests/unit/files/exporting tests/attack/test_demo.py

faults: $(READY)  ## kill, cut the power, flip bits, fill the disk, lose the passphrase, restore, import (hours; PART=kills for one)
	@for part in $(or $(PART),kills power bits full recoveries restores imports record_imports); do \
	    $(BIN)/python tests/faults/$$part.py --save || exit 1; done

tamper: $(READY)  ## ten thousand alterations of the audit log (ten minutes)
	@$(BIN)/python tests/faults/tamper.py --save

edit-pairs: $(READY)  ## ten thousand pairs of edits at once; on PostgreSQL where CASEARC_TEST_POSTGRESQL leads to an empty database
	@$(BIN)/python tests/faults/edit_pairs.py --save

kills: $(READY)  ## ten thousand kills while writing
	@$(MAKE) --no-print-directory faults PART=kills

bench: $(READY) .venv-peers/.ready  ## side by side with peers (PART=mixed for one part); R is used where it is installed
	@$(BIN)/python benchmarks/run.py $(PART)

.venv-peers/.ready: benchmarks/peers/requirements.txt
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers/requirements.txt
	@touch $@

docs: $(READY)  ## regenerate the reference pages and the schema
	@$(BIN)/python docs/build.py

messages: $(READY)  ## collect what the application says, compile the Spanish, and tell what lacks it
	@$(BIN)/python tools/messages.py collect
	@$(BIN)/python tools/messages.py compile
	@$(BIN)/python tools/messages.py check

lock:  ## needs `uv`; hashes only, never an address
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-annotate --no-header \
	    --python-version 3.11 --upgrade -o requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Casearc needs Python 3.11 or newer; name one with: make PYTHON=python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	    || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 2; }
	@echo "Installing Casearc into $(VENV) (once; a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) demo dist build
