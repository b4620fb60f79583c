/* The picture is what XGetImage shows, in every depth, with and without each
 * extension, and what is said to have changed is what changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <X11/Xutil.h>
#include <signal.h>
#include <string.h>

#include "base/xmalloc.h"
#include "test/unit/x11_place.h"

static void check_with(const char *arguments)
{
	struct x11_place *place = x11_place_open("Xvfb", arguments, NULL);

	x11_place_follow_drawing(place);
	x11_place_close(place);
}

static void test_usual_screen(void **state)
{
	(void)state;
	check_with("-screen 0 640x480x24");
}

static void test_depths(void **state)
{
	(void)state;
	check_with("-screen 0 637x481x16");
	check_with("-screen 0 320x240x15");
	check_with("-screen 0 320x240x30");
	check_with("-screen 0 321x240x8");
}

static void test_depths_without_shm(void **state)
{
	(void)state;
	check_with("-screen 0 637x481x16 -extension MIT-SHM");
	check_with("-screen 0 320x240x15 -extension MIT-SHM");
	check_with("-screen 0 320x240x30 -extension MIT-SHM");
	check_with("-screen 0 321x240x8 -extension MIT-SHM");
}

/* Xvfb 21 without XFIXES dies when the first client leaves: nobody leaves. */
static void check_without_xfixes(const char *arguments)
{
	struct x11_place *place = x11_place_open("Xvfb", arguments, NULL);

	assert_null(desktop_cursor(place->desktop));
	assert_false(desktop_has_damage(place->desktop));
	x11_place_follow_drawing(place);
	x11_server_kill(place->server);
	x11_place_close(place);
}

static void test_missing_extensions(void **state)
{
	(void)state;
	check_with("-screen 0 640x480x24 -extension MIT-SHM");
	check_with("-screen 0 640x480x24 -extension DAMAGE");
	check_with("-screen 0 640x480x24 -extension RANDR");
	check_with("-screen 0 640x480x24 -extension XTEST");
	check_without_xfixes("-screen 0 640x480x24 -extension XFIXES");
	check_without_xfixes(
		"-screen 0 640x480x24 -extension XTEST "
		"-extension RANDR -extension XFIXES "
		"-extension DAMAGE -extension MIT-SHM");
}

static void test_clip(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", "203x101+37+59");

	(void)state;
	assert_int_equal(desktop_width(place->desktop), 203);
	assert_int_equal(desktop_height(place->desktop), 101);
	place->area.x = 37;
	place->area.y = 59;
	x11_place_follow_drawing(place);
	x11_place_close(place);
}

static void test_damage_is_told_once(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	desktop_dispatch(place->desktop);
	place->told.damaged = 0;
	for (i = 0; i < 5; i++) {
		x11_place_draw(place, 3);
		x11_place_wait(place, &place->told.damaged, 1);
		assert_int_equal(place->told.damaged, 1);
	}
	frame_unref(x11_place_capture(place, CAPTURE_DAMAGED, &changed));
	desktop_dispatch(place->desktop);
	assert_int_equal(place->told.damaged, 1);
	x11_place_draw(place, 1);
	x11_place_wait(place, &place->told.damaged, 2);
	region_finish(&changed);
	x11_place_close(place);
}

static void spoil(struct frame *frame, int row)
{
	((uint32_t *)frame_row(frame, row))[7] ^= 0xffffff;
}

/* What damage never told of is found, a strip at a time; the last has the rows
 * that are over. */
static void test_strips(void **state)
{
	static const int rows[] = { 0, 240, 241, 482 };
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x483x24", NULL);
	struct frame *frame, *next;
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	/* Both frames of the ring are made whole. */
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	frame = x11_place_capture(place, CAPTURE_EVERYTHING, &changed);
	assert_true(desktop_is_warm(place->desktop));
	for (i = 0; i < 4; i++) {
		spoil(frame, rows[i]);
		spoil(frame, rows[(i + 1) % 4]);
		region_clear(&changed);
		next = x11_place_capture(place, CAPTURE_STRIP, &changed);
		assert_true(region_contains(
			&changed, (struct rect){ 7, rows[i], 1, 1 }));
		assert_int_equal(region_pixels(&changed), 1);
		frame_unref(frame);
		frame = next;
	}
	x11_place_assert_screen(place, frame);
	frame_unref(frame);
	region_finish(&changed);
	x11_place_close(place);
}

/* A strip alone asks for no damage, which stays for who does. */
static void test_strips_leave_damage(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", NULL);
	const struct rect strip = { 0, 0, 640, 120 };
	struct frame *frame;
	struct region changed;

	(void)state;
	region_init(&changed);
	/* Both frames of the ring are made whole. */
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	x11_place_draw(place, 20);
	region_clear(&changed);
	frame_unref(x11_place_capture(place, CAPTURE_STRIP, &changed));
	assert_false(region_is_empty(&changed));
	region_subtract_rect(&changed, strip);
	assert_true(region_is_empty(&changed));
	frame = x11_place_capture(place, CAPTURE_DAMAGED_STRIP, &changed);
	assert_false(region_is_empty(&changed));
	x11_place_assert_screen(place, frame);
	frame_unref(frame);
	region_finish(&changed);
	x11_place_close(place);
}

/* A viewer may keep a frame as long as it likes. */
static void test_lent_frames_are_not_written(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 640x480x24", NULL);
	struct frame *lent[3], *copies[3];
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	for (i = 0; i < 3; i++) {
		x11_place_draw(place, 4);
		lent[i] = x11_place_capture(place, CAPTURE_DAMAGED, &changed);
		copies[i] = x11_place_copy_of(lent[i]);
	}
	x11_place_draw(place, 4);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_DAMAGED, &changed, NULL));
	for (i = 0; i < 3; i++)
		x11_place_assert_same(lent[i], copies[i]);
	frame_unref(lent[0]);
	lent[0] = x11_place_capture(place, CAPTURE_DAMAGED, &changed);
	x11_place_assert_screen(place, lent[0]);
	for (i = 1; i < 3; i++)
		x11_place_assert_same(lent[i], copies[i]);
	/* Closing while frames are lent must leave them readable. */
	desktop_close(place->desktop);
	for (i = 1; i < 3; i++)
		x11_place_assert_same(lent[i], copies[i]);
	for (i = 0; i < 3; i++) {
		frame_unref(lent[i]);
		frame_unref(copies[i]);
	}
	x11_server_stop(place->server);
	region_finish(&changed);
	free(place);
}

static void resize_to(struct x11_place *place, int width, int height)
{
	char *command = xasprintf(
		"xrandr --output VNC-0 --off; "
		"xrandr --fb %dx%d",
		width, height);
	int before = place->told.resized;

	assert_int_equal(x11_server_run(place->server, command), 0);
	free(command);
	x11_place_wait(place, &place->told.resized, before + 1);
	while (desktop_width(place->desktop) != width ||
		desktop_height(place->desktop) != height)
		x11_place_wait(
			place, &place->told.resized, place->told.resized + 1);
	place->area.width = width;
	place->area.height = height;
}

static void test_resize(void **state)
{
	static const int sizes[][2] = { { 320, 200 }, { 1000, 700 }, { 64, 64 },
		{ 641, 479 } };
	struct x11_place *place = x11_place_open(
		"Xtigervnc", "-geometry 800x600 -depth 24", NULL);
	struct region changed;
	struct frame *old;
	size_t i;

	(void)state;
	region_init(&changed);
	old = x11_place_capture(place, CAPTURE_EVERYTHING, &changed);
	for (i = 0; i < 4; i++) {
		resize_to(place, sizes[i][0], sizes[i][1]);
		/* Which wants the first picture to be all new. */
		x11_place_follow_drawing(place);
	}
	assert_int_equal(old->width, 800);
	frame_unref(old);
	region_finish(&changed);
	x11_place_close(place);
}

/* What the first change after the first picture would wait for can be made
 * before; a new size begins anew. */
static void test_warm(void **state)
{
	struct x11_place *place = x11_place_open(
		"Xtigervnc", "-geometry 800x600 -depth 24", NULL);
	struct region changed;
	int i;

	(void)state;
	region_init(&changed);
	for (i = 0; i < 2; i++) {
		assert_false(desktop_is_warm(place->desktop));
		frame_unref(
			x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
		assert_false(desktop_is_warm(place->desktop));
		frame_unref(
			x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
		assert_true(desktop_is_warm(place->desktop));
		resize_to(place, 320 + i, 200);
	}
	region_finish(&changed);
	x11_place_close(place);
}

/* The screen shrinks while we believe it is still large. */
static void test_resize_race(void **state)
{
	struct x11_place *place = x11_place_open(
		"Xtigervnc", "-geometry 800x600 -depth 24", NULL);
	struct region changed;
	struct frame *frame;

	(void)state;
	region_init(&changed);
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	desktop_dispatch(place->desktop);
	place->told.resized = 0;
	assert_int_equal(x11_server_run(place->server,
				 "xrandr --output VNC-0 --off; "
				 "xrandr --fb 300x200"),
		0);
	assert_null(desktop_capture(
		place->desktop, CAPTURE_EVERYTHING, &changed, NULL));
	assert_int_equal(place->told.resized, 0);
	desktop_dispatch(place->desktop);
	assert_true(place->told.resized >= 1);
	place->area.width = 300;
	place->area.height = 200;
	frame = x11_place_capture(place, CAPTURE_DAMAGED, &changed);
	x11_place_assert_screen(place, frame);
	frame_unref(frame);
	region_finish(&changed);
	x11_place_close(place);
}

static void test_palette_change(void **state)
{
	struct x11_place *place =
		x11_place_open("Xvfb", "-screen 0 64x64x8", NULL);
	Display *x = place->server->other;
	Colormap map = DefaultColormap(x, 0);
	XColor color = { .flags = DoRed | DoGreen | DoBlue };
	unsigned long pixel, plane;
	struct region changed;
	struct frame *frame;
	GC gc = XCreateGC(x, DefaultRootWindow(x), 0, NULL);

	(void)state;
	region_init(&changed);
	assert_true(XAllocColorCells(x, map, False, &plane, 0, &pixel, 1));
	XSetForeground(x, gc, pixel);
	XFillRectangle(x, DefaultRootWindow(x), gc, 5, 5, 9, 9);
	XSync(x, False);
	frame_unref(x11_place_capture(place, CAPTURE_EVERYTHING, &changed));
	color.pixel = pixel;
	color.red = 0xffff;
	XStoreColor(x, map, &color);
	XSync(x, False);
	region_clear(&changed);
	frame = x11_place_capture(place, CAPTURE_EVERYTHING, &changed);
	assert_int_equal(frame_colour(frame_row(frame, 6)[6]), 0xff0000);
	assert_true(region_contains(&changed, (struct rect){ 5, 5, 9, 9 }));
	x11_place_assert_screen(place, frame);
	frame_unref(frame);
	XFreeGC(x, gc);
	region_finish(&changed);
	x11_place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usual_screen),
		cmocka_unit_test(test_depths),
		cmocka_unit_test(test_depths_without_shm),
		cmocka_unit_test(test_missing_extensions),
		cmocka_unit_test(test_clip),
		cmocka_unit_test(test_damage_is_told_once),
		cmocka_unit_test(test_strips),
		cmocka_unit_test(test_strips_leave_damage),
		cmocka_unit_test(test_lent_frames_are_not_written),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_warm),
		cmocka_unit_test(test_resize_race),
		cmocka_unit_test(test_palette_change),
	};

	signal(SIGPIPE, SIG_IGN); /* as the program does: libxcb does not */
	return cmocka_run_group_tests_name("x11_capture", tests, NULL, NULL);
}
