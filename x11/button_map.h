/* button_map.h - the buttons of viewers' mice as others, or as keys
 * (-buttonmap).
 *
 * Owner:   whoever embeds it; a plain value, zeroed maps nothing.
 * Threads: any; pure.
 */
#ifndef X11_BUTTON_MAP_H
#define X11_BUTTON_MAP_H

#include <X11/X.h>
#include <stdbool.h>

enum { BUTTON_MAP_BUTTONS = 9, BUTTON_MAP_KEYS = 16 };

/* What pressing a button does. */
struct button_action {
	bool mapped;
	unsigned button; /* 1..9, or 0 */
	int key_count;
	KeySym keys[BUTTON_MAP_KEYS]; /* tapped one after the other */
};

struct button_map {
	struct button_action actions[BUTTON_MAP_BUTTONS];
};

/* x11vnc's form: digits, '-', and for each digit another one (0 for nothing) or
 * `:Key+Key:`, as in 123-321 or 45-:Prior::Next:. False: *error gets a
 * sentence, the caller's to free. */
bool button_map_parse(struct button_map *map, const char *text, char **error);

#endif
