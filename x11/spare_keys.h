/* spare_keys.h - unused keys that are given a symbol the keyboard lacks.
 *
 * Each key has two places, without and with Shift. Programs read a new symbol
 * from the map when they handle the press, which may be late, and there is no
 * way to learn when: so a place keeps its symbol for SPARE_KEYS_REST_MS after
 * its last press, and who needs one before that must wait (key_queue.h). And
 * Xlib misses a change that comes while it looks at the map for the first time,
 * or again: no change is made for SPARE_KEYS_QUIET_MS after a key was pressed.
 *
 * Owner:   whoever embeds it; nothing to free but spare_keys_restore().
 * Threads: the loop thread alone.
 */
#ifndef X11_SPARE_KEYS_H
#define X11_SPARE_KEYS_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stdint.h>

#include "x11/key_holds.h"
#include "x11/keymap.h"
#include "x11/spare_record.h"

enum {
	SPARE_KEYS = 40,
	SPARE_KEYS_REST_MS = 600,
	SPARE_KEYS_QUIET_MS = 40,
	SPARE_KEYS_LEVELS = SPARE_RECORD_LEVELS,
};

struct spare_place {
	KeySym keysym;    /* what we put there */
	uint64_t used_us; /* put there, or pressed last; 0: neither */
};

struct spare_key {
	KeyCode key; /* 0: not in use */
	struct spare_place places[SPARE_KEYS_LEVELS];
};

struct spare_keys {
	struct spare_record record;
	bool repeat_is_off; /* for the record */
	struct spare_key keys[SPARE_KEYS];
};

/* Gives back what a program that died had borrowed; *repeat_was_off tells
 * whether it had switched off the repeat of XTEST's keyboard. `display` is
 * kept. */
void spare_keys_init(struct spare_keys *spare, struct display *display,
	bool *repeat_was_off);
/* Gives ours back, where they still hold what we put there. `map` is as it is
 * now, NULL where it cannot be told. */
void spare_keys_finish(struct spare_keys *spare, const struct keymap *map);

/* To be written down with the keys. */
void spare_keys_note_repeat(struct spare_keys *spare, bool is_off);

enum spare_result {
	SPARE_DONE, /* the map is out of date now */
	SPARE_WAIT, /* until *due_us there is no place */
	SPARE_NONE, /* the keyboard has none to spare, or all are held */
};

/* Forgets the keys that another program has changed since. `map` is as it is
 * now: to be called before spare_keys_put(), once for all that are put. */
void spare_keys_check(struct spare_keys *spare, const struct keymap *map);

/* Puts `keysym` on a key; `map` may lack what was put just before. */
enum spare_result spare_keys_put(struct spare_keys *spare,
	const struct keymap *map, const struct key_holds *holds, KeySym keysym,
	uint64_t *due_us);

/* To be called for every key pressed. */
void spare_keys_touch(struct spare_keys *spare, KeyCode key, unsigned level);

#endif
