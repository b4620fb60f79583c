#include "x11/key_flip.h"

#include <X11/extensions/XTest.h>

static void fake(Display *display, KeyCode key, bool down)
{
	XTestFakeKeyEvent(display, key, down, CurrentTime);
}

static void flip_key(
	struct key_flip *flip, Display *display, KeyCode key, bool is_down)
{
	if (flip->count == KEY_FLIP_MOST)
		return;
	fake(display, key, !is_down);
	flip->keys[flip->count] = key;
	flip->were_down[flip->count++] = is_down;
}

static void let_go(struct key_flip *flip, Display *display,
	const struct keymap *map, unsigned mask)
{
	char down[32];
	int key;

	XQueryKeymap(display, down);
	for (key = map->xkb->min_key_code; key <= map->xkb->max_key_code; key++)
		if ((down[key / 8] >> key % 8 & 1) != 0 &&
			(map->xkb->map->modmap[key] & mask) != 0)
			flip_key(flip, display, (KeyCode)key, true);
}

static void unlock(struct key_flip *flip, Display *display,
	const XkbStateRec *state, unsigned mask)
{
	if ((state->latched_mods & mask) != 0)
		XkbLatchModifiers(display, XkbUseCoreKbd, mask, 0);
	mask &= state->locked_mods;
	if (mask != 0)
		XkbLockModifiers(display, XkbUseCoreKbd, mask, 0);
	flip->unlocked |= mask;
}

static void flip_shifter(struct key_flip *flip, Display *display,
	const struct keymap *map, const XkbStateRec *state,
	const struct keymap_shifter *shifter)
{
	if ((shifter->mask & state->mods) == 0) {
		flip_key(flip, display, shifter->key, false);
		return;
	}
	if ((shifter->mask & state->base_mods) != 0)
		let_go(flip, display, map, shifter->mask);
	unlock(flip, display, state, shifter->mask);
}

/* The active group is the sum of what is locked, latched and held. */
static void regroup(struct key_flip *flip, Display *display,
	const struct keymap *map, const XkbStateRec *state, unsigned group)
{
	unsigned count = map->groups;
	unsigned other = (unsigned)(state->base_group + state->latched_group);

	if (group == state->group || count < 2)
		return;
	flip->regrouped = true;
	flip->locked_group = state->locked_group;
	XkbLockGroup(display, XkbUseCoreKbd,
		(group + count * 4 - other % count) % count);
}

void key_flip(struct key_flip *flip, Display *display, const struct keymap *map,
	const XkbStateRec *state, const struct keymap_way *way)
{
	int i;

	*flip = (struct key_flip){ .count = 0 };
	regroup(flip, display, map, state, way->group);
	for (i = 0; i < KEYMAP_SHIFTERS; i++)
		if ((map->shifters[i].mask & way->flip) != 0)
			flip_shifter(
				flip, display, map, state, &map->shifters[i]);
}

void key_flip_back(const struct key_flip *flip, Display *display)
{
	int i;

	for (i = flip->count - 1; i >= 0; i--)
		fake(display, flip->keys[i], flip->were_down[i]);
	if (flip->unlocked != 0)
		XkbLockModifiers(
			display, XkbUseCoreKbd, flip->unlocked, flip->unlocked);
	if (flip->regrouped)
		XkbLockGroup(
			display, XkbUseCoreKbd, (unsigned)flip->locked_group);
}
