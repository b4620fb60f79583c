/* option_name.h - lists of names written in one string, parted by spaces.
 *
 * Both tables (options, known names) keep a row's names like this: one line to
 * read, one line to edit. A name that ends in '*' stands for every name with
 * that beginning.
 *
 * Threads: any.
 */
#ifndef SERVER_OPTION_NAME_H
#define SERVER_OPTION_NAME_H

#include <stdbool.h>
#include <stddef.h>

struct option_name {
	const char *start; /* not NUL-ended */
	size_t length;
};

enum option_match {
	OPTION_MATCH_EXACT,
	/* x0vncserver's manner. Names of one or two letters stay exact: -v and
	 * -V, -q and -Q are different options. */
	OPTION_MATCH_ANY_CASE,
};

/* Steps through `*names`; false at the end. NULL is an empty list. */
bool option_name_next(const char **names, struct option_name *name);

bool option_name_in(
	const char *names, struct option_name name, enum option_match match);

#endif
