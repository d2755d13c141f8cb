# Every target does its own set-up. `make test` and `make demo` are where to start.
VENV := .venv
BIN := $(VENV)/bin
C_SOURCES := $(wildcard firmware/lib/tinygest/src/*.[ch] src/tinygest/signalpath/*.[ch] src/tinygest/signalpath/build_native.py)
READY := $(VENV)/.ready
NATIVE := $(VENV)/.native
PAGE := src/tinygest/web/page/index.html
PAGE_SOURCES := $(wildcard frontend/*.* frontend/src/*.* frontend/src/*/*.*)
FUZZ_SECONDS ?= 20
# One TensorFlow per test process is enough for two cores.
export TF_NUM_INTRAOP_THREADS ?= 1

.PHONY: help setup page demo test test-full bench fuzz lint types imports page-test pytest firmware-test wheel clean

help:
	@echo "make demo       the whole way: two virtual gloves, recordings, a verified C library, live results, a report"
	@echo "make test       lint, types, import direction and tests (under 15 minutes on two cores)"
	@echo "make test-full  everything, with the long tests"
	@echo "make firmware-test  builds all firmware that needs no network, tests it, checks its size"
	@echo "make bench      the figures of docs/benchmarks.md"
	@echo "make fuzz       every importer against made-up bytes, FUZZ_SECONDS each"
	@echo "make page       build the page that tinygest gateway serves"
	@echo "make wheel      build the wheel into dist/"
	@echo "make clean      remove what these targets made"

$(READY): pyproject.toml setup.py constraints.txt tools/setup_system.sh
	tools/setup_system.sh
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt --upgrade pip
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt --editable '.[dev,tflm]'
	touch $@

$(NATIVE): $(READY) $(C_SOURCES)
	$(BIN)/python setup.py --quiet build_ext --inplace
	touch $@

frontend/node_modules/.ready: frontend/package.json frontend/package-lock.json $(READY)
	npm --prefix frontend install --no-save --silent
	touch $@

$(PAGE): $(PAGE_SOURCES) frontend/node_modules/.ready
	npm --prefix frontend run --silent build

page: $(PAGE)

setup: $(NATIVE) $(PAGE)

demo: setup
	$(BIN)/tinygest demo --out demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

page-test: setup
	npm --prefix frontend run --silent check
	npm --prefix frontend run --silent test

# Boards run in real time: what failed beside other tests may try once more with the machine to itself.
pytest: setup
	$(BIN)/pytest -n 2 -m "not slow" || $(BIN)/pytest -n 0 -m "not slow" --last-failed --last-failed-no-failures none

test: lint types imports page-test pytest

test-full: lint types imports page-test
	$(BIN)/pytest -n 2

firmware-test: setup
	$(BIN)/python tools/firmware_test.py

fuzz: setup
	$(BIN)/python tools/fuzz_formats.py --seconds $(FUZZ_SECONDS)

bench: setup
	$(BIN)/python tools/bench.py

wheel: setup
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) .pio build dist demo frontend/node_modules src/tinygest/web/page src/*.egg-info src/tinygest/signalpath/_native.*
