/* display_search.h - finds the display to share, and its cookie.
 *
 * Owner:   borrows its strings from the options.
 * Threads: it forks and blocks: at the start, or in a process of its own.
 */
#ifndef SERVER_DISPLAY_DISPLAY_SEARCH_H
#define SERVER_DISPLAY_DISPLAY_SEARCH_H

#include <stdbool.h>

#include "server/display/display_target.h"

struct options;

struct display_search {
	const char *display;   /* NULL: $DISPLAY */
	const char *authority; /* NULL: as Xlib finds it */
};

void display_search_init(
	struct display_search *search, const struct options *options);

/* A display that opens now. False: there is none. */
bool display_search_run(
	const struct display_search *search, struct display_target *found);

#endif
