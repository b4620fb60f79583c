/* option_desktops.h - the desktops of one program, where there are several:
 * what the command line says for all, and what it or a file says for each.
 *
 *	lab1: -display :1 -rfbauth /etc/lab1.pw
 *	lab2: -display :2 -viewonly		# a comment
 *
 * One a line, in the words of the command line, quoted as in
 * $X11WSVNC_OPTIONS; a '\\' at the end goes on in the next line. Several
 * -display are the same without a file, named after their displays.
 *
 * Owner:   struct options, by option_desktops_finish().
 * Threads: any.
 * Errors:  false: a sentence was logged, which names file and line.
 */
#ifndef SERVER_OPTIONS_OPTION_DESKTOPS_H
#define SERVER_OPTIONS_OPTION_DESKTOPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/input_file.h"

struct options;

enum {
	OPTION_DESKTOPS_MOST = 256,
	OPTION_DESKTOPS_NAME_BYTES = 64, /* with its NUL */
};

struct option_desktop {
	char *name; /* letters, digits and "._-", the first one no dot */
	struct options *options;
};

struct option_desktops {
	struct option_desktop *list;
	size_t count;
};

/* Into options->desktops, which stays NULL where there is one without a name.
 */
bool option_desktops_make(struct options *options, enum input_file_when when);
void option_desktops_finish(struct option_desktops *desktops);

/* NULL: there is none of that name. */
const struct option_desktop *option_desktops_find(
	const struct option_desktops *desktops, const char *name);

#endif
