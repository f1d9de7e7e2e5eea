# The link step: one WebAssembly module per build, without JavaScript around it. What it exports is marked in
# native/lab/lab.h (LAB_EXPORT).

WASM_CFLAGS := -O3 -flto
WASM_LDFLAGS := --no-entry
# Payload addresses begin where linear memory ends. It is asked for in one step at boot (native/lab/own.c).
SPACE_BASE := $(shell sed -n '/__wasm__/,/else/s/.*define SPACE_BASE .*\(0x[0-9a-f]*\).*/\1/p' native/jemalloc/space.h)
WASM_LDFLAGS += -sINITIAL_MEMORY=67108864 -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=$(shell printf %d $(SPACE_BASE))
# emcc has renamed the option for this twice; the linker's own has kept its name.
WASM_LDFLAGS += -Wl,-z,stack-size=1048576

# $(call module,NAME,FLAGS,BUILD)
define module
$(call compile,wasm/build/$1,$(EMCC) $2,$(VERSION_$3)/source)
wasm/build/$1.wasm: $(call objects,wasm/build/$1,$(call lab,$3)) wasm/link.mk
	@echo 'linking $$@'
	@$(EMCC) $2 $(WASM_LDFLAGS) $$(filter %.o,$$^) -o $$@
endef
# The bare one, without instrumentation, is for `make bench` to compare with.
$(foreach b,$(BUILDS), \
	$(eval $(call module,$b,$(WASM_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=1,$b)) \
	$(eval $(call module,$b-bare,$(WASM_CFLAGS) $(PARAMETERS_$b) -DSLABLAB_HOOKS=0,$b)))
