/* display_search.h - finds the display to share, and its cookie.
 *
 * -find: that of the session at the screen first, then $DISPLAY, X servers on
 * a virtual terminal, others. As root only those of root, of whom sits at the
 * screen, and on a terminal: anybody can run something that is called Xorg.
 * -auth guess, which -find implies: authority_files.h.
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
	const char *command;   /* display_command.h; NULL: none */
	bool find;             /* whichever there is */
	bool guess;            /* the authority file */
	const char *root;      /* x_servers.h */
};

enum display_found {
	DISPLAY_FOUND,
	DISPLAY_NONE,    /* there is none */
	DISPLAY_REFUSED, /* there is one, and no cookie that it takes */
	DISPLAY_WAYLAND, /* there is only XWayland */
	DISPLAY_UNTOLD,  /* the command names none */
	DISPLAY_ANSWERS,
};

void display_search_init(
	struct display_search *search, const struct options *options);
/* Whether it may find another one another time. */
bool display_search_is_open(const struct display_search *search);

/* A display that opens now. */
enum display_found display_search_run(
	const struct display_search *search, struct display_target *found);

/* A sentence without a full stop, the caller's. */
char *display_search_explain(
	const struct display_search *search, enum display_found answer);

#endif
