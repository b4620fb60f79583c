/* What takes more than a symbol on a key: places, groups, twins, two viewers,
 * the options. */
#include "test/unit/x11_typing.h"

#include <X11/extensions/XTest.h>
#include <string.h>
#include <unistd.h>

#include "x11/button_map.h"
#include "x11/key_queue.h"
#include "x11/key_remap.h"
#include "x11/keysym_twin.h"

/* Types it by place, and gives what another client reads. */
static KeySym type_place(struct typing *place, KeySym keysym, unsigned scancode)
{
	XEvent event;
	KeySym got;

	typing_tell(place, 1, keysym, scancode, true);
	typing_wait_due(place);
	got = typing_symbol(place, &event);
	typing_tell(place, 1, keysym, scancode, false);
	desktop_dispatch(place->desktop);
	return got;
}

static void test_places(void **state)
{
	struct typing *place = typing_open("setxkbmap de", NULL);

	(void)state;
	/* Without a symbol the layout here decides. */
	assert_int_equal(type_place(place, NoSymbol, 0x2c), 'y');
	assert_int_equal(type_place(place, NoSymbol, 0x0d), XK_dead_acute);
	assert_int_equal(type_place(place, NoSymbol, 0xc8), XK_Up);
	/* Where the layouts differ, the viewer's. */
	assert_int_equal(type_place(place, 'z', 0x2c), 'z');
	assert_int_equal(
		type_place(place, XK_Cyrillic_ef, 0x1e), XK_Cyrillic_ef);
	assert_int_equal(type_place(place, XK_adiaeresis, 0x28), XK_adiaeresis);
	/* A capital without Shift: the viewer's Caps Lock is on. */
	assert_int_equal(type_place(place, 'A', 0x1e), 'A');
	/* A place no keyboard has, and none at all. */
	typing_tell(place, 1, NoSymbol, 0x7f, true);
	typing_tell(place, 1, NoSymbol, 0xde, true);
	assert_int_equal(type_place(place, 'b', 0xff), 'b');
	assert_int_equal(typing_modifiers(place), 0);
	typing_close(place);
}

static void test_places_with_modifiers(void **state)
{
	struct typing *place = typing_open("setxkbmap de", NULL);

	(void)state;
	typing_tell(place, 1, XK_ISO_Level3_Shift, 0xb8, true);
	assert_int_equal(type_place(place, '@', 0x10), '@');
	assert_int_equal(type_place(place, XK_EuroSign, 0x12), XK_EuroSign);
	typing_tell(place, 1, XK_ISO_Level3_Shift, 0xb8, false);
	typing_tell(place, 1, XK_Shift_R, 0x36, true);
	assert_int_equal(type_place(place, '"', 0x03), '"');
	typing_tell(place, 1, XK_Shift_R, 0x36, false);
	/* What this layout calls AltGr. */
	typing_tell(place, 1, XK_Alt_R, 0xb8, true);
	assert_true(typing_modifiers(place) != 0);
	typing_tell(place, 1, XK_Alt_R, 0xb8, false);
	assert_int_equal(typing_modifiers(place), 0);
	typing_close(place);
}

static void test_by_place_only(void **state)
{
	struct desktop_options options = { .input = { .by_place = true } };
	struct typing *place = typing_start("setxkbmap de");

	(void)state;
	typing_open_desktop(place, &options);
	assert_int_equal(type_place(place, 'z', 0x2c), 'y');
	typing_assert(place, 'z');
	typing_close(place);
}

/* Somebody switched the group: the keys of that group are meant. */
static void test_places_in_another_group(void **state)
{
	struct typing *place = typing_open("setxkbmap us,ru", NULL);

	(void)state;
	assert_int_equal(
		type_place(place, XK_Cyrillic_ef, 0x1e), XK_Cyrillic_ef);
	XkbLockGroup(place->x, XkbUseCoreKbd, 1);
	XSync(place->x, False);
	assert_int_equal(type_place(place, 'a', 0x1e), XK_Cyrillic_ef);
	typing_close(place);
}

static int group(struct typing *place)
{
	XkbStateRec state;

	typing_modifiers(place);
	XkbGetState(place->x, XkbUseCoreKbd, &state);
	return state.group;
}

static void test_other_groups(void **state)
{
	static const KeySym keysyms[] = { XK_Cyrillic_zhe, XK_Cyrillic_ZHE, 'q',
		'Q', XK_Return, NoSymbol };
	struct typing *place = typing_open("setxkbmap us,ru", NULL);
	int unused = typing_unused_keys(place->x);

	(void)state;
	typing_assert_all(place, keysyms);
	assert_int_equal(group(place), 0);
	XkbLockGroup(place->x, XkbUseCoreKbd, 1);
	XSync(place->x, False);
	typing_assert_all(place, keysyms);
	assert_int_equal(group(place), 1);
	assert_int_equal(typing_unused_keys(place->x), unused);
	typing_close(place);
}

static void test_twins(void **state)
{
	struct typing *place = typing_open("setxkbmap ru", NULL);
	int unused = typing_unused_keys(place->x);

	(void)state;
	assert_int_equal(keysym_twin(XK_Cyrillic_a), 0x01000430);
	assert_int_equal(keysym_twin(0x01000430), XK_Cyrillic_a);
	assert_int_equal(keysym_twin(XK_EuroSign), 0x010020ac);
	assert_int_equal(keysym_twin(0x01000104), XK_Aogonek);
	assert_int_equal(keysym_twin('a'), NoSymbol);
	assert_int_equal(keysym_twin(0x0101f600), NoSymbol);
	typing_tell(place, 1, 0x01000430, 0, true);
	typing_tell(place, 1, 0x01000430, 0, false);
	assert_int_equal(typing_symbol(place, &(XEvent){ 0 }), XK_Cyrillic_a);
	assert_int_equal(typing_unused_keys(place->x), unused);
	typing_close(place);
}

static void test_two_viewers_hold_a_key(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);
	XEvent event;

	(void)state;
	typing_tell(place, 1, 'a', 0, true);
	assert_int_equal(typing_symbol(place, &event), 'a');
	/* It is down already, and yet pressed anew. */
	typing_tell(place, 2, 'a', 0x1e, true);
	assert_int_equal(typing_symbol(place, &event), 'a');
	assert_int_equal(typing_keys_down(place), 1);
	typing_tell(place, 1, 'a', 0, false);
	assert_int_equal(typing_keys_down(place), 1);
	/* Not this viewer's to let go. */
	typing_tell(place, 1, 'a', 0, false);
	typing_tell(place, 3, 'a', 0x1e, false);
	assert_int_equal(typing_keys_down(place), 1);
	typing_tell(place, 2, 'a', 0x1e, false);
	assert_int_equal(typing_keys_down(place), 0);
	typing_tell(place, 1, XK_Shift_L, 0, true);
	typing_tell(place, 2, XK_Shift_L, 0, true);
	typing_tell(place, 1, XK_Shift_L, 0, false);
	assert_int_equal(typing_modifiers(place), ShiftMask);
	typing_tell(place, 2, XK_Shift_L, 0, false);
	assert_int_equal(typing_modifiers(place), 0);
	typing_close(place);
}

/* down, down, down, up: as many presses as the viewer makes, however long it
 * holds; and modifiers are not tapped. */
static void test_repeat(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);
	XEvent event;
	int i, presses = 0;

	(void)state;
	typing_key(place, XK_Shift_L, true);
	typing_key(place, XK_Shift_L, true);
	for (i = 0; i < 3; i++)
		typing_key(place, 'A', true);
	usleep(1200000); /* the X server repeats after 660 ms */
	typing_key(place, 'A', false);
	typing_key(place, XK_Shift_L, false);
	typing_modifiers(place);
	XSync(place->x, False);
	while (XPending(place->x) > 0) {
		XNextEvent(place->x, &event);
		presses += event.type == KeyPress;
	}
	assert_int_equal(presses, 4);
	assert_int_equal(typing_keys_down(place), 0);
	typing_close(place);
}

static void test_repeat_setting_is_restored(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);
	XKeyboardState control;

	(void)state;
	typing_assert(place, 'a');
	desktop_close(place->desktop);
	XGetKeyboardControl(place->x, &control);
	assert_int_equal(control.global_auto_repeat, AutoRepeatModeOn);
	typing_finish(place);
}

/* ---- options ---- */

static void test_options(void **state)
{
	struct desktop_options options = { .input = { .remap = "a-b,0x63->0x64,"
							       "e-Button3",
						   .button_map = "12-2:Up:",
						   .skip_lock_keys = true,
						   .no_spare_keys = true } };
	struct typing *place = typing_start("setxkbmap us");
	XEvent event;

	(void)state;
	typing_open_desktop(place, &options);
	typing_tap(place, XK_Caps_Lock);
	typing_tell(place, 1, NoSymbol, 0x3a, true);
	assert_int_equal(typing_modifiers(place), 0);
	typing_tap(place, 0x01004e2d);
	typing_tap(place, 'a');
	assert_int_equal(typing_symbol(place, &event), 'b');
	typing_tap(place, 'c');
	assert_int_equal(typing_symbol(place, &event), 'd');
	desktop_point(place->desktop, 5, 5, 0);
	typing_tap(place, KEY_REMAP_BUTTON + 1); /* a viewer's own idea */
	typing_tap(place, 'e');
	typing_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 3);
	desktop_point(place->desktop, 5, 5, 1);
	typing_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 2);
	desktop_point(place->desktop, 5, 5, 2);
	assert_int_equal(typing_symbol(place, &event), XK_Up);
	typing_close(place);
}

static void test_clear(void **state)
{
	struct desktop_options options = { .input = { .clear_all = true } };
	struct typing *place = typing_open("setxkbmap us", NULL);

	(void)state;
	typing_key(place, XK_Shift_L, true);
	typing_key(place, 'x', true);
	typing_tap(place, XK_Caps_Lock);
	assert_true(typing_keys_down(place) > 0);
	desktop_close(place->desktop);
	typing_open_desktop(place, &options);
	assert_int_equal(typing_keys_down(place), 0);
	assert_int_equal(typing_modifiers(place), 0);
	typing_close(place);
}

static void test_lights(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);

	(void)state;
	assert_int_equal(desktop_lights(place->desktop), 0);
	typing_tap(place, XK_Caps_Lock);
	typing_modifiers(place);
	desktop_dispatch(place->desktop);
	assert_int_equal(desktop_lights(place->desktop), 4);
	assert_int_equal(place->told.lights, 1);
	typing_tap(place, XK_Num_Lock);
	typing_modifiers(place);
	desktop_dispatch(place->desktop);
	assert_int_equal(desktop_lights(place->desktop), 6);
	typing_close(place);
}

static void test_motion_is_told(void **state)
{
	struct typing *place = typing_open(NULL, NULL);
	int x, y;

	(void)state;
	assert_true(desktop_watch_pointer(place->desktop, true));
	XTestFakeMotionEvent(place->x, -1, 33, 44, CurrentTime);
	XFlush(place->x);
	typing_wait_told(place, &place->told.moved);
	assert_true(desktop_pointer(place->desktop, &x, &y));
	assert_int_equal(x, 33);
	desktop_nudge(place->desktop, 5, -4, 0);
	assert_true(desktop_pointer(place->desktop, &x, &y));
	assert_int_equal(x, 38);
	assert_int_equal(y, 40);
	desktop_watch_pointer(place->desktop, false);
	desktop_dispatch(place->desktop);
	place->told.moved = 0;
	desktop_point(place->desktop, 3, 3, 0);
	desktop_pointer(place->desktop, &x, &y);
	desktop_dispatch(place->desktop);
	assert_int_equal(place->told.moved, 0);
	typing_close(place);
}

/* ---- what needs no X server ---- */

static void test_remap_forms(void **state)
{
	static const char *const bad[] = { "a", "a-", "-", "a-nosuchkey",
		"nosuchkey-a", "a<>", "0xfffffffff-a", "/dev/zero", "/" };
	struct key_remap remap = { 0 };
	char *error;
	size_t i;

	(void)state;
	assert_true(key_remap_parse(&remap,
		"Super_R-Button2,0x61<>0x62,x->y,minus-plus,DEAD", &error));
	assert_int_equal(key_remap_apply(&remap, 'a'), 'b');
	assert_int_equal(key_remap_apply(&remap, 'b'), 'a');
	assert_int_equal(key_remap_apply(&remap, 'x'), 'y');
	assert_int_equal(key_remap_apply(&remap, '-'), '+');
	assert_int_equal(key_remap_apply(&remap, 'q'), 'q');
	assert_int_equal(
		key_remap_apply(&remap, XK_dead_circumflex), XK_asciicircum);
	assert_true(key_remap_is_button(key_remap_apply(&remap, XK_Super_R)));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error = NULL;
		assert_false(key_remap_parse(&remap, bad[i], &error));
		assert_non_null(strstr(error, "-remap"));
		free(error);
	}
}

static void test_button_map_forms(void **state)
{
	static const char *const bad[] = { "", "-", "1", "1-", "12-1", "1-12",
		"a-1", "1-:Up", "1-::", "1-:nosuchkey:", "0-1" };
	struct button_map map = { { { 0 } } };
	char *error;
	size_t i;

	(void)state;
	assert_true(button_map_parse(&map, "1234-320:Up+Down:", &error));
	assert_int_equal(map.actions[0].button, 3);
	assert_true(map.actions[2].mapped);
	assert_int_equal(map.actions[2].button, 0);
	assert_int_equal(map.actions[3].key_count, 2);
	assert_false(map.actions[4].mapped);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error = NULL;
		assert_false(button_map_parse(&map, bad[i], &error));
		assert_non_null(strstr(error, "-buttonmap"));
		free(error);
	}
}

struct taking {
	unsigned long refused;
	int taken;
};

static bool take(void *context, const struct key_told *told, bool down)
{
	struct taking *taking = context;

	(void)down;
	if (told->who == taking->refused)
		return false;
	taking->taken++;
	return true;
}

static void test_queue(void **state)
{
	struct key_queue queue = { 0 };
	struct taking taking = { 1, 0 };
	struct key_told told = { 1, 'a', 0 };
	int i;

	(void)state;
	for (i = 0; i < KEY_QUEUE_MOST_OF_ONE; i++)
		assert_true(key_queue_add(&queue, &told, true));
	assert_false(key_queue_add(&queue, &told, true));
	assert_true(key_queue_add(&queue, &told, false));
	told.who = 2;
	assert_false(key_queue_has(&queue, 2));
	assert_true(key_queue_add(&queue, &told, true));
	key_queue_run(&queue, take, &taking);
	assert_int_equal(taking.taken, 1);
	assert_false(key_queue_has(&queue, 2));
	assert_true(key_queue_has(&queue, 1));
	key_queue_drop(&queue, 1);
	assert_false(key_queue_has(&queue, 1));
	key_queue_finish(&queue);
}

enum { CROWD = 200, KEYS = 10 };

/* The n-th key of each viewer has the keysym n + 1. */
struct crowd {
	KeySym next[CROWD + 1]; /* what each must be asked for */
	int most[CROWD + 1];    /* how many more of its keys are taken */
	int refused[CROWD + 1]; /* in this run */
	int taken;
};

static bool take_of_crowd(void *context, const struct key_told *told, bool down)
{
	struct crowd *crowd = context;

	(void)down;
	assert_int_equal(told->keysym, crowd->next[told->who]);
	if (crowd->most[told->who] == 0) {
		assert_int_equal(crowd->refused[told->who]++, 0);
		return false;
	}
	crowd->most[told->who]--;
	crowd->next[told->who]++;
	crowd->taken++;
	return true;
}

static void let_crowd(struct crowd *crowd, int most)
{
	int who;

	for (who = 0; who <= CROWD; who++) {
		crowd->refused[who] = 0;
		crowd->most[who] = most < 0 ? who % KEYS : most;
	}
}

/* Each viewer's keys come in their order, whoever else waits. */
static void test_queue_of_a_crowd(void **state)
{
	struct key_queue queue = { 0 };
	struct crowd crowd = { .taken = 0 };
	struct key_told told = { 0, 'a', 0 };
	int left;

	(void)state;
	for (told.keysym = 1; told.keysym <= KEYS; told.keysym++)
		for (told.who = 1; told.who <= CROWD; told.who++)
			assert_true(key_queue_add(&queue, &told, true));
	for (told.who = 0; told.who <= CROWD; told.who++)
		crowd.next[told.who] = 1;
	let_crowd(&crowd, -1); /* some of them nothing, some nearly all */
	key_queue_run(&queue, take_of_crowd, &crowd);
	left = CROWD * KEYS - crowd.taken;
	assert_int_equal(queue.count, left);
	key_queue_drop(&queue, CROWD / 2);
	assert_false(key_queue_has(&queue, CROWD / 2));
	/* Who comes anew is behind nobody. */
	told = (struct key_told){ CROWD / 2, crowd.next[CROWD / 2], 0 };
	assert_true(key_queue_add(&queue, &told, true));
	let_crowd(&crowd, 1);
	crowd.taken = 0;
	key_queue_run(&queue, take_of_crowd, &crowd);
	assert_int_equal(crowd.taken, CROWD);
	assert_false(key_queue_has(&queue, CROWD / 2));
	let_crowd(&crowd, KEYS);
	key_queue_run(&queue, take_of_crowd, &crowd);
	assert_int_equal(queue.count, 0);
	assert_false(key_queue_has(&queue, 1));
	key_queue_finish(&queue);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_places_with_modifiers),
		cmocka_unit_test(test_by_place_only),
		cmocka_unit_test(test_places_in_another_group),
		cmocka_unit_test(test_other_groups),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_two_viewers_hold_a_key),
		cmocka_unit_test(test_repeat),
		cmocka_unit_test(test_repeat_setting_is_restored),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_lights),
		cmocka_unit_test(test_motion_is_told),
		cmocka_unit_test(test_remap_forms),
		cmocka_unit_test(test_button_map_forms),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_queue_of_a_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
