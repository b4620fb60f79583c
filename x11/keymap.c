#include "x11/keymap.h"

#include <X11/Xutil.h>
#include <X11/keysym.h>

#include "x11/x_error.h"

/* Modifiers that shortcuts are made with: a symbol is never looked for by
 * letting go of them. They do choose a level on a few keys (Alt-Print is
 * Sys_Req), so they count when everything held fits as it is. */
enum { SHORTCUT_MODIFIERS = ControlMask | Mod1Mask | Mod4Mask };

static KeyCode find_plain_key(const struct keymap *map, KeySym keysym)
{
	int key;

	for (key = map->xkb->min_key_code; key <= map->xkb->max_key_code; key++)
		if (XkbKeyNumGroups(map->xkb, key) > 0 &&
			XkbKeySymEntry(map->xkb, key, 0, 0) == keysym)
			return (KeyCode)key;
	return 0;
}

static void find_shifters(struct keymap *map)
{
	static const KeySym keysyms[KEYMAP_SHIFTERS] = { XK_Shift_L,
		XK_ISO_Level3_Shift, XK_ISO_Level5_Shift };
	int i;

	for (i = 0; i < KEYMAP_SHIFTERS; i++) {
		struct keymap_shifter *shifter = &map->shifters[i];

		shifter->key = find_plain_key(map, keysyms[i]);
		shifter->mask = shifter->key == 0
					? 0
					: map->xkb->map->modmap[shifter->key];
		/* A key that is Control as well would do more than shift. */
		if (shifter->mask & (SHORTCUT_MODIFIERS | LockMask))
			shifter->mask = 0;
	}
	if (map->shifters[2].mask == map->shifters[1].mask)
		map->shifters[2].mask = 0;
}

bool keymap_load(struct keymap *map, Display *display)
{
	struct x_error_trap trap;

	if (map->xkb != NULL)
		return true;
	x_error_trap(&trap, display);
	map->xkb = XkbGetMap(display,
		XkbKeyTypesMask | XkbKeySymsMask | XkbModifierMapMask,
		XkbUseCoreKbd);
	x_error_untrap_replied(&trap);
	if (map->xkb == NULL || map->xkb->map == NULL ||
		map->xkb->map->modmap == NULL) {
		keymap_finish(map);
		return false;
	}
	find_shifters(map);
	return true;
}

void keymap_finish(struct keymap *map)
{
	if (map->xkb != NULL)
		XkbFreeKeyboard(map->xkb, 0, True);
	map->xkb = NULL;
}

/* The group a key has for a group it may not have. False: no groups at all. */
static bool legal_group(
	const struct keymap *map, int key, unsigned wanted, unsigned *group)
{
	unsigned count = XkbKeyNumGroups(map->xkb, key);
	unsigned info = XkbKeyGroupInfo(map->xkb, key);

	if (count == 0)
		return false;
	*group = wanted;
	if (wanted < count)
		return true;
	switch (XkbOutOfRangeGroupAction(info)) {
	case XkbClampIntoRange:
		*group = count - 1;
		break;
	case XkbRedirectIntoRange:
		*group = XkbOutOfRangeGroupNumber(info);
		if (*group >= count)
			*group = 0;
		break;
	default:
		*group = wanted % count;
	}
	return true;
}

static unsigned level_of(const XkbKeyTypeRec *type, unsigned held)
{
	int i;

	held &= type->mods.mask;
	for (i = 0; i < type->map_count; i++)
		if (type->map[i].active && type->map[i].mods.mask == held)
			return type->map[i].level;
	return 0;
}

static KeySym symbol(
	const struct keymap *map, int key, unsigned wanted, unsigned held)
{
	const XkbKeyTypeRec *type;
	unsigned group, level;

	if (!legal_group(map, key, wanted, &group))
		return NoSymbol;
	type = XkbKeyKeyType(map->xkb, key, group);
	level = level_of(type, held);
	if (level >= type->num_levels)
		return NoSymbol;
	return XkbKeySymEntry(map->xkb, key, level, group);
}

static KeyCode find_with(
	const struct keymap *map, KeySym keysym, unsigned group, unsigned held)
{
	int key;

	for (key = map->xkb->min_key_code; key <= map->xkb->max_key_code; key++)
		if (symbol(map, key, group, held) == keysym)
			return (KeyCode)key;
	return 0;
}

/* Editing and function keys are the same key whatever is held: Shift-Tab is
 * Tab, not ISO_Left_Tab without Shift. The keypad's depend on Num Lock, and
 * dead accents are found like letters. */
static bool is_plain(KeySym keysym)
{
	bool dead = keysym >= XK_dead_grave && keysym < 0xfea0;

	return keysym >= 0xfe00 && keysym <= 0xffff && !IsKeypadKey(keysym) &&
	       !dead;
}

static KeyCode find_any_level(
	const struct keymap *map, KeySym keysym, unsigned wanted)
{
	unsigned group, level;
	int key;

	for (level = 0; level < XkbMaxShiftLevel; level++)
		for (key = map->xkb->min_key_code;
			key <= map->xkb->max_key_code; key++) {
			if (!legal_group(map, key, wanted, &group))
				continue;
			if (level < XkbKeyGroupWidth(map->xkb, key, group) &&
				XkbKeySymEntry(map->xkb, key, level, group) ==
					keysym)
				return (KeyCode)key;
		}
	return 0;
}

/* Flips the fewest first: 0, then one, then two, then all three. */
static bool find_flipped(const struct keymap *map, KeySym keysym,
	unsigned group, unsigned held, struct keymap_way *way)
{
	static const unsigned choices[] = { 0, 1, 2, 4, 3, 5, 6, 7 };
	size_t i, j;

	for (i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		way->flip = 0;
		for (j = 0; j < KEYMAP_SHIFTERS; j++)
			if (choices[i] >> j & 1)
				way->flip |= map->shifters[j].mask;
		way->key = find_with(map, keysym, group, held ^ way->flip);
		if (way->key != 0)
			return true;
	}
	return false;
}

bool keymap_find(const struct keymap *map, KeySym keysym, unsigned group,
	unsigned held, struct keymap_way *way)
{
	way->flip = 0;
	if (IsModifierKey(keysym)) {
		way->key = find_any_level(map, keysym, group);
		return way->key != 0;
	}
	way->key = find_with(map, keysym, group, held);
	if (way->key != 0)
		return true;
	held &= ~(unsigned)SHORTCUT_MODIFIERS;
	if (!is_plain(keysym))
		return find_flipped(map, keysym, group, held, way);
	way->key = find_with(map, keysym, group, held);
	if (way->key == 0)
		way->key = find_any_level(map, keysym, group);
	return way->key != 0;
}

bool keymap_has(const struct keymap *map, KeyCode key, KeySym keysym)
{
	int count, i;

	if (key < map->xkb->min_key_code || key > map->xkb->max_key_code)
		return false;
	count = XkbKeyNumSyms(map->xkb, key);
	for (i = 0; i < count; i++)
		if (XkbKeySymsPtr(map->xkb, key)[i] == keysym)
			return true;
	return false;
}

bool keymap_is_unused(const struct keymap *map, KeyCode key)
{
	int count = XkbKeyNumSyms(map->xkb, key), i;

	if (map->xkb->map->modmap[key] != 0)
		return false;
	for (i = 0; i < count; i++)
		if (XkbKeySymsPtr(map->xkb, key)[i] != NoSymbol)
			return false;
	return true;
}
