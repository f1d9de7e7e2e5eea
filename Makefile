# slablab. `make` says what there is to make. Nothing but this checkout is needed: what is missing on the machine
# is set up on the way (native/setup.sh, native/jemalloc/obtain.sh).

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --jobs=$(shell nproc)

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 24
	@echo
	@echo 'BUILD=NAME chooses builds: $(BUILDS) (default: $(DEFAULT_BUILDS))'
	@echo 'LEG=NAME chooses one leg of make bench; a name that is none of them lists them'
	@echo 'JEMALLOC_SRC=PATH takes jemalloc 5.3.0 from there: an unpacked source tree, or the release archive'
	@echo 'JEMALLOC_531_SRC=PATH takes jemalloc 5.3.1 from there: the source tree or archive of the tag'
	@echo 'REDIS_SRC=PATH takes jemalloc 5.2.1 from there: the source tree or archive of Redis 7.0.15'

# --- the tools: where they are, and that they are there ---

TOOLS_MK := native/build/tools.mk
WITHOUT_TOOLS := help servers clean distclean
ifneq ($(filter-out $(WITHOUT_TOOLS),$(MAKECMDGOALS)),)
include $(TOOLS_MK)
ifneq ($(filter clean distclean,$(MAKECMDGOALS)),)
$(error clean goes alone: call make again for $(filter-out $(WITHOUT_TOOLS),$(MAKECMDGOALS)))
endif
endif
$(TOOLS_MK): native/setup.sh $(TOOLS)
	@CC='$(CC)' native/setup.sh $@
# A tool that has gone is looked for again.
$(TOOLS):

# A build for each modelled server's own allocator, and the one that distributions link servers with.
DEFAULT_BUILDS := q3 q4 q3-5.2.1
BUILD ?= $(DEFAULT_BUILDS)
GOALS := $(filter-out $(WITHOUT_TOOLS),$(MAKECMDGOALS))
include native/compile.mk
include wasm/link.mk

ifneq ($(filter-out $(BUILDS),$(BUILD)),)
$(error there is no build '$(filter-out $(BUILDS),$(BUILD))'; builds are $(BUILDS))
endif

# --- products ---

wasm: $(BUILD:%=wasm/build/%.wasm) ## the WebAssembly modules [BUILD=NAME]
native: $(BUILD:%=native/build/%/lab) ## the native twins [BUILD=NAME]
typescript: dist/built
bin: dist/bin/slablab.js ## the command line
web: dist/web/index.html ## the page, for any web host
recorder: $(RECORDER) ## the library that records programs
build: wasm native recorder typescript bin web ## all of them

NPM := node_modules/.package-lock.json
$(NPM): package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

dist/built: tsconfig.json $(shell find src workloads wasm $(wildcard test/bench) -name '*.ts') $(NPM)
	npx tsc -p tsconfig.json
	@touch $@

NATIVE_SOURCES := $(shell find native -type f -not -path 'native/build/*')
# The command line as few files, which are found and read in a fraction of the time.
SLABLAB := dist/bin/slablab.js
$(SLABLAB): vite.config.ts vite.notices.ts vite.sources.ts vite.types.ts $(NATIVE_SOURCES) dist/built
	npx vite build --logLevel warn

WEB_SOURCES := vite.notices.ts $(shell find web -type f -not -path 'web/images/*') $(shell find src workloads -name '*.ts')
dist/web/index.html: $(WEB_SOURCES) $(NPM) $(BUILD:%=wasm/build/%.wasm)
	npx vite build web --logLevel warn
	npx vite build web --config web/vite.single.config.ts --logLevel warn

# --- using them ---

docs: typescript bin ## the documents that are made: command line, library reference, drawing of the rooms
	npx vitest run test/cli/command-line-page.test.ts test/cli/questions-page.test.ts test/cli/library.test.ts test/house/documents.test.ts test/bench/performance-page.test.ts --silent --update

accuracy: typescript $(STEADY_BUILDS:%=wasm/build/%.wasm) ## how far the model is from recorded servers: docs/accuracy.md
	npx vitest run --config test/fidelity/record.config.ts test/fidelity/accuracy.run.ts

run: build ## the first experiment: which slabs come back when half the keys are deleted
	node $(SLABLAB) run scattered-delete --out results

picture: build ## the pictures in the README
	node $(SLABLAB) run scattered-delete --regions --quiet --out results >/dev/null
	node $(SLABLAB) map results/scattered-delete-q3.slabs --no-retained --phase populated --phase deleted --out web/images/scattered-delete.svg
	node $(SLABLAB) sweep value-drift --set keys=200000 --rest 5000 --axis dirty_decay_ms=0,1000,10000,-1 --axis toBytes=120,300 --quiet --out results >/dev/null
	node $(SLABLAB) map results/value-drift.sweep.json --out web/images/value-drift.svg

EVERYTHING := $(STEADY_BUILDS:%=wasm/build/%.wasm) $(patsubst %,native/build/%/lab,$(STEADY_BUILDS) q3-asan q3-5.2.1-asan) $(RECORDER) typescript bin web
# What test/browser runs in, and what test/fidelity compares with.
export CHROMIUM ?= $(firstword $(shell command -v chromium chromium-browser google-chrome) /usr/bin/chromium)
REDIS_SERVER := $(firstword $(shell command -v redis-server) /usr/bin/redis-server)
$(CHROMIUM):
	@$(if $(filter file,$(origin CHROMIUM)),native/install.sh chromium,echo 'slablab: CHROMIUM=$@: there is no such program' >&2; exit 1)
$(REDIS_SERVER): | $(CHROMIUM)
	@native/install.sh redis-server

# test/recording reads recordings as their documentation shows.
PYTHON := $(firstword $(shell command -v python3) /usr/bin/python3)
$(PYTHON): | $(REDIS_SERVER)
	@native/install.sh python3

# The lanes of test/lanes.ts. A test that cannot have what it needs fails: the machine is set up for it here.
VITEST := SLABLAB_NEED_SERVER=1 npx vitest run --reporter=default --reporter=test/support/closing-line.ts

test: $(EVERYTHING) | $(CHROMIUM) $(REDIS_SERVER) $(PYTHON) ## every test, after the check
	npm run --silent check
	$(VITEST) --project '!house'

test-unit: $(STEADY_BUILDS:%=wasm/build/%.wasm) typescript ## tests without processes, sockets and browsers
	$(VITEST) --project unit

test-fidelity: $(EVERYTHING) | $(REDIS_SERVER) ## the model beside real servers and their recordings
	$(VITEST) --project fidelity

test-browser: $(EVERYTHING) | $(CHROMIUM) ## the page in a browser
	$(VITEST) --project browser

test-integration: $(EVERYTHING) | $(REDIS_SERVER) $(PYTHON) ## the command line, live traffic, native builds, the package
	$(VITEST) --project integration

test-fuzz: $(EVERYTHING) ## a short fuzz, with the same seeds each time
	$(VITEST) --project fuzz

check: $(NPM) ## format, lint, types, the rules of the house
	npm run --silent check

bench: typescript bin $(RECORDER) $(addprefix native/build/,q3/lab q3-plain/lab) $(addprefix wasm/build/,q3.wasm q3-bare.wasm) web | $(CHROMIUM) ## speed, as ratios [LEG=NAME]
	node dist/test/bench/run.js '$(LEG)'

performance: typescript ## docs/performance.md, from what make bench measured in this checkout
	@node dist/test/bench/make-page.js

programs: typescript bin $(RECORDER) $(addprefix wasm/build/,q4.wasm) ## real programs recorded and replayed: the table of docs/recording.md
	@node dist/test/bench/programs.js

# Packages take a minute, and each server that is built from its sources some more.
SERVERS := redis-8.0 redis-8.6 valkey-8.0 valkey-8.1 valkey-9.1
servers: ## real servers for tests and verify, from Debian's archive [SERVERS='redis-8.6 valkey-9.1-own']
	@native/servers/obtain.sh native/build/servers $(SERVERS)

# Tests that draw seeds: make test draws the same ones each time.
SEEDED = test/fuzz $(shell grep -rl --include='*.test.ts' printedSeed test)
fuzz: $(EVERYTHING) | $(REDIS_SERVER) ## a long fuzz, and every test that draws at random with new seeds
	SLABLAB_FUZZ_OPERATIONS=$${SLABLAB_FUZZ_OPERATIONS:-400000000} SLABLAB_FUZZ_COMMANDS=$${SLABLAB_FUZZ_COMMANDS:-1000000} npx vitest run $(SEEDED) --testTimeout 3600000

soak-queue: typescript bin | $(REDIS_SERVER) ## 10,000 cells on a queue: processor time and memory of all its parts
	node dist/test/bench/queue-soak.js

soak-recorder: typescript $(RECORDER) ## hard programs recorded a thousand times each, also under sanitizers [ROUNDS=50]
	ROUNDS='$(or $(ROUNDS),1000)' node dist/test/bench/recorder-soak.js

peers: typescript bin native/build/peers/tests | $(REDIS_SERVER) ## Redis's own test suite against the lab [UNIT=unit/type/set] [FORM=standalone]
	node dist/test/peers/run.js native/build/peers '$(UNIT)' '$(FORM)'

native/build/peers/tests:
	@test/peers/obtain.sh

clean: ## removes what was built
	rm -rf dist wasm/build native/build/tools.mk native/build/recorder native/build/jemalloc $(wildcard native/build/q*)

distclean: clean ## ... and what was downloaded; results/ is yours
	rm -rf node_modules native/build

FORCE:
.PHONY: help wasm native recorder typescript bin web build docs accuracy run picture test test-unit test-fidelity test-browser test-integration test-fuzz peers \
	check bench performance programs servers fuzz soak-queue soak-recorder clean distclean FORCE
