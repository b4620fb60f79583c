#include "x11/key_queue.h"

#include <assert.h>
#include <stdlib.h>

void key_queue_finish(struct key_queue *queue)
{
	free(queue->entries);
	free(queue->lines);
	*queue = (struct key_queue){ .entries = NULL };
}

/* A viewer whose keys wait; NULL: none of it do. */
static struct key_queue_line *find(
	const struct key_queue *queue, unsigned long who)
{
	size_t i;

	for (i = 0; i < queue->line_count; i++)
		if (queue->lines[i].count > 0 && queue->lines[i].who == who)
			return &queue->lines[i];
	return NULL;
}

bool key_queue_has(const struct key_queue *queue, unsigned long who)
{
	return find(queue, who) != NULL;
}

/* NULL: no memory. */
static void *grow(void *list, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 64 : *room * 2;
	void *longer = realloc(list, more * size);

	if (longer != NULL)
		*room = more;
	return longer;
}

/* In an empty one's place, as entries know lines by their number. */
static struct key_queue_line *add_line(
	struct key_queue *queue, unsigned long who)
{
	struct key_queue_line *lines = queue->lines;
	size_t i;

	for (i = 0; i < queue->line_count && lines[i].count > 0; i++)
		;
	if (i == queue->line_room) {
		lines = grow(lines, &queue->line_room, sizeof(*lines));
		if (lines == NULL)
			return NULL;
		queue->lines = lines;
	}
	if (i == queue->line_count)
		queue->line_count++;
	lines[i] = (struct key_queue_line){ .who = who };
	return &lines[i];
}

static bool add_entry(struct key_queue *queue, struct key_queue_line *line,
	const struct key_told *told, bool down)
{
	struct key_queue_entry *entries = queue->entries;

	if (queue->count == queue->room) {
		entries = grow(entries, &queue->room, sizeof(*entries));
		if (entries == NULL)
			return false;
		queue->entries = entries;
	}
	line->count++;
	entries[queue->count++] = (struct key_queue_entry){ *told,
		(size_t)(line - queue->lines), down };
	return true;
}

bool key_queue_add(
	struct key_queue *queue, const struct key_told *told, bool down)
{
	/* As many releases as presses: a viewer holds no more keys than it
	 * pressed. */
	size_t share = down ? 1 : 2;
	struct key_queue_line *line = find(queue, told->who);

	if (queue->count >= KEY_QUEUE_MOST * share ||
		(line != NULL && line->count >= KEY_QUEUE_MOST_OF_ONE * share))
		return false;
	if (line == NULL)
		line = add_line(queue, told->who);
	return line != NULL && add_entry(queue, line, told, down);
}

void key_queue_run(struct key_queue *queue,
	bool (*take)(void *context, const struct key_told *told, bool down),
	void *context)
{
	size_t i, kept = 0;

	for (i = 0; i < queue->line_count; i++)
		queue->lines[i].stands = false;
	for (i = 0; i < queue->count; i++) {
		struct key_queue_entry entry = queue->entries[i];
		struct key_queue_line *line = &queue->lines[entry.line];

		if (!line->stands && take(context, &entry.told, entry.down)) {
			assert(line->count > 0);
			line->count--;
			continue;
		}
		line->stands = true;
		queue->entries[kept++] = entry;
	}
	queue->count = kept;
	if (kept == 0)
		key_queue_finish(queue);
}

static bool is_theirs(void *context, const struct key_told *told, bool down)
{
	(void)down;
	return told->who == *(const unsigned long *)context;
}

void key_queue_drop(struct key_queue *queue, unsigned long who)
{
	if (key_queue_has(queue, who))
		key_queue_run(queue, is_theirs, &who);
}
