#include "x11/keymap.h"

#include <X11/Xutil.h>
#include <X11/keysym.h>
#include <string.h>

#include "x11/keysym_twin.h"
#include "x11/scancode.h"
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

static void count_groups(struct keymap *map)
{
	int key;

	map->groups = 0;
	for (key = map->xkb->min_key_code; key <= map->xkb->max_key_code; key++)
		if (XkbKeyNumGroups(map->xkb, key) > map->groups)
			map->groups = XkbKeyNumGroups(map->xkb, key);
}

void keymap_measure(struct keymap *map)
{
	count_groups(map);
	find_shifters(map);
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
	if (map->xkb == NULL || map->xkb->map == NULL ||
		map->xkb->map->modmap == NULL) {
		x_error_untrap_replied(&trap);
		keymap_finish(map);
		return false;
	}
	/* Without names there are no places, and keys go by symbol. */
	XkbGetNames(display, XkbKeyNamesMask | XkbKeyAliasesMask, map->xkb);
	x_error_untrap_replied(&trap);
	keymap_measure(map);
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

static KeySym symbol(const struct keymap *map, int key, unsigned wanted,
	unsigned held, unsigned *level)
{
	const XkbKeyTypeRec *type;
	unsigned group;

	if (!legal_group(map, key, wanted, &group))
		return NoSymbol;
	type = XkbKeyKeyType(map->xkb, key, group);
	*level = level_of(type, held);
	if (*level >= type->num_levels)
		return NoSymbol;
	return XkbKeySymEntry(map->xkb, key, *level, group);
}

/* The search over all keys, or over one. */
struct hunt {
	const struct keymap *map;
	KeySym keysym, twin;
	int first, last;
	unsigned group;
};

static bool is_wanted(const struct hunt *hunt, int key, KeySym symbol)
{
	if (symbol == NoSymbol ||
		(symbol != hunt->keysym && symbol != hunt->twin))
		return false;
	return !(hunt->map->skipped.bits[key / 8] >> key % 8 & 1);
}

static bool find_with(
	const struct hunt *hunt, unsigned held, struct keymap_way *way)
{
	int key;

	for (key = hunt->first; key <= hunt->last; key++) {
		unsigned level;

		if (!is_wanted(hunt, key,
			    symbol(hunt->map, key, hunt->group, held, &level)))
			continue;
		way->key = (KeyCode)key;
		way->group = hunt->group;
		way->level = level;
		return true;
	}
	return false;
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

static bool has_at_level(const struct hunt *hunt, int key, unsigned level)
{
	unsigned group;

	return legal_group(hunt->map, key, hunt->group, &group) &&
	       level < XkbKeyGroupWidth(hunt->map->xkb, key, group) &&
	       is_wanted(hunt, key,
		       XkbKeySymEntry(hunt->map->xkb, key, level, group));
}

static bool find_any_level(const struct hunt *hunt, struct keymap_way *way)
{
	unsigned level;
	int key;

	for (level = 0; level < XkbMaxShiftLevel; level++)
		for (key = hunt->first; key <= hunt->last; key++) {
			if (!has_at_level(hunt, key, level))
				continue;
			way->key = (KeyCode)key;
			way->group = hunt->group;
			way->level = level;
			return true;
		}
	return false;
}

/* Flips the fewest first: 0, then one, then two, then all three. */
static bool find_flipped(
	const struct hunt *hunt, unsigned held, struct keymap_way *way)
{
	static const unsigned choices[] = { 0, 1, 2, 4, 3, 5, 6, 7 };
	size_t i, j;

	for (i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		way->flip = 0;
		for (j = 0; j < KEYMAP_SHIFTERS; j++)
			if (choices[i] >> j & 1)
				way->flip |= hunt->map->shifters[j].mask;
		if (find_with(hunt, held ^ way->flip, way))
			return true;
	}
	way->flip = 0;
	return false;
}

static bool find_in_group(
	const struct hunt *hunt, unsigned held, struct keymap_way *way)
{
	way->flip = 0;
	if (IsModifierKey(hunt->keysym))
		return find_any_level(hunt, way);
	if (find_with(hunt, held, way))
		return true;
	held &= ~(unsigned)SHORTCUT_MODIFIERS;
	if (!is_plain(hunt->keysym))
		return find_flipped(hunt, held, way);
	return find_with(hunt, held, way) || find_any_level(hunt, way);
}

static struct hunt begin_hunt(const struct keymap *map, KeySym keysym)
{
	return (struct hunt){ .map = map,
		.keysym = keysym,
		.twin = keysym_twin(keysym),
		.first = map->xkb->min_key_code,
		.last = map->xkb->max_key_code };
}

bool keymap_find(const struct keymap *map, KeySym keysym,
	struct keymap_state now, struct keymap_way *way)
{
	struct hunt hunt = begin_hunt(map, keysym);
	unsigned i;

	*way = (struct keymap_way){ .key = 0 };
	for (i = 0; i == 0 || i < map->groups; i++) {
		hunt.group = i == 0 ? now.group : (now.group + i) % map->groups;
		if (find_in_group(&hunt, now.mods, way))
			return true;
	}
	return false;
}

bool keymap_find_on(const struct keymap *map, KeyCode key, KeySym keysym,
	struct keymap_state now, struct keymap_way *way)
{
	struct hunt hunt = begin_hunt(map, keysym);

	*way = (struct keymap_way){ .key = 0 };
	hunt.first = hunt.last = key;
	hunt.group = now.group;
	return find_in_group(&hunt, now.mods, way);
}

static bool is_named(const char *name, const char *wanted)
{
	return strncmp(name, wanted, XkbKeyNameLength) == 0;
}

/* The name that keys are listed by, for one that may be an alias. */
static const char *real_name(const XkbNamesRec *names, const char *wanted)
{
	int i;

	for (i = 0; i < names->num_key_aliases; i++)
		if (is_named(names->key_aliases[i].alias, wanted))
			return names->key_aliases[i].real;
	return NULL;
}

static KeyCode find_name(const struct keymap *map, const char *name)
{
	int key;

	if (name == NULL)
		return 0;
	for (key = map->xkb->min_key_code; key <= map->xkb->max_key_code; key++)
		if (is_named(map->xkb->names->keys[key].name, name))
			return (KeyCode)key;
	return 0;
}

KeyCode keymap_at(const struct keymap *map, unsigned scancode)
{
	const XkbNamesRec *names = map->xkb != NULL ? map->xkb->names : NULL;
	const char *name = scancode_name(scancode);
	KeyCode key;

	if (name == NULL || names == NULL || names->keys == NULL)
		return 0;
	key = find_name(map, name);
	if (key == 0 && names->key_aliases != NULL)
		key = find_name(map, real_name(names, name));
	return key;
}

static bool is_key(const struct keymap *map, KeyCode key)
{
	return map->xkb != NULL && key >= map->xkb->min_key_code &&
	       key <= map->xkb->max_key_code;
}

KeySym keymap_symbol(
	const struct keymap *map, KeyCode key, struct keymap_state now)
{
	unsigned level;

	return is_key(map, key) ? symbol(map, key, now.group, now.mods, &level)
				: NoSymbol;
}

bool keymap_has(const struct keymap *map, KeyCode key, KeySym keysym)
{
	KeySym twin = keysym_twin(keysym);
	int count, i;

	if (!is_key(map, key) || keysym == NoSymbol)
		return false;
	count = XkbKeyNumSyms(map->xkb, key);
	for (i = 0; i < count; i++) {
		KeySym on_key = XkbKeySymsPtr(map->xkb, key)[i];

		if (on_key == keysym || (on_key != NoSymbol && on_key == twin))
			return true;
	}
	return false;
}

bool keymap_is_modifier(const struct keymap *map, KeyCode key)
{
	return is_key(map, key) && map->xkb->map->modmap[key] != 0;
}

bool keymap_is_unused(const struct keymap *map, KeyCode key)
{
	int count = XkbKeyNumSyms(map->xkb, key), i;

	if (map->xkb->map->modmap[key] != 0 ||
		(map->skipped.bits[key / 8] >> key % 8 & 1) != 0)
		return false;
	for (i = 0; i < count; i++)
		if (XkbKeySymsPtr(map->xkb, key)[i] != NoSymbol)
			return false;
	return true;
}
