#include "x11/spare_keys.h"

#include <X11/Xutil.h>
#include <string.h>

static void assign(Display *display, KeyCode key, KeySym keysym)
{
	KeySym lower = keysym, upper = keysym;

	/* A single letter would be taken for both its cases, and with the
	 * wrong one of a pair Caps Lock would not work. */
	if (keysym != NoSymbol)
		XConvertCase(keysym, &lower, &upper);
	if (keysym != lower && keysym != upper)
		lower = upper = keysym; /* a title case letter */
	XChangeKeyboardMapping(display, key, 2, (KeySym[]){ lower, upper }, 1);
}

/* What another program changed since is no longer ours. */
static void forget_lost(struct spare_keys *spare, const struct keymap *map)
{
	int i;

	for (i = 0; i < SPARE_KEYS; i++) {
		struct spare_key *place = &spare->keys[i];

		if (place->key != 0 &&
			!keymap_has(map, place->key, place->keysym))
			place->key = 0;
	}
}

static bool is_ours(const struct spare_keys *spare, int key)
{
	int i;

	for (i = 0; i < SPARE_KEYS; i++)
		if (spare->keys[i].key == key)
			return true;
	return false;
}

/* From the top: the low ones are more likely to be on a real keyboard. */
static KeyCode find_unused(
	const struct spare_keys *spare, const struct keymap *map)
{
	int key;

	for (key = map->xkb->max_key_code; key >= map->xkb->min_key_code; key--)
		if (keymap_is_unused(map, (KeyCode)key) && !is_ours(spare, key))
			return (KeyCode)key;
	return 0;
}

static struct spare_key *find_empty(
	struct spare_keys *spare, const struct keymap *map)
{
	int i;

	for (i = 0; i < SPARE_KEYS; i++) {
		if (spare->keys[i].key != 0)
			continue;
		spare->keys[i].key = find_unused(spare, map);
		return spare->keys[i].key != 0 ? &spare->keys[i] : NULL;
	}
	return NULL;
}

static struct spare_key *find_oldest(
	struct spare_keys *spare, const KeySym pressed[KEYMAP_KEYS])
{
	struct spare_key *oldest = NULL;
	int i;

	for (i = 0; i < SPARE_KEYS; i++) {
		struct spare_key *place = &spare->keys[i];

		if (place->key == 0 || pressed[place->key] != NoSymbol)
			continue;
		if (oldest == NULL || place->used < oldest->used)
			oldest = place;
	}
	return oldest;
}

KeyCode spare_keys_take(struct spare_keys *spare, Display *display,
	const struct keymap *map, KeySym keysym,
	const KeySym pressed[KEYMAP_KEYS])
{
	struct spare_key *place;

	forget_lost(spare, map);
	place = find_empty(spare, map);
	if (place == NULL)
		place = find_oldest(spare, pressed);
	if (place == NULL)
		return 0;
	place->keysym = keysym;
	place->used = ++spare->uses;
	assign(display, place->key, keysym);
	return place->key;
}

void spare_keys_touch(struct spare_keys *spare, KeyCode key)
{
	int i;

	for (i = 0; i < SPARE_KEYS; i++)
		if (spare->keys[i].key == key)
			spare->keys[i].used = ++spare->uses;
}

void spare_keys_restore(
	struct spare_keys *spare, Display *display, const struct keymap *map)
{
	int i;

	forget_lost(spare, map);
	for (i = 0; i < SPARE_KEYS; i++)
		if (spare->keys[i].key != 0)
			assign(display, spare->keys[i].key, NoSymbol);
	memset(spare, 0, sizeof(*spare));
}
