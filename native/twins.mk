# Makes the native twins alone, from the sources that the npm package carries: make -f native/twins.mk BUILD=q3
# A C compiler, make, patch and bzip2 are there; `slablab setup` looks for them before.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --jobs=$(shell nproc)

GOALS := native
include native/compile.mk

native: $(BUILD:%=native/build/%/lab)

FORCE:
.PHONY: native FORCE
