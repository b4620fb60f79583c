/* option_known.h - names that other servers have and this one does not.
 *
 * Someone who switches pastes the command line that they have. What does not
 * matter is accepted with one log line; what would have protected them, or
 * would have made another program of this one, is refused, because a server
 * that starts without it would do something they did not ask for.
 *
 * How many words an option takes is as in x11vnc 0.9.16, x0vncserver 1.12 and
 * websockify 0.10: a wrong count would swallow the next option.
 *
 * Threads: any; constant.
 */
#ifndef SERVER_OPTION_KNOWN_H
#define SERVER_OPTION_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "server/options/option_name.h"

enum option_known_kind {
	OPTION_KNOWN_LATER,      /* would be useful, has no effect yet */
	OPTION_KNOWN_NOT_NEEDED, /* nothing here depends on it */
	OPTION_KNOWN_FILES,      /* file transfer: deliberately not built */
	OPTION_KNOWN_PROTECTION, /* refused: it asks for protection */
	OPTION_KNOWN_OTHER_JOB,  /* refused: it asks for something else than
				    sharing this display on a port */
};

enum option_known_value {
	OPTION_KNOWN_NONE,  /* a switch; a yes or no may follow */
	OPTION_KNOWN_ONE,   /* the next word, whatever it is */
	OPTION_KNOWN_MAYBE, /* the next word unless it begins with '-' */
	OPTION_KNOWN_COUNT, /* the next word if it is a number, even -1 */
};

struct option_known {
	enum option_known_kind kind;
	enum option_known_value value;
	const char *names;
	/* Values that ask for no protection, parted by spaces: with one of
	 * these even OPTION_KNOWN_PROTECTION is merely without effect. A '0'
	 * stands for all words for no, a '1' for all words for yes and for no
	 * value at all. */
	const char *harmless;
	const char *note; /* what to do instead, or NULL */
	bool secret;      /* the value is wiped from argv */
};

/* NULL if the name is not known. */
const struct option_known *option_known_find(
	struct option_name name, enum option_match match);

/* Whether this value of a refused option may be passed over. `value` is NULL
 * where none was given. */
bool option_known_is_harmless(
	const struct option_known *known, const char *value);

size_t option_known_count(void);
const struct option_known *option_known_at(size_t index);

#endif
