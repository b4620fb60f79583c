/* key_queue.h - keys that wait for a spare key to become free.
 *
 * A viewer's keys stay in order: behind one that waits all its later ones wait,
 * and no other viewer's.
 *
 * Owner:   whoever embeds it; key_queue_finish() frees. Zeroed is empty.
 * Threads: one at a time; pure.
 */
#ifndef X11_KEY_QUEUE_H
#define X11_KEY_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "x11/key_holds.h"

/* Of one viewer, and of all: beyond, presses are dropped. */
enum { KEY_QUEUE_MOST_OF_ONE = 2048, KEY_QUEUE_MOST = 8192 };

struct key_queue_entry {
	struct key_told told;
	size_t line; /* which of the lines */
	bool down;
};

/* What waits of one viewer. */
struct key_queue_line {
	unsigned long who;
	size_t count; /* 0: nothing, and the place is free */
	bool stands;  /* in this run: one was refused */
};

struct key_queue {
	struct key_queue_entry *entries; /* of all, in their order */
	size_t count, room;
	struct key_queue_line *lines;
	size_t line_count, line_room;
};

void key_queue_finish(struct key_queue *queue);

/* Whether keys of this viewer wait. */
bool key_queue_has(const struct key_queue *queue, unsigned long who);

/* More releases are taken than presses: each key pressed must come up again.
 * False: no room. */
bool key_queue_add(
	struct key_queue *queue, const struct key_told *told, bool down);

void key_queue_drop(struct key_queue *queue, unsigned long who);

/* Offers each entry in order to `take`, which says whether it is done with; a
 * viewer of whom one was refused is not asked again. Takes as long as there are
 * entries: `take` must leave the queue alone. */
void key_queue_run(struct key_queue *queue,
	bool (*take)(void *context, const struct key_told *told, bool down),
	void *context);

#endif
