/* keyboard.h - keys from viewers become key presses of the X server (XTEST).
 *
 * A viewer names a symbol, and perhaps the key's place on its keyboard. The key
 * in that place is pressed if it has the symbol; else a key that has it is
 * looked for in the keyboard's active group, then in the others; where the
 * modifiers held just now would make it another symbol, Shift, AltGr and the
 * group are made right around the press. A symbol that no key has is put on an
 * unused key (spare_keys.h).
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
#include "x11/key_holds.h"
#include "x11/key_lights.h"
#include "x11/key_queue.h"
#include "x11/key_remap.h"
#include "x11/key_repeat.h"
#include "x11/keymap.h"
#include "x11/spare_keys.h"

/* What is let go at the start and at the end, whoever held it. */
enum keyboard_clear {
	KEYBOARD_CLEAR_NOTHING,
	KEYBOARD_CLEAR_MODIFIERS,
	KEYBOARD_CLEAR_KEYS,
	KEYBOARD_CLEAR_LOCKS, /* the keys, and Caps Lock and its like */
};

struct keyboard_options {
	bool by_place;       /* a key's place decides, whatever its symbol */
	bool skip_lock_keys; /* Caps Lock and its like are not pressed */
	bool no_spare_keys;  /* symbols the keyboard lacks are dropped */
	enum keyboard_clear clear;
	struct key_remap remap;
	struct keymap_skipped skipped;
};

struct keyboard {
	struct display *display;
	struct keyboard_options options;
	bool pressing;  /* there is XTEST, and we may */
	int event_base; /* of XKB, -1 without */
	bool rang;      /* the bell, since keyboard_take_bell() */
	struct key_lights lights;
	struct keymap map;
	struct spare_keys spare;
	struct key_repeat repeat;
	struct key_holds holds;
	struct key_queue queue;
	uint64_t due_us;     /* when to look at the queue; 0: nothing waits */
	uint64_t pressed_us; /* when a key was pressed last */
};

/* `pressing`: there is XTEST, and keys may come. `display` is kept, `options`
 * copied. */
void keyboard_init(struct keyboard *keyboard, struct display *display,
	const struct keyboard_options *options, bool pressing);
void keyboard_finish(struct keyboard *keyboard);

/* True when the event was ours: the map, the lights, or the bell. */
bool keyboard_handle(struct keyboard *keyboard, XEvent *event);

/* True once after each dispatch in which the bell rang. */
bool keyboard_take_bell(struct keyboard *keyboard);

/* A release lets go of the key its press used, wherever the symbol may be now.
 * What must wait for a spare key is pressed by keyboard_work(), once due_us has
 * come. */
void keyboard_key(
	struct keyboard *keyboard, const struct key_told *told, bool down);
void keyboard_work(struct keyboard *keyboard);

/* A key that no viewer pressed: down and up. */
void keyboard_tap(struct keyboard *keyboard, KeySym keysym);

#endif
