#include "x11/keyboard.h"

#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <string.h>

#include "base/log.h"

void keyboard_init(struct keyboard *keyboard, struct display *display)
{
	int opcode, error_base, major = XkbMajorVersion;
	int minor = XkbMinorVersion;

	memset(keyboard, 0, sizeof(*keyboard));
	keyboard->display = display;
	if (!XkbQueryExtension(display->x, &opcode, &keyboard->event_base,
		    &error_base, &major, &minor)) {
		keyboard->event_base = -1;
		log_warning(
			"the X server lacks XKB: keys are pressed without "
			"regard to their level");
		return;
	}
	XkbSelectEvents(display->x, XkbUseCoreKbd,
		XkbMapNotifyMask | XkbNewKeyboardNotifyMask | XkbBellNotifyMask,
		XkbMapNotifyMask | XkbNewKeyboardNotifyMask |
			XkbBellNotifyMask);
}

void keyboard_finish(struct keyboard *keyboard)
{
	Display *x = keyboard->display->x;

	if (!keyboard->display->lost && keyboard->spare.uses > 0) {
		keymap_finish(&keyboard->map);
		if (keymap_load(&keyboard->map, x))
			spare_keys_restore(&keyboard->spare, x, &keyboard->map);
	}
	keymap_finish(&keyboard->map);
}

bool keyboard_handle(struct keyboard *keyboard, XEvent *event)
{
	const XkbEvent *xkb = (const XkbEvent *)event;

	if (event->type == MappingNotify) {
		XRefreshKeyboardMapping(&event->xmapping);
		keymap_finish(&keyboard->map);
		return true;
	}
	if (keyboard->event_base < 0 || event->type != keyboard->event_base)
		return false;
	if (xkb->any.xkb_type == XkbBellNotify)
		keyboard->rang = true;
	else
		keymap_finish(&keyboard->map);
	return true;
}

bool keyboard_take_bell(struct keyboard *keyboard)
{
	bool rang = keyboard->rang;

	keyboard->rang = false;
	return rang;
}

static void fake(struct keyboard *keyboard, KeyCode key, bool down)
{
	XTestFakeKeyEvent(keyboard->display->x, key, down, CurrentTime);
}

/* Shifters pressed, or let go with the keys that held them, for one press. */
struct flipped {
	KeyCode keys[16];
	bool were_down[16];
	int count;
	unsigned unlocked; /* masks that were locked, as by sticky keys */
};

static void flip_key(struct keyboard *keyboard, struct flipped *flipped,
	KeyCode key, bool is_down)
{
	if (flipped->count == 16)
		return;
	fake(keyboard, key, !is_down);
	flipped->keys[flipped->count] = key;
	flipped->were_down[flipped->count++] = is_down;
}

static void let_go(
	struct keyboard *keyboard, struct flipped *flipped, unsigned mask)
{
	const struct keymap *map = &keyboard->map;
	char down[32];
	int key;

	XQueryKeymap(keyboard->display->x, down);
	for (key = map->xkb->min_key_code; key <= map->xkb->max_key_code; key++)
		if ((down[key / 8] >> key % 8 & 1) != 0 &&
			(map->xkb->map->modmap[key] & mask) != 0)
			flip_key(keyboard, flipped, (KeyCode)key, true);
}

static void unlock(struct keyboard *keyboard, struct flipped *flipped,
	const XkbStateRec *state, unsigned mask)
{
	Display *x = keyboard->display->x;

	if ((state->latched_mods & mask) != 0)
		XkbLatchModifiers(x, XkbUseCoreKbd, mask, 0);
	mask &= state->locked_mods;
	if (mask != 0)
		XkbLockModifiers(x, XkbUseCoreKbd, mask, 0);
	flipped->unlocked |= mask;
}

static void flip(struct keyboard *keyboard, struct flipped *flipped,
	const XkbStateRec *state, unsigned masks)
{
	int i;

	for (i = 0; i < KEYMAP_SHIFTERS; i++) {
		const struct keymap_shifter *shifter =
			&keyboard->map.shifters[i];

		if ((shifter->mask & masks) == 0)
			continue;
		if ((shifter->mask & state->mods) == 0) {
			flip_key(keyboard, flipped, shifter->key, false);
			continue;
		}
		if ((shifter->mask & state->base_mods) != 0)
			let_go(keyboard, flipped, shifter->mask);
		unlock(keyboard, flipped, state, shifter->mask);
	}
}

static void flip_back(struct keyboard *keyboard, const struct flipped *flipped)
{
	int i;

	for (i = flipped->count - 1; i >= 0; i--)
		fake(keyboard, flipped->keys[i], flipped->were_down[i]);
	if (flipped->unlocked != 0)
		XkbLockModifiers(keyboard->display->x, XkbUseCoreKbd,
			flipped->unlocked, flipped->unlocked);
}

/* Garbage from a viewer must not end up on a key, nor what makes the X server
 * itself act: ending it, switching consoles, breaking grabs. */
static bool may_be_added(KeySym keysym)
{
	if (IsModifierKey(keysym) || (keysym >= 0xfea0 && keysym <= 0xfeff) ||
		(keysym >= 0x1008fe00 && keysym <= 0x1008feff))
		return false;
	return (keysym >= 0x20 && keysym <= 0xffff) ||
	       (keysym >= 0x01000100 && keysym <= 0x0110ffff) ||
	       (keysym >= 0x10080000 && keysym <= 0x1008ffff);
}

static bool find_way(struct keyboard *keyboard, KeySym keysym,
	XkbStateRec *state, struct keymap_way *way)
{
	Display *x = keyboard->display->x;

	if (!keymap_load(&keyboard->map, x) ||
		XkbGetState(x, XkbUseCoreKbd, state) != Success)
		return false;
	if (keymap_find(&keyboard->map, keysym, state->group, state->mods, way))
		return true;
	if (!may_be_added(keysym) ||
		spare_keys_take(&keyboard->spare, x, &keyboard->map, keysym,
			keyboard->pressed) == 0)
		return false;
	keymap_finish(&keyboard->map);
	return keymap_load(&keyboard->map, x) &&
	       keymap_find(
		       &keyboard->map, keysym, state->group, state->mods, way);
}

static void press(struct keyboard *keyboard, KeySym keysym)
{
	struct flipped flipped = { .count = 0 };
	struct keymap_way way = { 0, 0 };
	XkbStateRec state = { .mods = 0 };

	if (keyboard->event_base < 0)
		way.key = XKeysymToKeycode(keyboard->display->x, keysym);
	else if (!find_way(keyboard, keysym, &state, &way))
		way.key = 0;
	if (way.key == 0) {
		log_debug("no key for keysym 0x%lx", keysym);
		return;
	}
	flip(keyboard, &flipped, &state, way.flip);
	fake(keyboard, way.key, true);
	flip_back(keyboard, &flipped);
	keyboard->pressed[way.key] = keysym;
	spare_keys_touch(&keyboard->spare, way.key);
}

/* By what it was pressed for, else by what is on it: after Shift was let go a
 * viewer may release 'a' where it pressed 'A'. */
static int find_pressed(const struct keyboard *keyboard, KeySym keysym)
{
	int key;

	for (key = 0; key < KEYMAP_KEYS; key++)
		if (keyboard->pressed[key] == keysym)
			return key;
	if (keyboard->map.xkb == NULL)
		return 0;
	for (key = 0; key < KEYMAP_KEYS; key++)
		if (keyboard->pressed[key] != NoSymbol &&
			keymap_has(&keyboard->map, (KeyCode)key, keysym))
			return key;
	return 0;
}

/* Latin-1 has its own keysyms; Unicode's for it are on no key. */
static KeySym normalise(uint32_t keysym)
{
	if (keysym >= 0x01000020 && keysym <= 0x010000ff)
		return keysym & 0xff;
	return keysym;
}

void keyboard_key(struct keyboard *keyboard, uint32_t keysym, bool down)
{
	KeySym wanted = normalise(keysym);
	int key;

	if (wanted == NoSymbol || wanted == XK_VoidSymbol)
		return;
	if (down) {
		press(keyboard, wanted);
	} else {
		key = find_pressed(keyboard, wanted);
		if (key == 0)
			return;
		fake(keyboard, (KeyCode)key, false);
		keyboard->pressed[key] = NoSymbol;
	}
	XFlush(keyboard->display->x);
}
