/* key_flip.h - modifiers and group made right for one press, and put back.
 *
 * Owner:   on the stack between key_flip() and key_flip_back().
 * Threads: the loop thread alone.
 */
#ifndef X11_KEY_FLIP_H
#define X11_KEY_FLIP_H

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <stdbool.h>

#include "x11/keymap.h"

enum { KEY_FLIP_MOST = 16 };

/* Shifters pressed, or let go with the keys that held them. */
struct key_flip {
	KeyCode keys[KEY_FLIP_MOST];
	bool were_down[KEY_FLIP_MOST];
	int count;
	unsigned unlocked; /* masks that were locked, as by sticky keys */
	bool regrouped;
	int locked_group; /* to go back to */
};

/* Makes `way` work, given what holds now. */
void key_flip(struct key_flip *flip, Display *display, const struct keymap *map,
	const XkbStateRec *state, const struct keymap_way *way);
void key_flip_back(const struct key_flip *flip, Display *display);

#endif
