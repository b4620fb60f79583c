/* spare_record.h - which keys we borrowed, written down in the X server, so
 * that after a crash the next start can give them back.
 *
 * Each running program has a number: a selection _X11WSVNC_KEYS_n, which it
 * owns while it lives, and a property of that name on the root window with its
 * borrowed keys. A property whose selection has no owner is somebody's who
 * died: selections cannot outlive their owners, and no XID has to be trusted.
 *
 * Owner:   whoever embeds it; spare_record_finish() removes the property.
 * Threads: the loop thread alone.
 */
#ifndef X11_SPARE_RECORD_H
#define X11_SPARE_RECORD_H

#include <X11/Xlib.h>
#include <stdbool.h>

#include "x11/display.h"

/* As many programs on one display write down what they borrow. */
enum { SPARE_RECORD_PROGRAMS = 16, SPARE_RECORD_KEYS = 64 };

enum { SPARE_RECORD_LEVELS = 2 };

struct spare_record_key {
	KeyCode key;
	KeySym keysyms[SPARE_RECORD_LEVELS];
};

struct spare_record_list {
	bool repeat_is_off; /* of the XTEST keyboard, by us */
	int count;
	struct spare_record_key keys[SPARE_RECORD_KEYS];
};

struct spare_record {
	struct display *display;
	Window window; /* owns the selection */
	Atom atom;     /* selection and property; None: not written down */
};

/* Takes a number. What the dead left is handed to `found` (with `context`), to
 * be given back, and forgotten. `display` is kept. */
void spare_record_init(struct spare_record *record, struct display *display,
	void (*found)(void *context, const struct spare_record_list *list),
	void *context);
void spare_record_finish(struct spare_record *record);

/* Replaces what was written. To be called before the keys change. */
void spare_record_write(
	struct spare_record *record, const struct spare_record_list *list);

#endif
