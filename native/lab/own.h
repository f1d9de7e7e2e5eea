/* Memory for a table that grows downwards from the end of own memory; see own.c. seams.h declares the rest. */
#ifndef SLABLAB_OWN_H
#define SLABLAB_OWN_H

#include <stdbool.h>
#include <stdint.h>

/* Returns the address one past the last byte of own memory; NULL if there is none. */
void *own_ceiling(void);
/* Claims [to, own_ceiling()). Returns false if own_reserve has given out part of it. */
bool own_ceiling_lower(const void *to);

#ifdef __wasm__
/* Sets [*from, *to) to the part of own memory that is neither reserved nor claimed. */
void own_untouched(uint32_t *from, uint32_t *to);
#endif

#endif
