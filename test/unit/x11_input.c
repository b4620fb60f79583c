/* Keys, pointer and cursor, seen by another client of the X server. */
#include "test/unit/x11_typing.h"

#include <X11/cursorfont.h>
#include <string.h>

#include "base/xmalloc.h"

static void test_plain_and_shifted(void **state)
{
	static const KeySym keysyms[] = { 'a', 'A', 'z', 'Z', '1', '!', '@',
		'~', ' ', '/', '?', XK_Return, XK_BackSpace, XK_F5, XK_Left,
		XK_KP_7, XK_KP_Home, XK_Delete, NoSymbol };
	struct typing *place = typing_open("setxkbmap us", NULL);

	(void)state;
	typing_assert_all(place, keysyms);
	typing_close(place);
}

static void test_alt_gr(void **state)
{
	static const KeySym keysyms[] = { '@', '{', '}', '\\', '~', '|',
		XK_EuroSign, XK_adiaeresis, XK_Adiaeresis, XK_ssharp, 'y', 'Z',
		XK_dead_circumflex, XK_degree, NoSymbol };
	struct typing *place = typing_open("setxkbmap de", NULL);

	(void)state;
	typing_assert_all(place, keysyms);
	typing_close(place);
}

static void test_shift_is_let_go_and_restored(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);

	(void)state;
	typing_key(place, XK_Shift_L, true);
	typing_assert(place, 'A');
	typing_assert(place, 'a');
	typing_assert(place, '1');
	typing_assert(place, '!');
	assert_int_equal(typing_modifiers(place) & ShiftMask, ShiftMask);
	typing_key(place, XK_Shift_L, false);
	desktop_dispatch(place->desktop);
	assert_int_equal(typing_modifiers(place), 0);
	typing_close(place);
}

static void test_caps_lock(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);

	(void)state;
	typing_tap(place, XK_Caps_Lock);
	assert_int_equal(typing_modifiers(place), LockMask);
	typing_assert(place, 'a');
	typing_assert(place, 'A');
	typing_assert(place, '5');
	typing_assert(place, '%');
	typing_tap(place, XK_Caps_Lock);
	assert_int_equal(typing_modifiers(place), 0);
	typing_assert(place, 'a');
	typing_close(place);
}

/* Sticky keys lock Shift without any key being down. */
static void test_locked_shift(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);

	(void)state;
	XkbLockModifiers(place->x, XkbUseCoreKbd, ShiftMask, ShiftMask);
	XSync(place->x, False);
	typing_assert(place, 'a');
	typing_assert(place, 'A');
	typing_assert(place, '1');
	assert_int_equal(typing_modifiers(place), ShiftMask);
	typing_close(place);
}

/* Shortcuts keep their modifiers: the symbol found must not cost them. */
static void test_shortcuts(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);
	XEvent event;

	(void)state;
	typing_key(place, XK_Control_L, true);
	typing_key(place, XK_Alt_L, true);
	typing_assert(place, 't');
	typing_key(place, XK_Delete, true);
	do
		typing_event(place->x, KeyPress, &event);
	while (event.xkey.keycode != XKeysymToKeycode(place->x, XK_Delete));
	assert_int_equal(
		event.xkey.state & (ControlMask | Mod1Mask | ShiftMask),
		ControlMask | Mod1Mask);
	typing_key(place, XK_Delete, false);
	typing_key(place, XK_Alt_L, false);
	typing_key(place, XK_Control_L, false);
	typing_key(place, XK_Shift_L, true);
	typing_key(place, XK_Tab, true);
	do
		typing_event(place->x, KeyPress, &event);
	while (event.xkey.keycode != XKeysymToKeycode(place->x, XK_Tab));
	assert_int_equal(event.xkey.state, ShiftMask);
	typing_key(place, XK_Tab, false);
	typing_key(place, XK_Shift_L, false);
	desktop_dispatch(place->desktop);
	assert_int_equal(typing_modifiers(place), 0);
	typing_close(place);
}

static void test_symbols_no_key_has(void **state)
{
	static const KeySym keysyms[] = { XK_EuroSign, XK_Cyrillic_zhe,
		XK_Cyrillic_ZHE, XK_adiaeresis, XK_Adiaeresis, 0x01001234,
		0x0101f600, XK_Greek_alpha, XK_hebrew_aleph, NoSymbol };
	struct typing *place = typing_open("setxkbmap us", NULL);
	int unused = typing_unused_keys(place->x), i;

	(void)state;
	typing_assert_all(place, keysyms);
	typing_assert_all(place, keysyms);
	/* More than there are spare keys. */
	for (i = 0; i < 60; i++)
		typing_assert(place, (KeySym)(0x01003041 + i));
	typing_assert_all(place, keysyms);
	/* A map loaded by somebody else wipes ours out. */
	assert_int_equal(x11_server_run(place->server, "setxkbmap fr"), 0);
	desktop_dispatch(place->desktop);
	typing_assert(place, XK_Cyrillic_zhe);
	typing_assert(place, 'q');
	assert_int_equal(x11_server_run(place->server, "setxkbmap us"), 0);
	desktop_dispatch(place->desktop);
	typing_assert_all(place, keysyms);
	desktop_close(place->desktop);
	assert_int_equal(typing_unused_keys(place->x), unused);
	x11_server_stop(place->server);
	free(place);
}

static void test_junk_keysyms(void **state)
{
	static const uint32_t junk[] = { 0, 1, 0xffffff, 0x1fffffff, 0xffffffff,
		0x80000000, 0xfed5, 0x1008fe01, 0x20000041, 0x01200000 };
	struct typing *place = typing_open("setxkbmap us", NULL);
	int unused = typing_unused_keys(place->x);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(junk) / sizeof(junk[0]); i++)
		typing_tap(place, junk[i]);
	assert_int_equal(typing_unused_keys(place->x), unused);
	typing_assert(place, 'x');
	typing_close(place);
}

/* Press 'A', let go of Shift, and the release comes as 'a'. */
static void test_release_by_another_name(void **state)
{
	struct typing *place = typing_open("setxkbmap us", NULL);
	char down[32];
	XEvent event;
	int i;

	(void)state;
	typing_key(place, XK_Shift_L, true);
	typing_key(place, 'A', true);
	assert_int_equal(typing_symbol(place, &event), 'A');
	typing_key(place, XK_Shift_L, false);
	typing_key(place, 'a', false);
	desktop_dispatch(place->desktop);
	typing_event(place->x, KeyRelease, &event);
	typing_event(place->x, KeyRelease, &event);
	XQueryKeymap(place->x, down);
	for (i = 0; i < 32; i++)
		assert_int_equal(down[i], 0);
	typing_close(place);
}

static void test_second_group(void **state)
{
	struct typing *place = typing_open("setxkbmap us,ru", NULL);

	(void)state;
	XkbLockGroup(place->x, XkbUseCoreKbd, 1);
	XSync(place->x, False);
	typing_assert(place, XK_Cyrillic_zhe);
	typing_assert(place, XK_Cyrillic_ZHE);
	typing_assert(place, XK_Return);
	typing_assert(place, 'q');
	typing_close(place);
}

static void test_pointer(void **state)
{
	struct typing *place = typing_open(NULL, "200x150+20+30");
	XEvent event;
	int x, y;

	(void)state;
	desktop_point(place->desktop, 5, 6, 0);
	typing_event(place->x, MotionNotify, &event);
	while (event.xmotion.x != 25)
		typing_event(place->x, MotionNotify, &event);
	assert_int_equal(event.xmotion.y, 36);
	assert_true(desktop_pointer(place->desktop, &x, &y));
	assert_int_equal(x, 5);
	assert_int_equal(y, 6);
	desktop_point(place->desktop, 7, 8, 1);
	typing_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 1);
	assert_int_equal(event.xbutton.x, 27);
	desktop_point(place->desktop, 7, 8, 1 | 4);
	typing_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 3);
	desktop_point(place->desktop, 7, 8, 4);
	typing_event(place->x, ButtonRelease, &event);
	assert_int_equal(event.xbutton.button, 1);
	desktop_point(place->desktop, 7, 8, 0x100);
	typing_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 9);
	desktop_point(place->desktop, 100000, -5, 0xfffffe00);
	assert_true(desktop_pointer(place->desktop, &x, &y));
	assert_int_equal(x, 199);
	assert_int_equal(y, 0);
	XWarpPointer(
		place->x, None, DefaultRootWindow(place->x), 0, 0, 0, 0, 3, 3);
	XSync(place->x, False);
	assert_false(desktop_pointer(place->desktop, &x, &y));
	typing_close(place);
}

static size_t count_opaque(const struct cursor_image *image)
{
	size_t count = (size_t)image->width * (size_t)image->height;
	size_t opaque = 0, i;

	for (i = 0; i < count; i++)
		opaque += image->pixels[i] >> 24 == 0xff;
	return opaque;
}

static void test_cursor(void **state)
{
	struct typing *place = typing_open(NULL, NULL);
	const struct cursor_image *image;
	uint32_t *first;
	size_t bytes;
	int cursor_width;

	(void)state;
	desktop_point(place->desktop, 10, 10, 0);
	desktop_set_viewers(place->desktop, 1);
	XDefineCursor(
		place->x, place->window, XCreateFontCursor(place->x, XC_watch));
	XFlush(place->x);
	/* An empty one may come first. */
	do {
		typing_wait_told(place, &place->told.cursor_changed);
		image = desktop_cursor(place->desktop);
		assert_non_null(image);
	} while (count_opaque(image) < 20);
	cursor_width = image->width;
	bytes = (size_t)image->width * (size_t)image->height * 4;
	first = xmalloc(bytes);
	memcpy(first, image->pixels, bytes);
	assert_in_range(image->hot_x, 0, image->width - 1);
	XDefineCursor(
		place->x, place->window, XCreateFontCursor(place->x, XC_xterm));
	XFlush(place->x);
	typing_wait_told(place, &place->told.cursor_changed);
	image = desktop_cursor(place->desktop);
	assert_true(image->width != cursor_width ||
		    memcmp(first, image->pixels, bytes) != 0);
	free(first);
	typing_close(place);
}

static Pixmap bitmap(Display *x, Window window, unsigned side)
{
	Pixmap pixmap = XCreatePixmap(x, window, side, side, 1);
	GC gc = XCreateGC(x, pixmap, 0, NULL);

	XSetForeground(x, gc, 1);
	XFillRectangle(x, pixmap, gc, 0, 0, side, side);
	XFreeGC(x, gc);
	return pixmap;
}

static void test_huge_cursor(void **state)
{
	struct typing *place = typing_open(NULL, NULL);
	const struct cursor_image *image;
	Pixmap pixmap = bitmap(place->x, place->window, 1500);
	XColor white = { .red = 65535, .green = 65535, .blue = 65535 };

	(void)state;
	desktop_point(place->desktop, 10, 10, 0);
	desktop_set_viewers(place->desktop, 1);
	XDefineCursor(place->x, place->window,
		XCreatePixmapCursor(
			place->x, pixmap, pixmap, &white, &white, 1400, 3));
	XFlush(place->x);
	typing_wait_told(place, &place->told.cursor_changed);
	image = desktop_cursor(place->desktop);
	assert_int_equal(image->width, CURSOR_IMAGE_MOST_SIDE);
	assert_int_equal(image->height, CURSOR_IMAGE_MOST_SIDE);
	assert_in_range(image->hot_x, 0, image->width - 1);
	assert_int_equal(image->pixels[0], 0xffffffff);
	typing_close(place);
}

static void test_bell(void **state)
{
	struct typing *place = typing_open(NULL, NULL);

	(void)state;
	XBell(place->x, 0);
	XFlush(place->x);
	typing_wait_told(place, &place->told.bell);
	assert_int_equal(place->told.bell, 1);
	typing_close(place);
}

static void test_monitors_and_name(void **state)
{
	struct typing *place = typing_open(NULL, "200x150+20+30");
	struct desktop_monitor monitors[DESKTOP_MOST_MONITORS];

	(void)state;
	assert_int_equal(desktop_monitors(place->desktop, monitors), 1);
	assert_true(
		rect_equal(monitors[0].rect, (struct rect){ 0, 0, 200, 150 }));
	assert_non_null(
		strstr(desktop_name(place->desktop), place->server->display));
	assert_true(desktop_name(place->desktop)[0] != ':');
	assert_int_equal(x11_server_run(place->server,
				 "xrandr --setmonitor A 150/40x480/127+0+0 "
				 "screen"),
		0);
	assert_int_equal(x11_server_run(place->server,
				 "xrandr --setmonitor B 490/130x480/127+150+0 "
				 "none"),
		0);
	desktop_dispatch(place->desktop);
	assert_int_equal(desktop_monitors(place->desktop, monitors), 2);
	assert_true(monitors[0].id != monitors[1].id);
	assert_int_equal(monitors[0].rect.width + monitors[1].rect.width, 200);
	typing_close(place);
}

/* Errors that nobody expects are survived, here and at the desktop. */
static void test_x_errors(void **state)
{
	struct typing *place = typing_open(NULL, NULL);
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	for (i = 0; i < 100; i++)
		XDestroyWindow(place->x, 0x1fffffff);
	XSync(place->x, False);
	typing_assert(place, 'a');
	frame_unref(desktop_capture(
		place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
	region_finish(&changed);
	typing_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_and_shifted),
		cmocka_unit_test(test_alt_gr),
		cmocka_unit_test(test_shift_is_let_go_and_restored),
		cmocka_unit_test(test_caps_lock),
		cmocka_unit_test(test_locked_shift),
		cmocka_unit_test(test_shortcuts),
		cmocka_unit_test(test_symbols_no_key_has),
		cmocka_unit_test(test_junk_keysyms),
		cmocka_unit_test(test_release_by_another_name),
		cmocka_unit_test(test_second_group),
		cmocka_unit_test(test_pointer),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_huge_cursor),
		cmocka_unit_test(test_bell),
		cmocka_unit_test(test_monitors_and_name),
		cmocka_unit_test(test_x_errors),
	};

	return cmocka_run_group_tests_name("x11_input", tests, NULL, NULL);
}
