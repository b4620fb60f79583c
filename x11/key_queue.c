#include "x11/key_queue.h"

#include <stdlib.h>

void key_queue_finish(struct key_queue *queue)
{
	free(queue->entries);
	*queue = (struct key_queue){ .entries = NULL };
}

static size_t count_of(const struct key_queue *queue, unsigned long who)
{
	size_t i, count = 0;

	for (i = 0; i < queue->count; i++)
		count += queue->entries[i].told.who == who;
	return count;
}

bool key_queue_has(const struct key_queue *queue, unsigned long who)
{
	size_t i;

	for (i = 0; i < queue->count; i++)
		if (queue->entries[i].told.who == who)
			return true;
	return false;
}

static bool grow(struct key_queue *queue)
{
	size_t room = queue->room == 0 ? 64 : queue->room * 2;
	struct key_queue_entry *entries =
		realloc(queue->entries, room * sizeof(entries[0]));

	if (entries == NULL)
		return false;
	queue->entries = entries;
	queue->room = room;
	return true;
}

bool key_queue_add(
	struct key_queue *queue, const struct key_told *told, bool down)
{
	/* As many releases as presses: a viewer holds no more keys than it
	 * pressed. */
	size_t share = down ? 1 : 2;

	if (queue->count >= KEY_QUEUE_MOST * share ||
		count_of(queue, told->who) >= KEY_QUEUE_MOST_OF_ONE * share)
		return false;
	if (queue->count == queue->room && !grow(queue))
		return false;
	queue->entries[queue->count++] =
		(struct key_queue_entry){ *told, down };
	return true;
}

void key_queue_drop(struct key_queue *queue, unsigned long who)
{
	size_t i, kept = 0;

	for (i = 0; i < queue->count; i++)
		if (queue->entries[i].told.who != who)
			queue->entries[kept++] = queue->entries[i];
	queue->count = kept;
}

/* Whether an entry of the same viewer was kept before this one. */
static bool is_behind(
	const struct key_queue *queue, size_t kept, unsigned long who)
{
	size_t i;

	for (i = 0; i < kept; i++)
		if (queue->entries[i].told.who == who)
			return true;
	return false;
}

void key_queue_run(struct key_queue *queue,
	bool (*take)(void *context, const struct key_told *told, bool down),
	void *context)
{
	size_t i, kept = 0;

	for (i = 0; i < queue->count; i++) {
		struct key_queue_entry entry = queue->entries[i];

		if (is_behind(queue, kept, entry.told.who) ||
			!take(context, &entry.told, entry.down))
			queue->entries[kept++] = entry;
	}
	queue->count = kept;
	if (kept == 0)
		key_queue_finish(queue);
}
