/* Keys, pointer and cursor, seen by another client of the X server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/XKBlib.h>
#include <X11/Xutil.h>
#include <X11/cursorfont.h>
#include <X11/keysym.h>
#include <poll.h>
#include <string.h>

#include "base/xmalloc.h"
#include "test/unit/x11_server.h"
#include "x11/desktop.h"

enum { HANG_MS = 20000, SIDE = 300 };

struct told {
	int cursor_changed, bell;
};

struct place {
	struct x11_server *server;
	Display *x; /* the other client's */
	Window window;
	struct desktop *desktop;
	struct told told;
};

static void on_cursor(void *context)
{
	((struct told *)context)->cursor_changed++;
}

static void on_bell(void *context)
{
	((struct told *)context)->bell++;
}

static const struct desktop_host host = {
	.cursor_changed = on_cursor,
	.bell = on_bell,
};

static void wait_event(Display *x, int type, XEvent *event)
{
	struct pollfd poller = { ConnectionNumber(x), POLLIN, 0 };

	for (;;) {
		while (XPending(x) > 0) {
			XNextEvent(x, event);
			if (event->type == MappingNotify)
				XRefreshKeyboardMapping(&event->xmapping);
			if (event->type == type)
				return;
		}
		if (poll(&poller, 1, HANG_MS) <= 0)
			fail_msg("no event of type %d", type);
	}
}

static void open_window(struct place *place)
{
	XSetWindowAttributes attributes = { .override_redirect = True,
		.event_mask = KeyPressMask | KeyReleaseMask | ButtonPressMask |
			      ButtonReleaseMask | PointerMotionMask |
			      ExposureMask };
	XEvent event;

	place->window = XCreateWindow(place->x, DefaultRootWindow(place->x), 0,
		0, SIDE, SIDE, 0, CopyFromParent, InputOutput, CopyFromParent,
		CWOverrideRedirect | CWEventMask, &attributes);
	XMapWindow(place->x, place->window);
	wait_event(place->x, Expose, &event);
	XSetInputFocus(
		place->x, place->window, RevertToPointerRoot, CurrentTime);
	XSync(place->x, False);
}

/* `setup` is a command run before the desktop is opened, or NULL. */
static struct place *place_open(const char *setup, const char *clip)
{
	struct place *place = xcalloc(1, sizeof(*place));
	struct desktop_options options = { .use_shm = true,
		.use_damage = true,
		.use_cursor = true,
		.clip = clip };
	char *error = NULL;

	place->server = x11_server_start("Xvfb", "-screen 0 640x480x24");
	place->x = place->server->other;
	if (setup != NULL)
		assert_int_equal(x11_server_run(place->server, setup), 0);
	open_window(place);
	options.display = place->server->display;
	place->desktop = desktop_open(&options, &host, &place->told, &error);
	if (place->desktop == NULL)
		fail_msg("%s", error);
	desktop_dispatch(place->desktop);
	place->told = (struct told){ 0, 0 };
	return place;
}

static void place_close(struct place *place)
{
	desktop_close(place->desktop);
	x11_server_stop(place->server);
	free(place);
}

/* The next press that is no modifier's, as a client would read it. */
static KeySym next_symbol(struct place *place, XEvent *event)
{
	KeySym keysym = NoSymbol;
	char text[32];

	do {
		wait_event(place->x, KeyPress, event);
		XLookupString(&event->xkey, text, sizeof(text), &keysym, NULL);
	} while (IsModifierKey(keysym));
	return keysym;
}

static unsigned modifiers(struct place *place)
{
	XkbStateRec state;
	int x, y;

	/* A round trip: what the desktop has sent is done. */
	desktop_pointer(place->desktop, &x, &y);
	XkbGetState(place->x, XkbUseCoreKbd, &state);
	return state.mods;
}

static void tap(struct place *place, KeySym keysym)
{
	desktop_key(place->desktop, (uint32_t)keysym, true);
	desktop_key(place->desktop, (uint32_t)keysym, false);
	desktop_dispatch(place->desktop);
}

static void assert_types(struct place *place, KeySym keysym)
{
	XEvent event;
	unsigned before = modifiers(place);
	unsigned key;
	KeySym got;

	desktop_key(place->desktop, (uint32_t)keysym, true);
	got = next_symbol(place, &event);
	if (got != keysym)
		fail_msg("0x%lx came as 0x%lx", keysym, got);
	key = event.xkey.keycode;
	desktop_key(place->desktop, (uint32_t)keysym, false);
	do
		wait_event(place->x, KeyRelease, &event);
	while (event.xkey.keycode != key);
	desktop_dispatch(place->desktop);
	assert_int_equal(modifiers(place), before);
}

static void assert_types_all(struct place *place, const KeySym *keysyms)
{
	for (; *keysyms != NoSymbol; keysyms++)
		assert_types(place, *keysyms);
}

static void test_plain_and_shifted(void **state)
{
	static const KeySym keysyms[] = { 'a', 'A', 'z', 'Z', '1', '!', '@',
		'~', ' ', '/', '?', XK_Return, XK_BackSpace, XK_F5, XK_Left,
		XK_KP_7, XK_KP_Home, XK_Delete, NoSymbol };
	struct place *place = place_open("setxkbmap us", NULL);

	(void)state;
	assert_types_all(place, keysyms);
	place_close(place);
}

static void test_alt_gr(void **state)
{
	static const KeySym keysyms[] = { '@', '{', '}', '\\', '~', '|',
		XK_EuroSign, XK_adiaeresis, XK_Adiaeresis, XK_ssharp, 'y', 'Z',
		XK_dead_circumflex, XK_degree, NoSymbol };
	struct place *place = place_open("setxkbmap de", NULL);

	(void)state;
	assert_types_all(place, keysyms);
	place_close(place);
}

static void test_shift_is_let_go_and_restored(void **state)
{
	struct place *place = place_open("setxkbmap us", NULL);

	(void)state;
	desktop_key(place->desktop, XK_Shift_L, true);
	assert_types(place, 'A');
	assert_types(place, 'a');
	assert_types(place, '1');
	assert_types(place, '!');
	assert_int_equal(modifiers(place) & ShiftMask, ShiftMask);
	desktop_key(place->desktop, XK_Shift_L, false);
	desktop_dispatch(place->desktop);
	assert_int_equal(modifiers(place), 0);
	place_close(place);
}

static void test_caps_lock(void **state)
{
	struct place *place = place_open("setxkbmap us", NULL);

	(void)state;
	tap(place, XK_Caps_Lock);
	assert_int_equal(modifiers(place), LockMask);
	assert_types(place, 'a');
	assert_types(place, 'A');
	assert_types(place, '5');
	assert_types(place, '%');
	tap(place, XK_Caps_Lock);
	assert_int_equal(modifiers(place), 0);
	assert_types(place, 'a');
	place_close(place);
}

/* Sticky keys lock Shift without any key being down. */
static void test_locked_shift(void **state)
{
	struct place *place = place_open("setxkbmap us", NULL);

	(void)state;
	XkbLockModifiers(place->x, XkbUseCoreKbd, ShiftMask, ShiftMask);
	XSync(place->x, False);
	assert_types(place, 'a');
	assert_types(place, 'A');
	assert_types(place, '1');
	assert_int_equal(modifiers(place), ShiftMask);
	place_close(place);
}

/* Shortcuts keep their modifiers: the symbol found must not cost them. */
static void test_shortcuts(void **state)
{
	struct place *place = place_open("setxkbmap us", NULL);
	XEvent event;

	(void)state;
	desktop_key(place->desktop, XK_Control_L, true);
	desktop_key(place->desktop, XK_Alt_L, true);
	assert_types(place, 't');
	desktop_key(place->desktop, XK_Delete, true);
	do
		wait_event(place->x, KeyPress, &event);
	while (event.xkey.keycode != XKeysymToKeycode(place->x, XK_Delete));
	assert_int_equal(
		event.xkey.state & (ControlMask | Mod1Mask | ShiftMask),
		ControlMask | Mod1Mask);
	desktop_key(place->desktop, XK_Delete, false);
	desktop_key(place->desktop, XK_Alt_L, false);
	desktop_key(place->desktop, XK_Control_L, false);
	desktop_key(place->desktop, XK_Shift_L, true);
	desktop_key(place->desktop, XK_Tab, true);
	do
		wait_event(place->x, KeyPress, &event);
	while (event.xkey.keycode != XKeysymToKeycode(place->x, XK_Tab));
	assert_int_equal(event.xkey.state, ShiftMask);
	desktop_key(place->desktop, XK_Tab, false);
	desktop_key(place->desktop, XK_Shift_L, false);
	desktop_dispatch(place->desktop);
	assert_int_equal(modifiers(place), 0);
	place_close(place);
}

static int count_unused(Display *x)
{
	int low, high, per_key, key, i, unused = 0;
	KeySym *map;

	XDisplayKeycodes(x, &low, &high);
	map = XGetKeyboardMapping(x, (KeyCode)low, high - low + 1, &per_key);
	for (key = 0; key <= high - low; key++) {
		for (i = 0; i < per_key; i++)
			if (map[key * per_key + i] != NoSymbol)
				break;
		unused += i == per_key;
	}
	XFree(map);
	return unused;
}

static void test_symbols_no_key_has(void **state)
{
	static const KeySym keysyms[] = { XK_EuroSign, XK_Cyrillic_zhe,
		XK_Cyrillic_ZHE, XK_adiaeresis, XK_Adiaeresis, 0x01001234,
		0x0101f600, XK_Greek_alpha, XK_hebrew_aleph, NoSymbol };
	struct place *place = place_open("setxkbmap us", NULL);
	int unused = count_unused(place->x), i;

	(void)state;
	assert_types_all(place, keysyms);
	assert_types_all(place, keysyms);
	/* More than there are spare keys. */
	for (i = 0; i < 60; i++)
		assert_types(place, (KeySym)(0x01003041 + i));
	assert_types_all(place, keysyms);
	/* A map loaded by somebody else wipes ours out. */
	assert_int_equal(x11_server_run(place->server, "setxkbmap fr"), 0);
	desktop_dispatch(place->desktop);
	assert_types(place, XK_Cyrillic_zhe);
	assert_types(place, 'q');
	assert_int_equal(x11_server_run(place->server, "setxkbmap us"), 0);
	desktop_dispatch(place->desktop);
	assert_types_all(place, keysyms);
	desktop_close(place->desktop);
	assert_int_equal(count_unused(place->x), unused);
	x11_server_stop(place->server);
	free(place);
}

static void test_junk_keysyms(void **state)
{
	static const uint32_t junk[] = { 0, 1, 0xffffff, 0x1fffffff, 0xffffffff,
		0x80000000, 0xfed5, 0x1008fe01, 0x20000041, 0x01200000 };
	struct place *place = place_open("setxkbmap us", NULL);
	int unused = count_unused(place->x);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(junk) / sizeof(junk[0]); i++)
		tap(place, junk[i]);
	assert_int_equal(count_unused(place->x), unused);
	assert_types(place, 'x');
	place_close(place);
}

/* Press 'A', let go of Shift, and the release comes as 'a'. */
static void test_release_by_another_name(void **state)
{
	struct place *place = place_open("setxkbmap us", NULL);
	char down[32];
	XEvent event;
	int i;

	(void)state;
	desktop_key(place->desktop, XK_Shift_L, true);
	desktop_key(place->desktop, 'A', true);
	assert_int_equal(next_symbol(place, &event), 'A');
	desktop_key(place->desktop, XK_Shift_L, false);
	desktop_key(place->desktop, 'a', false);
	desktop_dispatch(place->desktop);
	wait_event(place->x, KeyRelease, &event);
	wait_event(place->x, KeyRelease, &event);
	XQueryKeymap(place->x, down);
	for (i = 0; i < 32; i++)
		assert_int_equal(down[i], 0);
	place_close(place);
}

static void test_second_group(void **state)
{
	struct place *place = place_open("setxkbmap us,ru", NULL);

	(void)state;
	XkbLockGroup(place->x, XkbUseCoreKbd, 1);
	XSync(place->x, False);
	assert_types(place, XK_Cyrillic_zhe);
	assert_types(place, XK_Cyrillic_ZHE);
	assert_types(place, XK_Return);
	assert_types(place, 'q');
	place_close(place);
}

static void test_pointer(void **state)
{
	struct place *place = place_open(NULL, "200x150+20+30");
	XEvent event;
	int x, y;

	(void)state;
	desktop_point(place->desktop, 5, 6, 0);
	wait_event(place->x, MotionNotify, &event);
	while (event.xmotion.x != 25)
		wait_event(place->x, MotionNotify, &event);
	assert_int_equal(event.xmotion.y, 36);
	assert_true(desktop_pointer(place->desktop, &x, &y));
	assert_int_equal(x, 5);
	assert_int_equal(y, 6);
	desktop_point(place->desktop, 7, 8, 1);
	wait_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 1);
	assert_int_equal(event.xbutton.x, 27);
	desktop_point(place->desktop, 7, 8, 1 | 4);
	wait_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 3);
	desktop_point(place->desktop, 7, 8, 4);
	wait_event(place->x, ButtonRelease, &event);
	assert_int_equal(event.xbutton.button, 1);
	desktop_point(place->desktop, 7, 8, 0x100);
	wait_event(place->x, ButtonPress, &event);
	assert_int_equal(event.xbutton.button, 9);
	desktop_point(place->desktop, 100000, -5, 0xfffffe00);
	assert_true(desktop_pointer(place->desktop, &x, &y));
	assert_int_equal(x, 199);
	assert_int_equal(y, 0);
	XWarpPointer(
		place->x, None, DefaultRootWindow(place->x), 0, 0, 0, 0, 3, 3);
	XSync(place->x, False);
	assert_false(desktop_pointer(place->desktop, &x, &y));
	place_close(place);
}

static void wait_told(struct place *place, const int *counter)
{
	struct pollfd poller = { desktop_fd(place->desktop), POLLIN, 0 };
	int before = *counter;

	desktop_dispatch(place->desktop);
	while (*counter == before) {
		if (poll(&poller, 1, HANG_MS) <= 0)
			fail_msg("nothing was told");
		desktop_dispatch(place->desktop);
	}
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
	struct place *place = place_open(NULL, NULL);
	const struct cursor_image *image;
	uint32_t *first;
	size_t bytes;
	int cursor_width;

	(void)state;
	desktop_point(place->desktop, 10, 10, 0);
	XDefineCursor(
		place->x, place->window, XCreateFontCursor(place->x, XC_watch));
	XFlush(place->x);
	/* An empty one may come first. */
	do {
		wait_told(place, &place->told.cursor_changed);
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
	wait_told(place, &place->told.cursor_changed);
	image = desktop_cursor(place->desktop);
	assert_true(image->width != cursor_width ||
		    memcmp(first, image->pixels, bytes) != 0);
	free(first);
	place_close(place);
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
	struct place *place = place_open(NULL, NULL);
	const struct cursor_image *image;
	Pixmap pixmap = bitmap(place->x, place->window, 1500);
	XColor white = { .red = 65535, .green = 65535, .blue = 65535 };

	(void)state;
	desktop_point(place->desktop, 10, 10, 0);
	XDefineCursor(place->x, place->window,
		XCreatePixmapCursor(
			place->x, pixmap, pixmap, &white, &white, 1400, 3));
	XFlush(place->x);
	wait_told(place, &place->told.cursor_changed);
	image = desktop_cursor(place->desktop);
	assert_int_equal(image->width, CURSOR_IMAGE_MOST_SIDE);
	assert_int_equal(image->height, CURSOR_IMAGE_MOST_SIDE);
	assert_in_range(image->hot_x, 0, image->width - 1);
	assert_int_equal(image->pixels[0], 0xffffffff);
	place_close(place);
}

static void test_bell(void **state)
{
	struct place *place = place_open(NULL, NULL);

	(void)state;
	XBell(place->x, 0);
	XFlush(place->x);
	wait_told(place, &place->told.bell);
	assert_int_equal(place->told.bell, 1);
	place_close(place);
}

static void test_monitors_and_name(void **state)
{
	struct place *place = place_open(NULL, "200x150+20+30");
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
	place_close(place);
}

/* Errors that nobody expects are survived, here and at the desktop. */
static void test_x_errors(void **state)
{
	struct place *place = place_open(NULL, NULL);
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	for (i = 0; i < 100; i++)
		XDestroyWindow(place->x, 0x1fffffff);
	XSync(place->x, False);
	assert_types(place, 'a');
	frame_unref(desktop_capture(
		place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
	region_finish(&changed);
	place_close(place);
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
