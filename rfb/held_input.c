#include "rfb/held_input.h"

#include <string.h>

static int find_key(const struct held_input *held, uint32_t keysym)
{
	int i;

	for (i = 0; i < held->key_count; i++)
		if (held->keys[i] == keysym)
			return i;
	return -1;
}

bool held_input_key(struct held_input *held, uint32_t keysym, bool down)
{
	int i = find_key(held, keysym);

	if (down) {
		if (i >= 0) /* repeat */
			return true;
		if (held->key_count == HELD_MOST_KEYS)
			return false;
		held->keys[held->key_count++] = keysym;
		return true;
	}
	if (i < 0)
		return true;
	held->key_count--;
	memmove(&held->keys[i], &held->keys[i + 1],
		(size_t)(held->key_count - i) * sizeof(held->keys[0]));
	return true;
}
