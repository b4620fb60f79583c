/* x11_clipboard_place.h - an X server, the desktop on it, and another X client
 * to copy and paste with; for tests.
 */
#ifndef TEST_UNIT_X11_CLIPBOARD_PLACE_H
#define TEST_UNIT_X11_CLIPBOARD_PLACE_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stddef.h>

#include "test/unit/x11_server.h"
#include "x11/desktop.h"

struct clipboard_place {
	struct x11_server *server;
	Display *x; /* the other client's */
	Window window;
	struct desktop *desktop;
	Atom clipboard, utf8, targets, incr;
	/* what is told: how often, and the last of it */
	int told, changes, offers, gifts, wants, losses;
	unsigned offered;
	char *given; /* NULL: was not to be had */
	size_t given_length;
	enum clipboard_format wanted;
	/* what is given when something is wanted; NULL: later */
	const char *at_hand;
	size_t at_hand_length;
};

extern const struct desktop_host clipboard_place_host;

struct clipboard_place *clipboard_place_open_with(
	struct desktop_options options);
struct clipboard_place *clipboard_place_open(void);
void clipboard_place_close(struct clipboard_place *place);

/* Lets both sides run until `type` comes to the other client (true), or, where
 * that is 0, something is told (false). */
bool clipboard_place_run_until(
	struct clipboard_place *place, int type, XEvent *event);
/* Both sides have done all that they had to do. */
void clipboard_place_settle(struct clipboard_place *place);
/* The other client owns the selection. */
void clipboard_place_own(struct clipboard_place *place, Atom selection);

#endif
