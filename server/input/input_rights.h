/* input_rights.h - the letters of -input: what viewers may do.
 *
 * Threads: any; pure.
 */
#ifndef SERVER_INPUT_INPUT_RIGHTS_H
#define SERVER_INPUT_INPUT_RIGHTS_H

#include <stdbool.h>

struct input_rights {
	unsigned all;      /* enum session_input, of those with full rights */
	unsigned watchers; /* of those who only watch */
	bool clipboard;
};

/* KMBCF, in either case, and after a comma those of watchers; F (files) is
 * nothing here. False where it is something else. */
bool input_rights_parse(const char *letters, struct input_rights *rights);

#endif
