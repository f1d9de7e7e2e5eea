# Compiles the C sources for a variant of a build. Both targets use these rules: the host (below) and WebAssembly
# (wasm/link.mk).

# The parameters of each build: jemalloc's version, quantum, cache-obliviousness, page size.
VERSION_q3          := 5.3.0
PARAMETERS_q3       := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=0 -DSPACE_LG_PAGE=12
VERSION_q4          := 5.3.0
PARAMETERS_q4       := -DSLABLAB_LG_QUANTUM=4 -DSLABLAB_CACHE_OBLIVIOUS=1 -DSPACE_LG_PAGE=12
VERSION_q3-5.2.1    := 5.2.1
PARAMETERS_q3-5.2.1 := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=1 -DSPACE_LG_PAGE=12
VERSION_q4-5.3.1    := 5.3.1
PARAMETERS_q4-5.3.1 := -DSLABLAB_LG_QUANTUM=4 -DSLABLAB_CACHE_OBLIVIOUS=1 -DSPACE_LG_PAGE=12
VERSION_q3-5.3.1    := 5.3.1
PARAMETERS_q3-5.3.1 := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=0 -DSPACE_LG_PAGE=12
VERSION_q3-p14      := 5.3.0
PARAMETERS_q3-p14   := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=0 -DSPACE_LG_PAGE=14
VERSION_q3-p16      := 5.3.0
PARAMETERS_q3-p16   := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=0 -DSPACE_LG_PAGE=16
# Debian's suites move on from 5.3.1, so that only a goal that names these builds obtains it.
OPTIONAL_BUILDS := q4-5.3.1 q3-5.3.1
STEADY_BUILDS := q3 q4 q3-5.2.1 q3-p14 q3-p16
BUILDS := $(STEADY_BUILDS) $(OPTIONAL_BUILDS)

# --- jemalloc's sources: obtained, configured once, and patched, for each version ---

JEMALLOC := native/build/jemalloc
VERSIONS := $(sort $(foreach b,$(BUILDS),$(VERSION_$b)))
# Sources that the user gives, in the variables of native/jemalloc/VERSION/origin.sh.
GIVEN_5.3.0 := $(JEMALLOC_SRC)
GIVEN_5.2.1 := $(REDIS_SRC)
GIVEN_5.3.1 := $(JEMALLOC_531_SRC)

# Including sources.mk makes the sources exist before make looks at the first of them. Only the versions that the
# goals need are included.
BY_BUILD := wasm native build run
NEEDED := $(if $(filter-out $(BY_BUILD) recorder check typescript,$(GOALS)),$(STEADY_BUILDS) $(if $(findstring 5.3.1,$(GOALS)),$(OPTIONAL_BUILDS)),$(if $(filter $(BY_BUILD),$(GOALS)),$(BUILD)))
include $(patsubst %,$(JEMALLOC)/%/sources.mk,$(sort $(foreach b,$(NEEDED),$(VERSION_$b))))

# $(call sources,VERSION): the rules for the sources of a version. A source that the user gives is checked every time,
# since it may differ from the one that was checked before.
define sources
$(JEMALLOC)/$1/obtained: native/jemalloc/obtain.sh $(wildcard native/jemalloc/$1/*.s*) $(if $(GIVEN_$1),FORCE) | $(TOOLS_MK)
	@native/jemalloc/obtain.sh $1 $(JEMALLOC)/$1/pristine native/build/downloads
	@$(if $(and $(GIVEN_$1),$(wildcard $(JEMALLOC)/$1/obtained)),,touch $$@)

$(JEMALLOC)/$1/configured: native/jemalloc/configure.sh $(JEMALLOC)/$1/obtained
	@native/jemalloc/configure.sh $1 $(JEMALLOC)/$1/pristine $(JEMALLOC)/$1/configuration "$(CC)"
	@touch $$@

$(JEMALLOC)/$1/sources.mk: native/jemalloc/patch.sh native/jemalloc/$1/insertions.patch $(JEMALLOC)/$1/configured
	@native/jemalloc/patch.sh $(JEMALLOC)/$1/pristine native/jemalloc/$1/insertions.patch $(JEMALLOC)/$1/source
	@cd $(JEMALLOC)/$1/source && echo JEMALLOC_SOURCES_$1 := src/*.c >'$(CURDIR)/$$@'
endef
$(foreach v,$(VERSIONS),$(eval $(call sources,$v)))

# --- compiling ---

DEFINITIONS := -std=gnu11 -D_GNU_SOURCE -D_REENTRANT -DJEMALLOC_NO_PRIVATE_NAMESPACE
WARNINGS := -Wall -Wextra -Werror
# jemalloc's macro TSD_INITIALIZER omits braces and fields.
%/jemalloc/threads.o: WARNINGS += -Wno-missing-braces -Wno-missing-field-initializers
DEPENDENCIES := -MD -MP
# jemalloc's sources compile without warnings, and without two sanitizer checks that they violate. jemalloc shifts bits
# into the sign of an int (MALLOCX_* flags), and 5.2.1 declares arrays of length 0 (flush of an empty bin).
UPSTREAM := -w -fno-sanitize=shift,vla-bound
# jemalloc and its seams read the virtual clock; lab and drainprof read the host's.
CLOCK_source := -Dclock_gettime=lab_clock_gettime

# $(call lab,BUILD): the sources of the lab. native/jemalloc/pages.c replaces jemalloc's pages.c; zone.c is for macOS.
# $(call plain,BUILD): the sources of the benchmark's baseline, unpatched jemalloc with the same replay loop.
plain = $(filter-out src/zone.c,$(JEMALLOC_SOURCES_$(VERSION_$1))) $(addprefix native/lab/,lab.c own.c message.c options.c plain.c stats.c)
lab = $(filter-out src/zone.c src/pages.c,$(JEMALLOC_SOURCES_$(VERSION_$1))) \
	$(filter-out %/main.c %/plain.c native/recorder/%,$(wildcard native/*/*.c))

# $(call objects,DIR,SOURCES): the object files in DIR of these sources.
objects = $(patsubst native/%.c,$1/%.o,$(patsubst src/%.c,$1/upstream/%.o,$2))

# $(call includes,TREE): the include paths for a tree, VERSION/source or VERSION/pristine.
includes = -Inative -Inative/jemalloc/$(patsubst %/,%,$(dir $1)) \
	-isystem $(JEMALLOC)/$(dir $1)configuration/include -isystem $(JEMALLOC)/$1/include

# $(call flags,COMPILER AND FLAGS,TREE): everything besides the sources that determines an object file.
flags = $1 $(DEFINITIONS) $(CLOCK_$(notdir $2)) $(call includes,$2) $(UPSTREAM) $(WARNINGS)
# $(call differs,FILE,TEXT): empty if the file has this text.
differs = $(subst x$(file <$1),,x$2)

# $(call compile,DIR,COMPILER AND FLAGS,TREE): the rules for the objects in DIR, with jemalloc's files from TREE. They
# are rebuilt when the flags change.
define compile
$1/flags: $(if $(call differs,$1/flags,$(call flags,$2,$3)),FORCE)
	@echo 'compiling for $1'
	@mkdir -p $1/upstream $1/jemalloc $1/lab $1/drainprof && printf '%s' '$(call flags,$2,$3)' >$$@
$1/upstream/%.o: $(JEMALLOC)/$3/src/%.c $1/flags
	@$2 $(DEFINITIONS) $(CLOCK_$(notdir $3)) $(call includes,$3) $(DEPENDENCIES) $(UPSTREAM) -c $$< -o $$@
$1/jemalloc/%.o: native/jemalloc/%.c $1/flags
	@$2 $(DEFINITIONS) $(CLOCK_$(notdir $3)) $(call includes,$3) $(DEPENDENCIES) $$(WARNINGS) -c $$< -o $$@
$1/%.o: native/%.c $1/flags
	@$2 $(DEFINITIONS) $(call includes,$3) $(DEPENDENCIES) $$(WARNINGS) -c $$< -o $$@
-include $(wildcard $1/*/*.d)
endef

# --- the native twin ---

NATIVE_CFLAGS := -O3 -flto=auto
ASAN_CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

# $(call twin,NAME,FLAGS,TREE,SOURCES): the rules for a native twin.
define twin
$(call compile,native/build/$1/objects,$(CC) $2,$3)
native/build/$1/lab: $(call objects,native/build/$1/objects,$4 native/lab/main.c)
	@echo 'linking $$@'
	@# Link-time optimization repeats the warnings that -w suppressed in jemalloc.
	@$(CC) $2 -w $$^ -o $$@ -lpthread -lm
endef
$(foreach b,$(BUILDS), \
	$(eval $(call twin,$b,$(NATIVE_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=1,$(VERSION_$b)/source,$(call lab,$b))) \
	$(eval $(call twin,$b-asan,$(ASAN_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=1,$(VERSION_$b)/source,$(call lab,$b))) \
	$(eval $(call twin,$b-plain,$(NATIVE_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=0,$(VERSION_$b)/pristine,$(call plain,$b))))

# --- the recorder of programs ---

RECORDER := native/build/recorder/libslablab-record.so
$(RECORDER): $(wildcard native/recorder/*)
	@echo 'compiling the recorder'
	@CC='$(CC)' native/recorder/build.sh $@
