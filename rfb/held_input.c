#include "rfb/held_input.h"

#include <string.h>

/* A key keeps its place while its symbol may become another: after Shift was
 * let go 'A' is released as 'a'. */
static bool is_same(struct held_key a, struct held_key b)
{
	if (a.scancode != 0 || b.scancode != 0)
		return a.scancode == b.scancode;
	return a.keysym == b.keysym;
}

static int find_key(const struct held_input *held, struct held_key key)
{
	int i;

	for (i = 0; i < held->key_count; i++)
		if (is_same(held->keys[i], key))
			return i;
	return -1;
}

bool held_input_key(struct held_input *held, struct held_key key, bool down)
{
	int i = find_key(held, key);

	if (down) {
		if (i >= 0) /* repeat */
			return true;
		if (held->key_count == HELD_MOST_KEYS)
			return false;
		held->keys[held->key_count++] = key;
		return true;
	}
	if (i < 0)
		return true;
	held->key_count--;
	memmove(&held->keys[i], &held->keys[i + 1],
		(size_t)(held->key_count - i) * sizeof(held->keys[0]));
	return true;
}
