/* The parts of x11/ that need no X server: tiles, bands, -clip, pixels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "x11/band.h"
#include "x11/clip.h"
#include "x11/compare.h"
#include "x11/visual.h"

static void set(struct frame *frame, int x, int y, uint32_t pixel)
{
	memcpy(frame->pixels + (size_t)y * frame->stride + (size_t)x * 4,
		&pixel, 4);
}

static void test_compare_finds_each_pixel(void **state)
{
	static const int places[][2] = { { 0, 0 }, { 63, 15 }, { 64, 16 },
		{ 200, 99 }, { 0, 99 }, { 200, 0 }, { 127, 47 } };
	struct frame *before = frame_create(201, 100);
	struct frame *now = frame_create(201, 100);
	struct region changed;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int x = places[i][0], y = places[i][1];
		struct rect tile;

		region_init(&changed);
		set(now, x, y, 1);
		compare_rows(before, now, 0, 100, &changed);
		assert_int_equal(region_count(&changed), 1);
		tile = region_rect(&changed, 0);
		assert_int_equal(tile.y, y);
		assert_int_equal(tile.height, 1);
		assert_int_equal(tile.x, x);
		assert_int_equal(tile.width, 1);
		set(now, x, y, 0);
		region_finish(&changed);
	}
	frame_unref(before);
	frame_unref(now);
}

static void test_compare_rows_and_mask(void **state)
{
	struct frame *before = frame_create(130, 64);
	struct frame *now = frame_create(130, 64);
	struct region changed;
	int x;

	(void)state;
	region_init(&changed);
	for (x = 0; x < 130; x++)
		set(now, x, 7, 0xff000000u);
	compare_rows(before, now, 0, 64, &changed);
	assert_true(region_is_empty(&changed));
	set(now, 5, 10, 1);
	set(now, 5, 40, 1);
	compare_rows(before, now, 11, 29, &changed);
	assert_true(region_is_empty(&changed));
	compare_rows(before, now, 11, 30, &changed);
	assert_int_equal(region_extents(&changed).y, 40);
	compare_rows(before, now, 10, 1, &changed);
	assert_int_equal(region_count(&changed), 2);
	region_finish(&changed);
	frame_unref(before);
	frame_unref(now);
}

/* Within a row of tiles all that differs is found, and nothing beyond it. */
static void test_compare_scattered(void **state)
{
	(void)state;
	srand(5);
	for (int round = 0; round < 400; round++) {
		struct frame *before = frame_create(150, 16);
		struct frame *now = frame_create(150, 16);
		struct region changed, pixels;

		region_init(&changed);
		region_init(&pixels);
		for (int i = 1 + rand() % (round % 2 ? 4 : 300); i > 0; i--) {
			int x = rand() % 150, y = rand() % 16;

			set(now, x, y, (uint32_t)rand() | 1);
			region_add_rect(&pixels, (struct rect){ x, y, 1, 1 });
		}
		compare_rows(before, now, 0, 16, &changed);
		assert_true(rect_equal(
			region_extents(&changed), region_extents(&pixels)));
		region_subtract(&pixels, &changed);
		assert_true(region_is_empty(&pixels));
		region_finish(&changed);
		region_finish(&pixels);
		frame_unref(before);
		frame_unref(now);
	}
}

static void test_bands(void **state)
{
	struct region region;
	struct band band;
	int index = 0;

	(void)state;
	region_init(&region);
	assert_false(band_next(&region, &index, &band));
	region_add_rect(&region, (struct rect){ 5, 10, 3, 4 });
	region_add_rect(&region, (struct rect){ 50, 12, 3, 10 });
	region_add_rect(&region, (struct rect){ 0, 37, 3, 1 });
	region_add_rect(&region, (struct rect){ 9, 54, 1, 2 });
	index = 0;
	assert_true(band_next(&region, &index, &band));
	assert_int_equal(band.y, 10);
	assert_int_equal(band.height, 28); /* a gap of 15 is filled */
	assert_true(band_next(&region, &index, &band));
	assert_int_equal(band.y, 54); /* one of 16 is not */
	assert_int_equal(band.height, 2);
	assert_false(band_next(&region, &index, &band));
	region_finish(&region);
}

static struct rect placed(const char *text)
{
	struct clip clip;

	assert_true(clip_parse(text, &clip));
	return clip_place(&clip, (struct rect){ 0, 0, 100, 50 });
}

static void test_clip_parse(void **state)
{
	static const char *const wrong[] = { "", "x", "10x", "10x10+0",
		"10x10+0+", "0x10+0+0", "10x0+0+0", "-1x5+0+0", "10x10-5",
		"10x10+0+0 ", " 10x10+0+0", "65536x1+0+0", "1x1+99999999999+0",
		"1x1+0+0+0", "1X1+0+0", "10x10+0+-1", "VNC-0" };
	struct clip clip;
	size_t i;

	(void)state;
	assert_true(rect_equal(
		placed("10x20+30+40"), (struct rect){ 30, 40, 10, 20 }));
	assert_true(rect_equal(placed("10x20"), (struct rect){ 0, 0, 10, 20 }));
	assert_true(rect_equal(
		placed("10x20-0-0"), (struct rect){ 90, 30, 10, 20 }));
	assert_true(rect_equal(
		placed("10x20+7-5"), (struct rect){ 7, 25, 10, 20 }));
	assert_true(rect_equal(
		placed("10x20-95+0"), (struct rect){ -5, 0, 10, 20 }));
	assert_true(clip_parse("65535x1+0+65535", &clip));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(clip_parse(wrong[i], &clip));
}

static void test_clip_apply(void **state)
{
	struct rect screen = { 0, 0, 100, 50 };

	(void)state;
	assert_true(
		rect_equal(clip_apply((struct rect){ 90, 40, 30, 30 }, screen),
			(struct rect){ 90, 40, 10, 10 }));
	assert_true(
		rect_equal(clip_apply((struct rect){ 300, 10, 30, 30 }, screen),
			(struct rect){ 99, 10, 1, 1 }));
}

static uint32_t convert_one(struct visual *visual, const void *bytes, int order)
{
	XImage image = { .width = 1,
		.height = 1,
		.format = ZPixmap,
		.byte_order = order,
		.bitmap_unit = 32,
		.bitmap_bit_order = order,
		.bitmap_pad = 32,
		.depth = visual->depth,
		.bytes_per_line = 4,
		.bits_per_pixel = visual->bits_per_pixel };
	char data[8];
	uint32_t pixel = 0;

	memcpy(data, bytes, 4);
	image.data = data;
	assert_true(XInitImage(&image));
	visual_convert(visual, &image, 0, &pixel, 1);
	return pixel;
}

static void layout(struct visual *visual, int bits, int depth, bool swapped,
	unsigned long red, unsigned long green, unsigned long blue)
{
	visual_finish(visual);
	visual_set_layout(visual, bits, depth, swapped, red, green, blue);
}

static void test_visual_layouts(void **state)
{
	struct visual visual = { .table = NULL };

	(void)state;
	layout(&visual, 32, 24, false, 0xff0000, 0xff00, 0xff);
	assert_true(visual.direct);
	layout(&visual, 32, 24, false, 0xff, 0xff00, 0xff0000);
	assert_false(visual.direct);
	assert_int_equal(
		convert_one(&visual, "\x11\x22\x33\xee", LSBFirst), 0x112233);
	layout(&visual, 32, 24, true, 0xff0000, 0xff00, 0xff);
	assert_false(visual.direct);
	assert_int_equal(
		convert_one(&visual, "\xee\x11\x22\x33", MSBFirst), 0x112233);
	layout(&visual, 32, 30, false, 0x3ff00000, 0xffc00, 0x3ff);
	assert_int_equal(
		convert_one(&visual, "\xff\x03\x00\x00", LSBFirst), 0x0000ff);
	assert_int_equal(
		convert_one(&visual, "\x00\x00\x00\x20", LSBFirst), 0x800000);
	layout(&visual, 16, 16, false, 0xf800, 0x7e0, 0x1f);
	assert_int_equal(
		convert_one(&visual, "\xff\xff\0\0", LSBFirst), 0xffffff);
	assert_int_equal(
		convert_one(&visual, "\x10\x00\0\0", LSBFirst), 0x000084);
	layout(&visual, 16, 16, true, 0xf800, 0x7e0, 0x1f);
	assert_int_equal(
		convert_one(&visual, "\x00\x10\0\0", MSBFirst), 0x000084);
	layout(&visual, 24, 24, false, 0xff0000, 0xff00, 0xff);
	assert_false(visual.direct);
	assert_int_equal(
		convert_one(&visual, "\x33\x22\x11\xee", LSBFirst), 0x112233);
	layout(&visual, 24, 24, true, 0xff0000, 0xff00, 0xff);
	assert_int_equal(
		convert_one(&visual, "\x11\x22\x33\xee", MSBFirst), 0x112233);
	layout(&visual, 8, 8, false, 0xe0, 0x1c, 0x03);
	assert_int_equal(
		convert_one(&visual, "\xff\0\0\0", LSBFirst), 0xffffff);
	assert_int_equal(
		convert_one(&visual, "\x02\0\0\0", LSBFirst), 0x0000aa);
	visual_finish(&visual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare_finds_each_pixel),
		cmocka_unit_test(test_compare_rows_and_mask),
		cmocka_unit_test(test_compare_scattered),
		cmocka_unit_test(test_bands),
		cmocka_unit_test(test_clip_parse),
		cmocka_unit_test(test_clip_apply),
		cmocka_unit_test(test_visual_layouts),
	};

	return cmocka_run_group_tests_name("x11_pure", tests, NULL, NULL);
}
