# Links one WebAssembly module for each build, without JavaScript glue. LAB_EXPORT in native/lab/lab.h marks its exports.

WASM_CFLAGS := -O3 -flto
WASM_LDFLAGS := --no-entry
# Linear memory ends where payload addresses begin. It is grown to that size in one step at boot (native/lab/own.c).
SPACE_BASE := $(shell sed -n '/__wasm__/,/else/s/.*define SPACE_BASE .*\(0x[0-9a-f]*\).*/\1/p' native/jemalloc/space.h)
WASM_LDFLAGS += -sINITIAL_MEMORY=67108864 -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=$(shell printf %d $(SPACE_BASE))
# emcc has renamed its option for the stack size twice; the linker's option has kept its name.
WASM_LDFLAGS += -Wl,-z,stack-size=1048576

# $(call module,NAME,FLAGS,BUILD): the rules for a module.
define module
$(call compile,wasm/build/$1,$(EMCC) $2,$(VERSION_$3)/source)
wasm/build/$1.wasm: $(call objects,wasm/build/$1,$(call lab,$3)) wasm/link.mk
	@echo 'linking $$@'
	@$(EMCC) $2 $(WASM_LDFLAGS) $$(filter %.o,$$^) -o $$@
endef
# The bare module has no instrumentation; `make bench` compares with it.
$(foreach b,$(BUILDS), \
	$(eval $(call module,$b,$(WASM_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=1,$b)) \
	$(eval $(call module,$b-bare,$(WASM_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=0,$b)))
