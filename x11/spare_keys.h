/* spare_keys.h - unused keys that are given a symbol the keyboard lacks.
 *
 * Clients read a new symbol when they handle the press, which may be late: a
 * key is given another symbol only after all the others were used since.
 *
 * Owner:   whoever embeds it; nothing to free but spare_keys_restore().
 * Threads: the loop thread alone.
 */
#ifndef X11_SPARE_KEYS_H
#define X11_SPARE_KEYS_H

#include <X11/Xlib.h>
#include <stdbool.h>

#include "x11/keymap.h"

enum { SPARE_KEYS = 12 };

struct spare_key {
	KeyCode key;        /* 0: place not in use */
	KeySym keysym;      /* what we put there */
	unsigned long used; /* the larger the later */
};

struct spare_keys {
	struct spare_key keys[SPARE_KEYS];
	unsigned long uses;
};

/* Puts `keysym` on a key and returns it; the map is then out of date. 0 where
 * the keyboard has no key to spare or all are held (`pressed` by keycode). */
KeyCode spare_keys_take(struct spare_keys *spare, Display *display,
	const struct keymap *map, KeySym keysym,
	const KeySym pressed[KEYMAP_KEYS]);

/* To be called for every key pressed: a spare key in use is not the next to be
 * given away. */
void spare_keys_touch(struct spare_keys *spare, KeyCode key);

/* Empties our keys again, where they still hold what we put there. */
void spare_keys_restore(
	struct spare_keys *spare, Display *display, const struct keymap *map);

#endif
