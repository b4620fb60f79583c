/* held_input.h - the keys and buttons that one viewer holds down.
 *
 * Owner:   whoever embeds it; a plain value, zeroed is empty.
 * Threads: one at a time.
 */
#ifndef RFB_HELD_INPUT_H
#define RFB_HELD_INPUT_H

#include <stdbool.h>
#include <stdint.h>

/* More fingers than a person has; what a flood presses beyond is passed on
 * without being remembered only when it is a release. */
enum { HELD_MOST_KEYS = 64 };

/* A key as the viewer told it: by place on its keyboard, where it did. */
struct held_key {
	uint32_t keysym;
	uint32_t scancode; /* 0: not told */
};

struct held_input {
	int key_count;
	struct held_key keys[HELD_MOST_KEYS]; /* in the order pressed */
	unsigned buttons;                     /* RFB mask */
	int x, y;                             /* last pointer position */
};

/* False: too many keys are down already, and the press must be dropped. */
bool held_input_key(struct held_input *held, struct held_key key, bool down);

#endif
