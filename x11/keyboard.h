/* keyboard.h - keysyms from viewers become key presses of the X server (XTEST).
 *
 * A viewer names a symbol, not a key. The key that has it in the keyboard's
 * current group is pressed; where the modifiers held just now would make it
 * another symbol, Shift and AltGr are pressed or let go around it. A symbol
 * that no key has is put on an unused key (spare_keys.h).
 *
 * Owner:   whoever embeds it; keyboard_finish() gives spare keys back.
 * Threads: the loop thread alone.
 */
#ifndef X11_KEYBOARD_H
#define X11_KEYBOARD_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stdint.h>

#include "x11/display.h"
#include "x11/keymap.h"
#include "x11/spare_keys.h"

struct keyboard {
	struct display *display;
	int event_base; /* of XKB, -1 without */
	bool rang;      /* the bell, since keyboard_take_bell() */
	struct keymap map;
	struct spare_keys spare;
	KeySym pressed[KEYMAP_KEYS]; /* by keycode: what we hold it for */
};

/* `display` is kept. */
void keyboard_init(struct keyboard *keyboard, struct display *display);
void keyboard_finish(struct keyboard *keyboard);

/* True when the event was ours: the map, or the bell. */
bool keyboard_handle(struct keyboard *keyboard, XEvent *event);

/* True once after each dispatch in which the bell rang. */
bool keyboard_take_bell(struct keyboard *keyboard);

/* Needs XTEST. A release lets go of the key its press used, wherever the symbol
 * may be now. */
void keyboard_key(struct keyboard *keyboard, uint32_t keysym, bool down);

#endif
