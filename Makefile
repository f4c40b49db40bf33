# The commands of this project. `make demo` shows the platform, `make test` proves it.

PYTHON ?= python3
PORT ?= 8000
# What to test: make test TESTS=tests/ledger
TESTS ?=
# How long to fuzz: make audit MINUTES=120
MINUTES ?= 20
# Which modules of the law to mutate: make mutants MODULE="pension rules.pension"
MODULE ?=
# Each how manieth mutant to try, for a quick look: make mutants EVERY=10
EVERY ?= 1

BIN := .venv/bin
MESSAGES := $(wildcard src/lumbung/locale/*/LC_MESSAGES/*.po)
COMPILED := $(MESSAGES:.po=.mo)
# The programs that tests drive; program:package where Debian's package has another name.
PROGRAMS := chromium chromium-headless-shell hledger soffice:libreoffice-calc-nogui pdfsig:poppler-utils bearerbox:kannel
# The settings want an address and keys even of those tools that only read code.
CODE_ONLY := DATABASE_URL=postgresql://nobody@/nowhere DJANGO_SETTINGS_MODULE=lumbung.config.settings \
	LUMBUNG_SECRET_KEY=none LUMBUNG_FIELD_KEYS=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
	LUMBUNG_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= LUMBUNG_PAPER_KEY=none LUMBUNG_SIGNER=none

# Python keeps what it compiled, also where it is told not to litter: every program of ours then starts in half the
# time. It lies beside the packages, in no folder of sources.
KEPT := env -u PYTHONDONTWRITEBYTECODE -u DJANGO_SETTINGS_MODULE PYTHONPYCACHEPREFIX=$(CURDIR)/.venv/pycache

export UV_PYTHON_DOWNLOADS := never
# Trust what the system trusts, as pip does.
export UV_SYSTEM_CERTS := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup install demo demo-reset test check lint packages bench audit mutants lock
.DELETE_ON_ERROR:

setup: .venv/.dev $(COMPILED)

# What a server runs, and nothing else; compiled, for its services may write nothing here.
install: .venv/.run $(COMPILED)
	@$(KEPT) $(BIN)/python -m compileall -q -j 0 src/lumbung .venv/lib

demo: .venv/.run $(COMPILED)
	@PORT=$(PORT) $(KEPT) $(BIN)/lumbung demo

demo-reset: .venv/.run
	@$(BIN)/lumbung demo --reset

test: setup packages lint
	$(KEPT) $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(TESTS)

check: setup lint
	$(BIN)/python -m pytest -q tests/test_tidy.py

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(CODE_ONLY) $(BIN)/mypy
	$(BIN)/lint-imports
	$(CODE_ONLY) $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

# Brings the locks in step with pyproject.toml; what is locked stays as it is where it can. UPGRADE=1 takes newer ones.
lock: .venv/.tools
	@for each in run dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			$(if $(UPGRADE),--upgrade) $$([ $$each = dev ] && echo --extra dev) \
			pyproject.toml --output-file requirements/$$each.lock || exit 1; \
	done

bench: setup packages
	$(KEPT) $(BIN)/python -m benchmarks

# Flows in a browser that run in two windows and languages in the suite, here in all four.
IN_FOUR := $(shell grep -l "import.* pairings$$" tests/doors/test_*.py)

audit: setup packages tools/audit/node_modules .venv-attacks/.done
	$(BIN)/python tools/audit/run.py
	LUMBUNG_PAIRINGS=all $(KEPT) $(BIN)/python -m pytest -q -n 0 $(IN_FOUR)
	$(BIN)/python tools/audit/timing.py
	$(BIN)/python tools/audit/interface.py
	$(BIN)/python tools/audit/attacks.py
	$(BIN)/python tools/audit/fuzz.py --minutes $(MINUTES)

# An environment of its own: mutmut brings setproctitle, with which granian's children don't start.
mutants: .venv-mutants/.done
	@nice -n 15 .venv-mutants/bin/python tools/mutants/run.py --every $(EVERY) $(if $(MODULE),--module $(MODULE))

.venv-mutants/.done: requirements/mutants.lock .venv/.tools
	@echo "Installing $<"
	@$(PYTHON) -m venv --clear .venv-mutants
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python .venv-mutants/bin/python --require-hashes -r $<; \
	then :; else .venv-mutants/bin/python -m pip install --quiet --require-hashes -r $<; fi
	@touch $@

# wapiti and sqlmap, in an environment of their own: they want older libraries than we do.
.venv-attacks/.done: requirements/attacks.lock .venv/.tools
	@echo "Installing $<"
	@$(PYTHON) -m venv --clear .venv-attacks
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python .venv-attacks/bin/python --require-hashes -r $<; \
	then :; else .venv-attacks/bin/python -m pip install --quiet --require-hashes -r $<; fi
	@touch $@

tools/audit/node_modules: tools/audit/package-lock.json
	cd tools/audit && PUPPETEER_SKIP_DOWNLOAD=true npm ci --ignore-scripts --no-progress
	@touch $@

# Installs what tests need of Debian when root runs this; says how when another user does.
packages:
	@missing=""; \
	for each in $(PROGRAMS); do \
		command -v $${each%:*} >/dev/null || missing="$$missing $${each#*:}"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	install="apt-get install --yes --no-install-recommends$$missing"; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -o DPkg::Lock::Timeout=600 update && \
		DEBIAN_FRONTEND=noninteractive $$install -o DPkg::Lock::Timeout=600; \
	else \
		echo "Not installed:$$missing. The tests that drive them are skipped; to run them too: sudo $$install"; \
	fi

# The virtual environment and its installers; pip checks every file against its hash.
.venv/.tools: requirements/tools.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Lumbung needs Python 3.11 or later: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) can't make virtual environments. On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		echo "Making a virtual environment in .venv"; $(PYTHON) -m venv --clear .venv; }
	@echo "Installing the installer (requirements/tools.lock)"
	@$(BIN)/python -m pip install --quiet --only-binary :all: --require-hashes -r $< || { \
		echo "There is no uv for this platform: going on with pip, which is slower"; \
		sed -n '/^setuptools==/,/[^\\]$$/p' $< > .venv/setuptools.lock && \
		$(BIN)/python -m pip install --quiet --require-hashes -r .venv/setuptools.lock; }
	@touch $@

# $(call install,LOCK): all of a lock file, then this project itself as it lies here.
define install
	@echo "Installing $(1)"
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --python $(BIN)/python --require-hashes -r $(1); then :; \
	else $(BIN)/python -m pip install --require-hashes -r $(1); fi
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	then :; else $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; fi
	@touch $@
endef

.venv/.run: requirements/run.lock pyproject.toml .venv/.tools
	$(call install,requirements/run.lock)

.venv/.dev: requirements/dev.lock requirements/run.lock pyproject.toml .venv/.tools
	$(call install,requirements/dev.lock)
	@touch .venv/.run

# Any of the two environments has what compiling needs.
%.mo: %.po | $(if $(filter demo% install,$(MAKECMDGOALS)),.venv/.run,.venv/.dev)
	@$(BIN)/python tools/messages.py compile
