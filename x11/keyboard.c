#include "x11/keyboard.h"

#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "x11/key_flip.h"

/* ---- from start to end ---- */

static void select_events(struct keyboard *keyboard)
{
	static const unsigned events =
		XkbMapNotifyMask | XkbNewKeyboardNotifyMask |
		XkbBellNotifyMask | XkbIndicatorStateNotifyMask;

	XkbSelectEvents(keyboard->display->x, XkbUseCoreKbd, events, events);
	key_lights_update(&keyboard->lights, keyboard->display->x);
	keyboard->lights.changed = false;
}

static void fake(struct keyboard *keyboard, KeyCode key, bool down)
{
	XTestFakeKeyEvent(keyboard->display->x, key, down, CurrentTime);
}

/* Keys left down by somebody who is gone. */
static void let_all_go(struct keyboard *keyboard, bool modifiers_only)
{
	char down[32];
	int key;

	XQueryKeymap(keyboard->display->x, down);
	for (key = keyboard->map.xkb->min_key_code;
		key <= keyboard->map.xkb->max_key_code; key++)
		if ((down[key / 8] >> key % 8 & 1) != 0 &&
			(!modifiers_only || keymap_is_modifier(&keyboard->map,
						    (KeyCode)key)))
			fake(keyboard, (KeyCode)key, false);
}

static void clear(struct keyboard *keyboard)
{
	enum keyboard_clear what = keyboard->options.clear;
	Display *x = keyboard->display->x;

	if (what == KEYBOARD_CLEAR_NOTHING || !keymap_load(&keyboard->map, x))
		return;
	let_all_go(keyboard, what == KEYBOARD_CLEAR_MODIFIERS);
	if (what == KEYBOARD_CLEAR_LOCKS)
		XkbLockModifiers(x, XkbUseCoreKbd, 0xff, 0);
}

void keyboard_init(struct keyboard *keyboard, struct display *display,
	const struct keyboard_options *options, bool pressing)
{
	int opcode, error_base, major = XkbMajorVersion;
	int minor = XkbMinorVersion;
	bool repeat_was_off;

	memset(keyboard, 0, sizeof(*keyboard));
	keyboard->display = display;
	keyboard->options = *options;
	keyboard->map.skipped = options->skipped;
	keyboard->lights.on = -1;
	keyboard->pressing = pressing;
	if (!XkbQueryExtension(display->x, &opcode, &keyboard->event_base,
		    &error_base, &major, &minor)) {
		keyboard->event_base = -1;
		log_warning(
			"the X server lacks XKB: keys are pressed without "
			"regard to their level");
		return;
	}
	select_events(keyboard);
	if (!pressing)
		return;
	spare_keys_init(&keyboard->spare, display, &repeat_was_off);
	key_repeat_init(&keyboard->repeat, display, repeat_was_off);
	if (keyboard->repeat.is_off)
		spare_keys_note_repeat(&keyboard->spare, true);
	clear(keyboard);
}

void keyboard_finish(struct keyboard *keyboard)
{
	Display *x = keyboard->display->x;
	bool known;

	if (keyboard->pressing && keyboard->event_base >= 0 &&
		!keyboard->display->lost) {
		clear(keyboard);
		keymap_finish(&keyboard->map);
		known = keymap_load(&keyboard->map, x);
		key_repeat_finish(&keyboard->repeat);
		spare_keys_finish(
			&keyboard->spare, known ? &keyboard->map : NULL);
	}
	keymap_finish(&keyboard->map);
	key_queue_finish(&keyboard->queue);
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
	switch (xkb->any.xkb_type) {
	case XkbBellNotify:
		keyboard->rang = true;
		break;
	case XkbIndicatorStateNotify:
		key_lights_update(&keyboard->lights, keyboard->display->x);
		break;
	default:
		keymap_finish(&keyboard->map);
	}
	return true;
}

bool keyboard_take_bell(struct keyboard *keyboard)
{
	bool rang = keyboard->rang;

	keyboard->rang = false;
	return rang;
}

/* ---- finding the key ---- */

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

static struct keymap_state held_now(const XkbStateRec *state)
{
	return (struct keymap_state){ state->group, state->mods };
}

/* The key in the place that the viewer told, if that is the one to press. Where
 * the layouts here and there differ the symbol is what its user sees on his
 * keys. But where somebody has switched to another group here, it is the keys
 * of that group that he wants. */
static bool find_place(struct keyboard *keyboard, const struct key_told *told,
	const XkbStateRec *state, struct keymap_way *way)
{
	const struct keymap *map = &keyboard->map;
	KeyCode key = keymap_at(map, told->scancode);

	if (key == 0)
		return false;
	if (!keyboard->options.by_place && told->keysym != NoSymbol) {
		if (keymap_find_on(
			    map, key, told->keysym, held_now(state), way))
			return true;
		if (state->group == 0 || !keymap_has(map, key, told->keysym))
			return false;
	}
	*way = (struct keymap_way){ .key = key, .group = state->group };
	return true;
}

enum finding {
	FOUND,
	FOUND_NOTHING,
	FOUND_LATER,
};

static uint64_t quiet_from(const struct keyboard *keyboard)
{
	return keyboard->pressed_us + SPARE_KEYS_QUIET_MS * UINT64_C(1000);
}

static void wait_until(struct keyboard *keyboard, uint64_t due_us)
{
	if (keyboard->due_us == 0 || due_us < keyboard->due_us)
		keyboard->due_us = due_us;
}

static enum finding find_spare(struct keyboard *keyboard, KeySym keysym,
	const XkbStateRec *state, struct keymap_way *way)
{
	uint64_t quiet_us = quiet_from(keyboard);
	uint64_t due_us;

	if (keyboard->options.no_spare_keys || !may_be_added(keysym))
		return FOUND_NOTHING;
	if (clock_us() < quiet_us) {
		wait_until(keyboard, quiet_us);
		return FOUND_LATER;
	}
	spare_keys_check(&keyboard->spare, &keyboard->map);
	switch (spare_keys_put(&keyboard->spare, &keyboard->map,
		&keyboard->holds, keysym, &due_us)) {
	case SPARE_WAIT:
		wait_until(keyboard, due_us);
		return FOUND_LATER;
	case SPARE_NONE:
		return FOUND_NOTHING;
	case SPARE_DONE:
		break;
	}
	keymap_finish(&keyboard->map);
	return keymap_load(&keyboard->map, keyboard->display->x) &&
			       keymap_find(&keyboard->map, keysym,
				       held_now(state), way)
		       ? FOUND
		       : FOUND_NOTHING;
}

static enum finding find_way(struct keyboard *keyboard,
	const struct key_told *told, XkbStateRec *state, struct keymap_way *way)
{
	Display *x = keyboard->display->x;
	enum finding spare;

	*way = (struct keymap_way){ .key = 0 };
	if (keyboard->event_base < 0) {
		way->key = XKeysymToKeycode(x, told->keysym);
		return way->key != 0 ? FOUND : FOUND_NOTHING;
	}
	if (!keymap_load(&keyboard->map, x) ||
		XkbGetState(x, XkbUseCoreKbd, state) != Success)
		return FOUND_NOTHING;
	if (told->scancode != 0 && find_place(keyboard, told, state, way))
		return FOUND;
	if (told->keysym == NoSymbol)
		return FOUND_NOTHING;
	if (keymap_find(&keyboard->map, told->keysym, held_now(state), way))
		return FOUND;
	spare = find_spare(keyboard, told->keysym, state, way);
	if (spare != FOUND_NOTHING)
		return spare;
	/* A modifier under another name: Alt_R where AltGr is. */
	*way = (struct keymap_way){ .key = keymap_at(
					    &keyboard->map, told->scancode),
		.group = state->group };
	return way->key != 0 ? FOUND : FOUND_NOTHING;
}

/* ---- pressing and letting go ---- */

static void let_go(struct keyboard *keyboard, int place)
{
	KeyCode key = keyboard->holds.list[place].key;

	key_holds_remove(&keyboard->holds, place);
	if (!key_holds_has(&keyboard->holds, key))
		fake(keyboard, key, false);
}

/* The viewer's repeat: XTEST does not press what is down. A modifier that
 * repeats would be tapped, and sticky keys hear that. */
static bool repeats(struct keyboard *keyboard, const struct key_told *told)
{
	int place = key_holds_find(&keyboard->holds, told);

	if (place < 0)
		return false;
	if (keymap_load(&keyboard->map, keyboard->display->x) &&
		keymap_is_modifier(
			&keyboard->map, keyboard->holds.list[place].key))
		return true;
	let_go(keyboard, place);
	return false;
}

/* False: it has to wait. */
static bool press(struct keyboard *keyboard, const struct key_told *told)
{
	Display *x = keyboard->display->x;
	struct key_flip flip;
	struct keymap_way way;
	XkbStateRec state = { .mods = 0 };
	bool is_down;

	if (repeats(keyboard, told))
		return true;
	switch (find_way(keyboard, told, &state, &way)) {
	case FOUND_LATER:
		return false;
	case FOUND_NOTHING:
		log_debug("no key for keysym 0x%lx, scan code 0x%x",
			told->keysym, told->scancode);
		return true;
	case FOUND:
		break;
	}
	is_down = key_holds_has(&keyboard->holds, way.key);
	if (!key_holds_add(&keyboard->holds, told, way.key))
		return true;
	key_flip(&flip, x, &keyboard->map, &state, &way);
	/* Another viewer holds it. */
	if (is_down && !keymap_is_modifier(&keyboard->map, way.key))
		fake(keyboard, way.key, false);
	fake(keyboard, way.key, true);
	keyboard->pressed_us = clock_us();
	key_flip_back(&flip, x);
	spare_keys_touch(&keyboard->spare, way.key, way.level);
	return true;
}

/* By what it was pressed for, else by what is on it: after Shift was let go a
 * viewer may release 'a' where it pressed 'A'. */
static int find_pressed(
	const struct keyboard *keyboard, const struct key_told *told)
{
	const struct key_holds *holds = &keyboard->holds;
	int i = key_holds_find(holds, told);

	if (i >= 0 || told->scancode != 0 || keyboard->map.xkb == NULL)
		return i;
	for (i = 0; i < holds->count; i++)
		if (holds->list[i].told.who == told->who &&
			keymap_has(&keyboard->map, holds->list[i].key,
				told->keysym))
			return i;
	return -1;
}

/* Says whether it is done with the key. */
static bool take(void *context, const struct key_told *told, bool down)
{
	struct keyboard *keyboard = context;
	int place;

	if (down)
		return press(keyboard, told);
	place = find_pressed(keyboard, told);
	if (place >= 0)
		let_go(keyboard, place);
	return true;
}

/* ---- what viewers say ---- */

/* Latin-1 has its own keysyms; Unicode's for it are on no key. */
static KeySym normalise(KeySym keysym)
{
	if (keysym >= 0x01000020 && keysym <= 0x010000ff)
		return keysym & 0xff;
	return keysym == XK_VoidSymbol ? NoSymbol : keysym;
}

static bool is_lock_key(const struct key_told *told)
{
	enum { NUM = 0x45, SCROLL = 0x46, CAPS = 0x3a };

	if (told->keysym == NoSymbol)
		return told->scancode == NUM || told->scancode == SCROLL ||
		       told->scancode == CAPS;
	return told->keysym == XK_Caps_Lock || told->keysym == XK_Num_Lock ||
	       told->keysym == XK_Scroll_Lock || told->keysym == XK_Shift_Lock;
}

/* More than can wait: what it holds comes up, and what waits is forgotten. */
static void give_up_on(struct keyboard *keyboard, unsigned long who)
{
	int i;

	key_queue_drop(&keyboard->queue, who);
	for (i = keyboard->holds.count - 1; i >= 0; i--)
		if (keyboard->holds.list[i].told.who == who)
			let_go(keyboard, i);
}

static void press_button(struct keyboard *keyboard, KeySym wanted, bool down)
{
	Display *x = keyboard->display->x;

	XTestFakeButtonEvent(
		x, (unsigned)(wanted - KEY_REMAP_BUTTON), down, CurrentTime);
	XFlush(x);
}

void keyboard_key(
	struct keyboard *keyboard, const struct key_told *told, bool down)
{
	struct key_told key = *told;
	KeySym wanted;

	key.keysym = normalise(key.keysym);
	wanted = key_remap_apply(&keyboard->options.remap, key.keysym);
	/* Only -remap makes buttons of keys: a viewer may be let type alone. */
	if (keyboard->pressing && wanted != key.keysym &&
		key_remap_is_button(wanted)) {
		press_button(keyboard, wanted, down);
		return;
	}
	if (wanted != key.keysym)
		key = (struct key_told){ key.who, wanted, 0 };
	if (!keyboard->pressing ||
		(key.keysym == NoSymbol && key.scancode == 0) ||
		(keyboard->options.skip_lock_keys && is_lock_key(&key)))
		return;
	if (key_queue_has(&keyboard->queue, key.who) ||
		!take(keyboard, &key, down)) {
		if (!key_queue_add(&keyboard->queue, &key, down) && !down)
			give_up_on(keyboard, key.who);
	}
	XFlush(keyboard->display->x);
}

/* Whether the key will need a spare one. */
static bool needs_spare(struct keyboard *keyboard, const struct key_told *told)
{
	static const struct keymap_state now = { 0, 0 };
	struct keymap_way way;

	return told->keysym != NoSymbol && may_be_added(told->keysym) &&
	       !keyboard->options.no_spare_keys &&
	       !keymap_find(&keyboard->map, told->keysym, now, &way);
}

/* Puts all that waits on spare keys at once, as far as there are places: the
 * changes to the map come together, and the keys after them. */
static void prepare(struct keyboard *keyboard)
{
	const struct key_queue *queue = &keyboard->queue;
	bool put = false;
	uint64_t due_us;
	size_t i;

	if (clock_us() < quiet_from(keyboard) ||
		!keymap_load(&keyboard->map, keyboard->display->x))
		return;
	spare_keys_check(&keyboard->spare, &keyboard->map);
	for (i = 0; i < queue->count; i++) {
		const struct key_told *told = &queue->entries[i].told;

		if (!queue->entries[i].down || !needs_spare(keyboard, told))
			continue;
		if (spare_keys_put(&keyboard->spare, &keyboard->map,
			    &keyboard->holds, told->keysym,
			    &due_us) != SPARE_DONE)
			break;
		put = true;
	}
	if (put)
		keymap_finish(&keyboard->map);
}

void keyboard_work(struct keyboard *keyboard)
{
	if (keyboard->due_us == 0 || clock_us() < keyboard->due_us)
		return;
	keyboard->due_us = 0;
	prepare(keyboard);
	key_queue_run(&keyboard->queue, take, keyboard);
	XFlush(keyboard->display->x);
}

void keyboard_tap(struct keyboard *keyboard, KeySym keysym)
{
	const struct key_told told = { 0, keysym, 0 };

	keyboard_key(keyboard, &told, true);
	keyboard_key(keyboard, &told, false);
}
