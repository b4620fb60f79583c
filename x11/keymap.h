/* keymap.h - which key, with which modifiers, makes a symbol (XKB).
 *
 * Owner:   whoever embeds it; keymap_finish() frees.
 * Threads: the loop thread alone.
 */
#ifndef X11_KEYMAP_H
#define X11_KEYMAP_H

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <stdbool.h>

enum {
	KEYMAP_KEYS = 256,
	KEYMAP_SHIFTERS = 3, /* Shift, Level3 (AltGr), Level5 */
};

/* A modifier we press or let go ourselves to reach a symbol. */
struct keymap_shifter {
	unsigned mask; /* 0: this keyboard has none */
	KeyCode key;   /* to press it with */
};

struct keymap {
	XkbDescPtr xkb; /* NULL until asked for, or without XKB */
	struct keymap_shifter shifters[KEYMAP_SHIFTERS];
};

/* What to do for a symbol. */
struct keymap_way {
	KeyCode key;
	unsigned flip; /* shifters' masks whose state must be the other one */
};

/* Fetches the map (a round trip) if it is not here. False without XKB. */
bool keymap_load(struct keymap *map, Display *display);
/* Forgets it, so that the next keymap_load() asks again. */
void keymap_finish(struct keymap *map);

/* Finds a key for `keysym` in `group` with modifiers `held`, with as few
 * shifters flipped as can be. Control, Alt and Super are never touched. */
bool keymap_find(const struct keymap *map, KeySym keysym, unsigned group,
	unsigned held, struct keymap_way *way);

/* Whether `keysym` is on that key, whatever the modifiers. */
bool keymap_has(const struct keymap *map, KeyCode key, KeySym keysym);

/* True where the key has no symbol and no role as a modifier. */
bool keymap_is_unused(const struct keymap *map, KeyCode key);

#endif
