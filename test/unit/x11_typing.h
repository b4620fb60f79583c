/* typing.h - a desktop and another client of its X server, with a window that
 * has the focus: what is typed into the one is seen by the other.
 *
 * Owner:   typing_open() gives; typing_close() frees.
 */
#ifndef TEST_UNIT_X11_TYPING_H
#define TEST_UNIT_X11_TYPING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/XKBlib.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>

#include "test/unit/x11_server.h"
#include "x11/desktop.h"

enum { HANG_MS = 60000, SIDE = 300 };

struct told {
	int cursor_changed, bell, lights, moved;
};

struct typing {
	struct x11_server *server;
	Display *x; /* the other client's */
	Window window;
	struct desktop *desktop;
	struct told told;
};

/* `setup` is a command run before the desktop is opened, or NULL. */
struct typing *typing_open(const char *setup, const char *clip);
void typing_close(struct typing *place);

/* The parts of it. */
struct typing *typing_start(const char *setup);
void typing_open_desktop(
	struct typing *place, const struct desktop_options *options);
void typing_finish(struct typing *place);

void typing_event(Display *x, int type, XEvent *event);
/* The next press that is no modifier's, as a client would read it. */
KeySym typing_symbol(struct typing *place, XEvent *event);
unsigned typing_modifiers(struct typing *place);

void typing_key(struct typing *place, KeySym keysym, bool down);
/* By whom, symbol and scan code. */
void typing_tell(struct typing *place, unsigned long who, KeySym keysym,
	unsigned scancode, bool down);
void typing_tap(struct typing *place, KeySym keysym);
/* What waits for a spare key, as the loop would. */
void typing_wait_due(struct typing *place);

/* Types it, and checks what comes and that the modifiers are as before. */
void typing_assert(struct typing *place, KeySym keysym);
/* Ended by NoSymbol. */
void typing_assert_all(struct typing *place, const KeySym *keysyms);

/* Until one more of it was told. */
void typing_wait_told(struct typing *place, const int *counter);

/* Keys without any symbol; keys that are down. */
int typing_unused_keys(Display *x);
int typing_keys_down(struct typing *place);

#endif
