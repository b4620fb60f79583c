/* key_holds.h - which viewer holds which key down, and for what.
 *
 * Two viewers may hold the same key: it goes up when the last one lets go.
 *
 * Owner:   whoever embeds it; a plain value, zeroed is empty.
 * Threads: one at a time; pure.
 */
#ifndef X11_KEY_HOLDS_H
#define X11_KEY_HOLDS_H

#include <X11/X.h>
#include <stdbool.h>

/* Of all viewers together; what is pressed beyond is not pressed. */
enum { KEY_HOLDS_MOST = 512 };

/* A key as a viewer tells it. */
struct key_told {
	unsigned long who; /* any number that tells viewers apart */
	KeySym keysym;     /* NoSymbol: not told */
	unsigned scancode; /* 0: not told */
};

struct key_hold {
	struct key_told told;
	unsigned char key;
};

struct key_holds {
	int count;
	struct key_hold list[KEY_HOLDS_MOST]; /* in the order pressed */
};

/* The place of what was pressed by this name, or -1. */
int key_holds_find(const struct key_holds *holds, const struct key_told *told);

/* False where there is no room. */
bool key_holds_add(struct key_holds *holds, const struct key_told *told,
	unsigned char key);
void key_holds_remove(struct key_holds *holds, int place);

/* Whether anybody holds it. */
bool key_holds_has(const struct key_holds *holds, unsigned char key);

#endif
