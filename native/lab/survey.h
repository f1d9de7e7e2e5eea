/* Functions that the files of the lab share: surveys, handles, messages. */
#ifndef SLABLAB_SURVEY_H
#define SLABLAB_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "jemalloc/space.h"

/* Reserves the scratch table of surveys. Returns false if the host has no memory for it. */
bool survey_boot(void);

#ifdef __wasm__
/* Parked regions by page; declared here for lab_untouched() alone. */
extern uint16_t survey_cached[SPACE_PAGES];
#endif

/* Returns the region of a handle; NULL if it is not allocated. */
const void *lab_region(uint32_t handle);
/* Returns an upper bound of all handles that were ever allocated. */
uint32_t lab_handles(void);

/* Set the text of lab_message(), or append to it. A text that is too long is cut and ends in "...". */
void lab_message_set(const char *text);
void lab_message_add(const char *text);

/* Sets lab_message() to jemalloc's options, a line "name:value" for each that this version has. */
void options_report(void);

/* Aborts the lab because of its own defect `what`, which lab_message() then holds. */
_Noreturn void lab_panic(const char *what);

#endif
