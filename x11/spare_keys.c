#include "x11/spare_keys.h"

#include <X11/Xutil.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* ---- giving back ---- */

static KeySym on_key(const struct keymap *map, KeyCode key, unsigned level)
{
	if (XkbKeyNumGroups(map->xkb, key) == 0 ||
		level >= XkbKeyGroupWidth(map->xkb, key, 0))
		return NoSymbol;
	return XkbKeySymEntry(map->xkb, key, level, 0);
}

/* A key whose two symbols are the same may have one level only. */
static bool holds_ours(const struct keymap *map, KeyCode key,
	const KeySym keysyms[SPARE_KEYS_LEVELS])
{
	KeySym shifted = on_key(map, key, 1);

	if (key < map->xkb->min_key_code || key > map->xkb->max_key_code)
		return false;
	return on_key(map, key, 0) == keysyms[0] &&
	       (shifted == keysyms[1] ||
		       (shifted == NoSymbol && keysyms[0] == keysyms[1]));
}

static void empty(struct spare_keys *spare, KeyCode key)
{
	XChangeKeyboardMapping(
		spare->record.display->x, key, 1, (KeySym[]){ NoSymbol }, 1);
}

struct finding {
	struct spare_keys *spare;
	bool repeat_was_off;
};

static void on_found(void *context, const struct spare_record_list *list)
{
	struct finding *finding = context;
	struct keymap map = { .xkb = NULL };
	int i, count = 0;

	finding->repeat_was_off |= list->repeat_is_off;
	if (!keymap_load(&map, finding->spare->record.display->x))
		return;
	for (i = 0; i < list->count; i++) {
		const struct spare_record_key *key = &list->keys[i];

		if (!holds_ours(&map, key->key, key->keysyms))
			continue;
		empty(finding->spare, key->key);
		count++;
	}
	keymap_finish(&map);
	if (count > 0)
		log_info(
			"gave back %d keys that an x11wsvnc which ended "
			"unexpectedly had borrowed",
			count);
}

void spare_keys_init(
	struct spare_keys *spare, struct display *display, bool *repeat_was_off)
{
	struct finding finding = { spare, false };

	memset(spare, 0, sizeof(*spare));
	spare_record_init(&spare->record, display, on_found, &finding);
	*repeat_was_off = finding.repeat_was_off;
}

static void read_keysyms(
	const struct spare_key *place, KeySym keysyms[SPARE_KEYS_LEVELS])
{
	int level;

	for (level = 0; level < SPARE_KEYS_LEVELS; level++)
		keysyms[level] = place->places[level].keysym;
}

void spare_keys_check(struct spare_keys *spare, const struct keymap *map)
{
	KeySym keysyms[SPARE_KEYS_LEVELS];
	int i;

	for (i = 0; i < SPARE_KEYS; i++) {
		read_keysyms(&spare->keys[i], keysyms);
		if (spare->keys[i].key != 0 &&
			!holds_ours(map, spare->keys[i].key, keysyms))
			memset(&spare->keys[i], 0, sizeof(spare->keys[i]));
	}
}

void spare_keys_finish(struct spare_keys *spare, const struct keymap *map)
{
	int i;

	if (map != NULL) {
		spare_keys_check(spare, map);
		for (i = 0; i < SPARE_KEYS; i++)
			if (spare->keys[i].key != 0)
				empty(spare, spare->keys[i].key);
	}
	spare_record_finish(&spare->record);
}

/* ---- writing down ---- */

static void write_down(struct spare_keys *spare)
{
	struct spare_record_list list = { .count = 0 };
	int i;

	list.repeat_is_off = spare->repeat_is_off;
	for (i = 0; i < SPARE_KEYS; i++) {
		if (spare->keys[i].key == 0)
			continue;
		list.keys[list.count].key = spare->keys[i].key;
		read_keysyms(&spare->keys[i], list.keys[list.count++].keysyms);
	}
	spare_record_write(&spare->record, &list);
}

void spare_keys_note_repeat(struct spare_keys *spare, bool is_off)
{
	spare->repeat_is_off = is_off;
	write_down(spare);
}

/* ---- lending ---- */

static bool is_ours(const struct spare_keys *spare, int key)
{
	int i;

	for (i = 0; i < SPARE_KEYS; i++)
		if (spare->keys[i].key == key)
			return true;
	return false;
}

/* From the top: the low ones are more likely to be on a real keyboard. Two are
 * left to others who do the same (xdotool). */
static KeyCode find_unused(
	const struct spare_keys *spare, const struct keymap *map)
{
	KeyCode found = 0;
	int key, count = 0;

	for (key = map->xkb->min_key_code; key <= map->xkb->max_key_code; key++)
		if (keymap_is_unused(map, (KeyCode)key) &&
			!is_ours(spare, key)) {
			found = (KeyCode)key;
			count++;
		}
	return count > 2 ? found : 0;
}

/* The symbols for both places, where they belong together: a single letter
 * would be taken for both its cases, and with the wrong one of a pair Caps Lock
 * would not work. Editing keys are looked for without regard to Shift. */
static bool is_pair(KeySym keysym, KeySym pair[SPARE_KEYS_LEVELS])
{
	KeySym lower = keysym, upper = keysym;

	pair[0] = pair[1] = keysym;
	if (keysym >= 0xfe00 && keysym <= 0xffff)
		return true;
	XConvertCase(keysym, &lower, &upper);
	if (lower == upper || (keysym != lower && keysym != upper))
		return false; /* no letter, or a title case letter */
	pair[0] = lower;
	pair[1] = upper;
	return true;
}

/* The place, or the pair of places, whose last use is the longest ago. */
struct choice {
	struct spare_key *key;
	int level;
	uint64_t used_us;
};

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void consider(struct choice *choice, struct spare_key *key, bool pair)
{
	int level;

	for (level = 0; level < SPARE_KEYS_LEVELS; level++) {
		uint64_t used_us = pair ? later(key->places[0].used_us,
						  key->places[1].used_us)
					: key->places[level].used_us;

		if (choice->key != NULL && used_us >= choice->used_us)
			continue;
		*choice = (struct choice){ key, pair ? 0 : level, used_us };
	}
}

/* Keys not borrowed yet count as never used. */
static struct choice choose(struct spare_keys *spare, const struct keymap *map,
	const struct key_holds *holds, bool pair)
{
	struct choice choice = { NULL, 0, 0 };
	KeyCode unused = find_unused(spare, map);
	int i;

	for (i = 0; i < SPARE_KEYS; i++) {
		struct spare_key *key = &spare->keys[i];

		if (key->key == 0 || key_holds_has(holds, key->key))
			continue;
		consider(&choice, key, pair);
	}
	if (choice.key != NULL && choice.used_us == 0)
		return choice;
	for (i = 0; i < SPARE_KEYS && unused != 0; i++)
		if (spare->keys[i].key == 0) {
			spare->keys[i].key = unused;
			return (struct choice){ &spare->keys[i], 0, 0 };
		}
	return choice;
}

static void put(const struct choice *choice, KeySym keysym, bool pair,
	const KeySym both[SPARE_KEYS_LEVELS])
{
	struct spare_place *places = choice->key->places;

	if (pair) {
		places[0].keysym = both[0];
		places[1].keysym = both[1];
		places[0].used_us = places[1].used_us = clock_us();
		return;
	}
	places[choice->level].keysym = keysym;
	places[choice->level].used_us = clock_us();
	if (places[!choice->level].keysym == NoSymbol)
		places[!choice->level].keysym = keysym;
}

static bool has(const struct spare_keys *spare, KeySym keysym)
{
	int i;

	for (i = 0; i < SPARE_KEYS; i++)
		if (spare->keys[i].key != 0 &&
			(spare->keys[i].places[0].keysym == keysym ||
				spare->keys[i].places[1].keysym == keysym))
			return true;
	return false;
}

enum spare_result spare_keys_put(struct spare_keys *spare,
	const struct keymap *map, const struct key_holds *holds, KeySym keysym,
	uint64_t *due_us)
{
	KeySym both[SPARE_KEYS_LEVELS];
	bool pair = is_pair(keysym, both);
	struct choice choice;

	if (has(spare, keysym))
		return SPARE_DONE;
	choice = choose(spare, map, holds, pair);
	if (choice.key == NULL)
		return SPARE_NONE;
	*due_us = choice.used_us + SPARE_KEYS_REST_MS * UINT64_C(1000);
	if (choice.used_us != 0 && clock_us() < *due_us)
		return SPARE_WAIT;
	put(&choice, keysym, pair, both);
	write_down(spare);
	read_keysyms(choice.key, both);
	XChangeKeyboardMapping(spare->record.display->x, choice.key->key,
		SPARE_KEYS_LEVELS, both, 1);
	return SPARE_DONE;
}

void spare_keys_touch(struct spare_keys *spare, KeyCode key, unsigned level)
{
	int i;

	for (i = 0; i < SPARE_KEYS; i++) {
		struct spare_key *found = &spare->keys[i];

		if (found->key != key || level >= SPARE_KEYS_LEVELS)
			continue;
		found->places[level].used_us = clock_us();
		/* With one level for both, Shift makes no difference. */
		if (found->places[0].keysym == found->places[1].keysym)
			found->places[!level].used_us = 0;
	}
}
