/* Surveys and messages, shared by the files of the lab. */
#ifndef SLABLAB_SURVEY_H
#define SLABLAB_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "jemalloc/space.h"

/* Reserves the scratch table of surveys. False: the host has no room. */
bool survey_boot(void);

#ifdef __wasm__
/* For lab_untouched() only. */
extern uint16_t survey_cached[SPACE_PAGES];
#endif

/* What a handle stands for, NULL if nothing; and one past the highest handle that there ever was, or more. */
const void *lab_region(uint32_t handle);
uint32_t lab_handles(void);

/* The text behind lab_message(); what does not fit is cut, with "..." at the end. */
void lab_message_set(const char *text);
void lab_message_add(const char *text);

/* Leaves jemalloc's options in lab_message(), a line "name:value" for each that it knows. */
void options_tell(void);

/* Ends the lab: a defect of ours, named by `what`, which is left in lab_message(). */
_Noreturn void lab_panic(const char *what);

#endif
