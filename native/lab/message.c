#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "lab/survey.h"

#define MESSAGE_SIZE 2048

static char message[MESSAGE_SIZE];

const char *
lab_message(void) {
	return message;
}

void
lab_message_set(const char *text) {
	message[0] = '\0';
	lab_message_add(text);
}

void
lab_message_add(const char *text) {
	size_t have = strlen(message), more = strlen(text);

	if (have + more >= MESSAGE_SIZE) {
		size_t fits = MESSAGE_SIZE - 4 - have;
		if (have > MESSAGE_SIZE - 4) {
			return;
		}
		memcpy(message + have, text, fits);
		memcpy(message + MESSAGE_SIZE - 4, "...", 4);
		return;
	}
	memcpy(message + have, text, more + 1);
}

void
lab_panic(const char *what) {
	lab_message_set("internal error: ");
	lab_message_add(what);
	abort();
}
