# The C sources, compiled for one variant of one build. Both targets take them from here: the host (below) and
# WebAssembly (wasm/link.mk).

# What a build chooses: quantum, cache-obliviousness, page size.
PARAMETERS_q3     := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=0 -DSPACE_LG_PAGE=12
PARAMETERS_q4     := -DSLABLAB_LG_QUANTUM=4 -DSLABLAB_CACHE_OBLIVIOUS=1 -DSPACE_LG_PAGE=12
PARAMETERS_q3-p14 := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=0 -DSPACE_LG_PAGE=14
PARAMETERS_q3-p16 := -DSLABLAB_LG_QUANTUM=3 -DSLABLAB_CACHE_OBLIVIOUS=0 -DSPACE_LG_PAGE=16
BUILDS := q3 q4 q3-p14 q3-p16

# --- jemalloc's source: obtained, configured once, patched ---

JEMALLOC := native/build/jemalloc

# Read as a makefile, so that all of it is in place before make looks at the first source file.
ifneq ($(filter-out $(WITHOUT_TOOLS) check typescript,$(MAKECMDGOALS)),)
include $(JEMALLOC)/sources.mk
endif

# Given by hand, it is looked at every time: a wrong one must not pass because an earlier one was right.
$(JEMALLOC)/obtained: native/jemalloc/obtain.sh native/jemalloc/5.3.0.sha256 $(if $(JEMALLOC_SRC),FORCE) | $(TOOLS_MK)
	@native/jemalloc/obtain.sh $(JEMALLOC)/pristine native/build/downloads
	@$(if $(and $(JEMALLOC_SRC),$(wildcard $@)),,touch $@)

$(JEMALLOC)/configured: native/jemalloc/configure.sh $(JEMALLOC)/obtained
	@native/jemalloc/configure.sh $(JEMALLOC)/pristine $(JEMALLOC)/configuration "$(CC)"
	@touch $@

$(JEMALLOC)/sources.mk: native/jemalloc/patch.sh native/jemalloc/5.3.0.patch $(JEMALLOC)/configured
	@native/jemalloc/patch.sh $(JEMALLOC)/pristine native/jemalloc/5.3.0.patch $(JEMALLOC)/source
	@cd $(JEMALLOC)/source && echo JEMALLOC_SOURCES := src/*.c >'$(CURDIR)/$@'

# --- compiling ---

DEFINITIONS := -std=gnu11 -D_GNU_SOURCE -D_REENTRANT -DJEMALLOC_NO_PRIVATE_NAMESPACE
WARNINGS := -Wall -Wextra -Werror
# TSD_INITIALIZER, a macro of jemalloc's, leaves out braces and fields.
%/jemalloc/threads.o: WARNINGS += -Wno-missing-braces -Wno-missing-field-initializers
DEPENDENCIES := -MD -MP
# jemalloc's own warnings are not ours to mend, nor that it shifts bits into the sign of an int (MALLOCX_* flags).
UPSTREAM := -w -fno-sanitize=shift
# Up to the seam, time is ours; beyond it (lab, drainprof) it is the host's.
CLOCK_source := -Dclock_gettime=lab_clock_gettime

# What a variant is linked from; zone.c is for macOS. The lab: jemalloc without its pages.c, a seam that
# native/jemalloc/pages.c replaces. The plain one, for comparison: jemalloc as it is, and the replay loop.
PLAIN := $(filter-out src/zone.c,$(JEMALLOC_SOURCES)) $(addprefix native/lab/,lab.c own.c message.c plain.c)
LAB := $(filter-out src/zone.c src/pages.c,$(JEMALLOC_SOURCES)) $(filter-out %/main.c %/plain.c,$(wildcard native/*/*.c))

# $(call objects,DIR,SOURCES)
objects = $(patsubst native/%.c,$1/%.o,$(patsubst src/%.c,$1/upstream/%.o,$2))

INCLUDES_source := -Inative -isystem $(JEMALLOC)/configuration/include -isystem $(JEMALLOC)/source/include
INCLUDES_pristine := -Inative -isystem $(JEMALLOC)/configuration/include -isystem $(JEMALLOC)/pristine/include

# $(call flags,COMPILER AND FLAGS,TREE): all that decides what comes out of a source file.
flags = $1 $(DEFINITIONS) $(CLOCK_$2) $(INCLUDES_$2) $(UPSTREAM) $(WARNINGS)
# $(call differs,FILE,TEXT): empty if that is what the file says.
differs = $(subst x$(file <$1),,x$2)

# $(call compile,DIR,COMPILER AND FLAGS,TREE): how the objects in DIR are made, with jemalloc's files from TREE
# (source or pristine); again if the flags change.
define compile
$1/flags: $(if $(call differs,$1/flags,$(call flags,$2,$3)),FORCE)
	@echo 'compiling for $1'
	@mkdir -p $1/upstream $1/jemalloc $1/lab $1/drainprof && printf '%s' '$(call flags,$2,$3)' >$$@
$1/upstream/%.o: $(JEMALLOC)/$3/src/%.c $1/flags
	@$2 $(DEFINITIONS) $(CLOCK_$3) $(INCLUDES_$3) $(DEPENDENCIES) $(UPSTREAM) -c $$< -o $$@
$1/jemalloc/%.o: native/jemalloc/%.c $1/flags
	@$2 $(DEFINITIONS) $(CLOCK_$3) $(INCLUDES_$3) $(DEPENDENCIES) $$(WARNINGS) -c $$< -o $$@
$1/%.o: native/%.c $1/flags
	@$2 $(DEFINITIONS) $(INCLUDES_$3) $(DEPENDENCIES) $$(WARNINGS) -c $$< -o $$@
-include $(wildcard $1/*/*.d)
endef

# --- the native twin ---

NATIVE_CFLAGS := -O3 -flto=auto
ASAN_CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

# $(call twin,NAME,FLAGS,TREE,SOURCES)
define twin
$(call compile,native/build/$1/objects,$(CC) $2,$3)
native/build/$1/lab: $(call objects,native/build/$1/objects,$4 native/lab/main.c)
	@echo 'linking $$@'
	@# Link-time optimization warns again of what -w kept quiet in jemalloc.
	@$(CC) $2 -w $$^ -o $$@ -lpthread -lm
endef
$(foreach b,$(BUILDS), \
	$(eval $(call twin,$b,$(NATIVE_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=1,source,$(LAB))) \
	$(eval $(call twin,$b-asan,$(ASAN_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=1,source,$(LAB))) \
	$(eval $(call twin,$b-plain,$(NATIVE_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=0,pristine,$(PLAIN))))
