/* query_window.h - a window on the display that asks the person before it
 * whether a viewer may come in.
 *
 * It has a connection to the X server of its own, and blocks until there is an
 * answer: it is meant for a process of its own, which may be killed.
 *
 * Threads: none.
 * Errors:  without a display or a font the answer is no.
 */
#ifndef X11_QUERY_WINDOW_H
#define X11_QUERY_WINDOW_H

#include <stdbool.h>

struct query_window {
	const char *address; /* of the viewer; printable */
	const char *user;    /* "": no name was asked; printable */
	bool mouse, keys;    /* which answers count; */
	bool view;           /* whether "only watch" is one */
	bool placed;         /* at x, y; else in the middle */
	int x, y;
};

/* The meaning of the numbers is x11vnc's "yes:0,view:3". */
enum query_answer { QUERY_YES = 0, QUERY_NO = 1, QUERY_VIEW = 3 };

/* The display is the environment's. */
enum query_answer query_window_ask(const struct query_window *window);

#endif
