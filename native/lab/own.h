/* A table that grows downwards from the end of the engine's own memory. See own.c. */
#ifndef SLABLAB_OWN_H
#define SLABLAB_OWN_H

#include <stdbool.h>
#include <stdint.h>

/* One past the last byte of own memory, NULL if there is none. */
void *own_ceiling(void);
/* Claims [to, own_ceiling()); false if that would meet what own_reserve gave out. */
bool own_ceiling_lower(const void *to);

#ifdef __wasm__
/* What was neither given out nor claimed: [*from, *to). */
void own_untouched(uint32_t *from, uint32_t *to);
#endif

#endif
