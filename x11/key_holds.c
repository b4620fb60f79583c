#include "x11/key_holds.h"

#include <string.h>

/* A key keeps its place while its symbol may become another. */
static bool is_same(const struct key_told *a, const struct key_told *b)
{
	if (a->who != b->who)
		return false;
	if (a->scancode != 0 || b->scancode != 0)
		return a->scancode == b->scancode;
	return a->keysym == b->keysym;
}

int key_holds_find(const struct key_holds *holds, const struct key_told *told)
{
	int i;

	for (i = 0; i < holds->count; i++)
		if (is_same(&holds->list[i].told, told))
			return i;
	return -1;
}

bool key_holds_add(
	struct key_holds *holds, const struct key_told *told, unsigned char key)
{
	if (holds->count == KEY_HOLDS_MOST)
		return false;
	holds->list[holds->count++] = (struct key_hold){ *told, key };
	return true;
}

void key_holds_remove(struct key_holds *holds, int place)
{
	holds->count--;
	memmove(&holds->list[place], &holds->list[place + 1],
		(size_t)(holds->count - place) * sizeof(holds->list[0]));
}

bool key_holds_has(const struct key_holds *holds, unsigned char key)
{
	int i;

	for (i = 0; i < holds->count; i++)
		if (holds->list[i].key == key)
			return true;
	return false;
}
