# Two commands do all the set-up: `make demo` runs the demo clinic, `make test` passes the tests.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test test-real validate check bench bench-sync bench-review docs pictures lock clean

# The run-time environment, from the hashed lock; rebuilt when the lock or the metadata changes.
$(VENV)/.run: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(VENV)/.run
	@$(BIN)/gpa-tui demo --home .demo

# The whole suite twice: on this source tree, then on the wheel that a practice would install.
test: $(VENV)/.dev
	$(BIN)/pytest -n 2
	@rm -rf build/wheel build/dist
	@$(BIN)/python -m hatchling build --target wheel --directory build/dist > /dev/null
	@$(PIP) install --no-deps --no-index --target build/wheel build/dist/*.whl
	GPA_TUI_WHEEL=build/wheel PYTHONPATH=build/wheel $(BIN)/pytest -n 2

# Against programs we did not write. On Debian as root the missing ones are installed.
test-real: $(VENV)/.dev
	@sh tests/real/setup.sh
	$(BIN)/pytest tests/real -n 2 --dist loadfile -o addopts="--import-mode=importlib --strict-markers -ra"

# A day's resources against UK Core by validators we did not write; UKCORE=DIR holds its definitions.
validate: $(VENV)/.dev
	@sh tests/real/setup.sh
	@mkdir -p build
	$(BIN)/python tests/sync/whole_day.py build/day.ndjson
	node tests/real/fhir/validate.mjs build/day.ndjson --profiles $(UKCORE) --ukcore --codes

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

pictures: $(VENV)/.dev
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/samples.py

bench: $(VENV)/.dev
	$(BIN)/python bench/run.py
	$(BIN)/python bench/store_speed.py

# Sending a day beside bare batches, reading one, idling, catching up, other hosts, keys; needs Node.
bench-sync: $(VENV)/.dev
	@sh tests/real/setup.sh
	$(BIN)/python bench/sync_speed.py
	$(BIN)/python bench/sync_day.py

# Opening, numbers and searches over a made-up year of clinics.
bench-review: $(VENV)/.dev
	$(BIN)/python bench/review_speed.py

# Needs `uv`. The locks carry hashes and no address.
lock:
	uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --group build pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 --group dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) .demo build dist
