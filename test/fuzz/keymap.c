/* Keymaps as a hostile X client could load them, and whatever symbols and
 * places viewers ask for: a way that is found makes the symbol. */
#include <X11/XKBlib.h>
#include <X11/Xutil.h>
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "x11/key_holds.h"
#include "x11/keymap.h"
#include "x11/keysym_twin.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

enum {
	LOWEST = 8,
	HIGHEST = 40,
	LEVELS = 2,
	A_KEY = LEVELS * XkbNumKbdGroups, /* symbols */
	SYMBOLS = (HIGHEST - LOWEST + 1) * A_KEY,
};

/* What is let go of in thought where nothing else helps. */
#define SHORTCUTS (unsigned)(ControlMask | Mod1Mask | Mod4Mask)

struct bytes {
	const uint8_t *at;
	size_t left;
};

static unsigned next(struct bytes *bytes)
{
	if (bytes->left == 0)
		return 0;
	bytes->left--;
	return *bytes->at++;
}

/* Few different symbols, so that some are found. */
static KeySym next_symbol(struct bytes *bytes)
{
	static const KeySym symbols[] = { NoSymbol, 'a', 'A', 0x6c1, 0x01000430,
		0xffe1, 0xfe03, 0xfe11, 0xff09, 0xfe20, 0xfe51, 0xffaa, '1',
		'!', 0x20ac, 0xff20 };

	return symbols[next(bytes) % 16];
}

static void fill_key(XkbDescPtr xkb, int key, struct bytes *bytes)
{
	static const unsigned char types[4] = { XkbOneLevelIndex,
		XkbTwoLevelIndex, XkbAlphabeticIndex, XkbKeypadIndex };
	XkbSymMapPtr place = &xkb->map->key_sym_map[key];
	unsigned groups = next(bytes) % (XkbNumKbdGroups + 1), i;

	place->width = LEVELS;
	place->offset = (unsigned short)((key - LOWEST) * A_KEY);
	place->group_info = (unsigned char)(groups | (next(bytes) & 0xf0));
	for (i = 0; i < XkbNumKbdGroups; i++)
		place->kt_index[i] = types[next(bytes) % 4];
	for (i = 0; i < A_KEY; i++)
		xkb->map->syms[place->offset + i] = next_symbol(bytes);
	xkb->map->modmap[key] = (unsigned char)next(bytes);
}

static XkbDescPtr make_keyboard(void)
{
	XkbDescPtr xkb = XkbAllocKeyboard();

	assert(xkb != NULL);
	xkb->min_key_code = LOWEST;
	xkb->max_key_code = HIGHEST;
	assert(XkbAllocClientMap(xkb, XkbAllClientInfoMask, 0) == Success);
	assert(XkbInitCanonicalKeyTypes(xkb, XkbAllRequiredTypes, -1) ==
		Success);
	xkb->map->syms = realloc(xkb->map->syms, SYMBOLS * sizeof(KeySym));
	assert(xkb->map->syms != NULL);
	xkb->map->num_syms = xkb->map->size_syms = SYMBOLS;
	assert(XkbAllocNames(xkb, XkbKeyNamesMask, 0, 0) == Success);
	return xkb;
}

static void fill_keyboard(XkbDescPtr xkb, struct bytes *bytes)
{
	int key;

	for (key = LOWEST; key <= HIGHEST; key++) {
		fill_key(xkb, key, bytes);
		memcpy(xkb->names->keys[key].name, "AC0\0", 4);
		xkb->names->keys[key].name[3] = (char)('0' + next(bytes) % 10);
	}
}

static KeySym makes(
	const struct keymap *map, const struct keymap_way *way, unsigned held)
{
	const struct keymap_state then = { way->group, held ^ way->flip };

	return keymap_symbol(map, way->key, then);
}

static bool is(KeySym made, KeySym keysym)
{
	return made == keysym || made == keysym_twin(keysym);
}

static void check_way(const struct keymap *map, KeySym keysym,
	struct keymap_state now, const struct keymap_way *way)
{
	assert(way->key >= LOWEST && way->key <= HIGHEST);
	assert(keymap_has(map, way->key, keysym));
	assert(!(map->skipped.bits[way->key / 8] >> way->key % 8 & 1));
	if (IsModifierKey(keysym) || keysym >= 0xfe00)
		return; /* wherever they are, whatever is held */
	assert(is(makes(map, way, now.mods), keysym) ||
		is(makes(map, way, now.mods & ~SHORTCUTS), keysym));
}

static void ask(const struct keymap *map, struct bytes *bytes)
{
	KeySym keysym = next_symbol(bytes);
	struct keymap_state now = { next(bytes) % 5, next(bytes) };
	KeyCode key = (KeyCode)next(bytes);
	struct keymap_way way;

	if (keymap_find(map, keysym, now, &way))
		check_way(map, keysym, now, &way);
	if (key >= LOWEST && key <= HIGHEST &&
		keymap_find_on(map, key, keysym, now, &way)) {
		assert(way.key == key);
		check_way(map, keysym, now, &way);
	}
	keymap_symbol(map, key, now);
	keymap_is_modifier(map, key);
	key = keymap_at(map, next(bytes) | next(bytes) << 8);
	assert(key == 0 || (key >= LOWEST && key <= HIGHEST));
	assert(keysym_twin(keysym) == NoSymbol ||
		keysym_twin(keysym) != keysym);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	struct bytes bytes = { input, length };
	/* One for all inputs: libX11 does not free all of its key types. */
	static XkbDescPtr keyboard;
	struct keymap map = { .xkb = NULL };

	if (keyboard == NULL)
		keyboard = make_keyboard();
	fill_keyboard(keyboard, &bytes);
	map.xkb = keyboard;
	map.skipped.bits[1] = (unsigned char)next(&bytes);
	keymap_measure(&map);
	do
		ask(&map, &bytes);
	while (bytes.left > 0);
	return 0;
}
