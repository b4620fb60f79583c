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

/* Keys never to be used, by keycode (-skip_keycodes). */
struct keymap_skipped {
	unsigned char bits[KEYMAP_KEYS / 8];
};

struct keymap {
	XkbDescPtr xkb;  /* NULL until asked for, or without XKB */
	unsigned groups; /* the most that any key has */
	struct keymap_shifter shifters[KEYMAP_SHIFTERS];
	struct keymap_skipped skipped; /* survives keymap_finish() */
};

/* What to do for a symbol. */
struct keymap_way {
	KeyCode key;
	unsigned group; /* that must be active for it */
	unsigned level; /* of the key, where the symbol is */
	unsigned flip;  /* shifters' masks whose state must be the other one */
};

/* What holds while a symbol is looked for. */
struct keymap_state {
	unsigned group;
	unsigned mods;
};

/* Fetches the map (a round trip) if it is not here. False without XKB. */
bool keymap_load(struct keymap *map, Display *display);
/* Finds groups and shifters in the map that is there. */
void keymap_measure(struct keymap *map);
/* Forgets it, so that the next keymap_load() asks again. */
void keymap_finish(struct keymap *map);

/* Finds a key for `keysym`, or for its twin (keysym_twin.h), in the active
 * group, then in the others, with as few shifters flipped as can be. Control,
 * Alt and Super are never touched. */
bool keymap_find(const struct keymap *map, KeySym keysym,
	struct keymap_state now, struct keymap_way *way);
/* The same on this key alone, and in the active group alone. */
bool keymap_find_on(const struct keymap *map, KeyCode key, KeySym keysym,
	struct keymap_state now, struct keymap_way *way);

/* The key in this place (scancode.h); 0 where there is none. */
KeyCode keymap_at(const struct keymap *map, unsigned scancode);

/* What the key makes now; NoSymbol for nothing. */
KeySym keymap_symbol(
	const struct keymap *map, KeyCode key, struct keymap_state now);

/* Whether `keysym` or its twin is on that key, whatever the modifiers. */
bool keymap_has(const struct keymap *map, KeyCode key, KeySym keysym);

/* Whether it is a modifier's key. */
bool keymap_is_modifier(const struct keymap *map, KeyCode key);

/* True where the key has no symbol and no role as a modifier. */
bool keymap_is_unused(const struct keymap *map, KeyCode key);

#endif
