#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rfb/cursor.h"

static const struct cursor_form *form_of(int32_t number)
{
	struct encoding_list list = { 0 };

	encoding_list_add(&list, number);
	return cursor_form_choose(&list);
}

static void check(int32_t number, const struct cursor_image *image,
	const struct pixel_format *format, const uint8_t *bytes, size_t count)
{
	struct rect_writer writer = { 0 };

	cursor_write(form_of(number), image, format, &writer);
	assert_int_equal(writer.count, 1);
	assert_int_equal(buffer_length(&writer.bytes), count);
	assert_memory_equal(buffer_bytes(&writer.bytes), bytes, count);
	rect_writer_finish(&writer);
}

/* Opaque red, half green, and a trace of white. */
static struct cursor_image *three_pixels(void)
{
	struct cursor_image *image = cursor_image_create(3, 1);

	image->hot_x = 1;
	image->pixels[0] = 0xffff0000;
	image->pixels[1] = 0x80008000;
	image->pixels[2] = 0x10101010;
	return image;
}

static void choice(void **state)
{
	struct encoding_list list = { 0 };

	(void)state;
	assert_null(cursor_form_choose(&list));
	encoding_list_add(&list, ENCODING_TIGHT);
	assert_null(cursor_form_choose(&list));
	encoding_list_add(&list, ENCODING_X_CURSOR);
	assert_int_equal(cursor_form_choose(&list)->number, ENCODING_X_CURSOR);
	encoding_list_add(&list, ENCODING_CURSOR);
	assert_int_equal(cursor_form_choose(&list)->number, ENCODING_CURSOR);
	encoding_list_add(&list, ENCODING_VMWARE_CURSOR);
	assert_int_equal(
		cursor_form_choose(&list)->number, ENCODING_VMWARE_CURSOR);
	encoding_list_add(&list, ENCODING_CURSOR_WITH_ALPHA);
	assert_int_equal(
		cursor_form_choose(&list)->number, ENCODING_CURSOR_WITH_ALPHA);
}

static void with_alpha_is_premultiplied(void **state)
{
	static const uint8_t bytes[] = { 0, 1, 0, 0, 0, 3, 0, 1, 0xff, 0xff,
		0xfe, 0xc6, 0, 0, 0, 0, 255, 0, 0, 255, 0, 128, 0, 128, 16, 16,
		16, 16 };
	struct pixel_format format = pixel_format_default();
	struct cursor_image *image = three_pixels();

	(void)state;
	check(ENCODING_CURSOR_WITH_ALPHA, image, &format, bytes, sizeof(bytes));
	cursor_image_unref(image);
}

static void vmware_is_straight(void **state)
{
	static const uint8_t bytes[] = { 0, 1, 0, 0, 0, 3, 0, 1, 0x57, 0x4d,
		0x56, 0x64, 1, 0, 255, 0, 0, 255, 0, 255, 0, 128, 255, 255, 255,
		16 };
	struct pixel_format format = pixel_format_default();
	struct cursor_image *image = three_pixels();

	(void)state;
	check(ENCODING_VMWARE_CURSOR, image, &format, bytes, sizeof(bytes));
	cursor_image_unref(image);
}

static void pixels_have_a_mask(void **state)
{
	static const uint8_t bytes[] = { 0, 1, 0, 0, 0, 3, 0, 1, 0xff, 0xff,
		0xff, 0x11, 0x07, 0x38, 0xff, 0xc0 };
	struct pixel_format map = { .bits_per_pixel = 8, .depth = 8 };
	struct cursor_image *image = three_pixels();

	(void)state;
	check(ENCODING_CURSOR, image, &map, bytes, sizeof(bytes));
	cursor_image_unref(image);
}

/* Red is dark to the eye, green is light. */
static void two_colours(void **state)
{
	static const uint8_t bytes[] = { 0, 1, 0, 0, 0, 3, 0, 1, 0xff, 0xff,
		0xff, 0x10, 255, 0, 0, 0, 255, 0, 0x80, 0xc0 };
	struct pixel_format format = pixel_format_default();
	struct cursor_image *image = three_pixels();

	(void)state;
	check(ENCODING_X_CURSOR, image, &format, bytes, sizeof(bytes));
	cursor_image_unref(image);
}

static void two_colours_of_nothing_opaque(void **state)
{
	static const uint8_t bytes[] = { 0, 0, 0, 0, 0, 9, 0, 1, 0xff, 0xff,
		0xff, 0x10, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0 };
	struct pixel_format format = pixel_format_default();
	struct cursor_image *image = cursor_image_create(9, 1);

	(void)state;
	check(ENCODING_X_CURSOR, image, &format, bytes, sizeof(bytes));
	cursor_image_unref(image);
}

static void nothing_hides(void **state)
{
	static const uint8_t alpha[] = { 0, 0, 0, 0, 0, 1, 0, 1, 0xff, 0xff,
		0xfe, 0xc6, 0, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t vmware[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0x57, 0x4d,
		0x56, 0x64, 1, 0 };
	static const uint8_t pixels[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff,
		0xff, 0x11 };
	static const uint8_t two[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff,
		0x10 };
	struct pixel_format format = pixel_format_default();
	struct cursor_image *image = cursor_image_create(0, 0);

	(void)state;
	check(ENCODING_CURSOR_WITH_ALPHA, image, &format, alpha, sizeof(alpha));
	check(ENCODING_VMWARE_CURSOR, image, &format, vmware, sizeof(vmware));
	check(ENCODING_CURSOR, image, &format, pixels, sizeof(pixels));
	check(ENCODING_X_CURSOR, image, &format, two, sizeof(two));
	cursor_image_unref(image);
}

static unsigned u16_at(const struct rect_writer *writer, size_t at)
{
	const uint8_t *bytes = buffer_bytes(&writer->bytes) + at;

	return (unsigned)bytes[0] << 8 | bytes[1];
}

/* TigerVNC hangs up on more than 256 a side. */
static void large_images_are_cut_around_the_hot_spot(void **state)
{
	static const int hot[][3] = { { 0, 0, 0 }, { 299, 100, 255 },
		{ 150, 300, 128 }, { 100, 511, 100 } };
	struct pixel_format format = pixel_format_default();

	(void)state;
	for (size_t i = 0; i < sizeof(hot) / sizeof(hot[0]); i++) {
		struct cursor_image *image = cursor_image_create(300, 512);
		struct rect_writer writer = { 0 };
		size_t at;

		image->hot_x = hot[i][0];
		image->hot_y = hot[i][1];
		image->pixels[hot[i][1] * 300 + hot[i][0]] = 0xff123456;
		cursor_write(form_of(ENCODING_CURSOR_WITH_ALPHA), image,
			&format, &writer);
		assert_int_equal(u16_at(&writer, 4), 256);
		assert_int_equal(u16_at(&writer, 6), 256);
		assert_int_equal(u16_at(&writer, 0), hot[i][2]);
		at = 16 + 4 * (size_t)(u16_at(&writer, 2) * 256 +
				       u16_at(&writer, 0));
		assert_memory_equal(buffer_bytes(&writer.bytes) + at,
			"\x12\x34\x56\xff", 4);
		rect_writer_finish(&writer);
		cursor_image_unref(image);
	}
}

static void place_of_an_image(void **state)
{
	struct cursor_image *image = three_pixels();

	(void)state;
	assert_true(rect_equal(
		cursor_rect(image, 0, 5), (struct rect){ -1, 5, 3, 1 }));
	cursor_image_unref(image);
}

static void painted_where_it_overlaps(void **state)
{
	struct frame *frame = frame_create(4, 3);
	struct cursor_image *image = three_pixels();
	struct frame *painted;
	uint32_t *rows = (uint32_t *)frame->pixels;

	(void)state;
	for (int i = 0; i < 12; i++)
		rows[i] = 0xff404040;
	painted =
		cursor_painted(frame, (struct rect){ 0, 0, 4, 3 }, image, 1, 1);
	assert_non_null(painted);
	assert_true(frame_is_sole(painted));
	assert_int_equal(frame_colour(frame_row(painted, 1)[0]), 0xff0000);
	assert_int_equal(frame_colour(frame_row(painted, 1)[1]), 0x20a020);
	assert_int_equal(frame_colour(frame_row(painted, 1)[2]), 0x4c4c4c);
	assert_int_equal(frame_colour(frame_row(painted, 1)[3]), 0x404040);
	assert_int_equal(frame_colour(frame_row(painted, 0)[0]), 0x404040);
	assert_int_equal(frame_colour(frame_row(frame, 1)[0]), 0x404040);
	frame_unref(painted);
	cursor_image_unref(image);
	frame_unref(frame);
}

/* Partly, wholly and far outside. */
static void painted_at_the_edges(void **state)
{
	static const int places[][2] = { { 0, 0 }, { 4, 2 }, { -1, 0 },
		{ -100, -100 }, { 30000, 30000 }, { 2, -1 } };
	struct cursor_image *image = three_pixels();
	struct frame *frame = frame_create(4, 3);

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct frame *painted =
			cursor_painted(frame, (struct rect){ 1, 0, 3, 2 },
				image, places[i][0], places[i][1]);

		assert_non_null(painted);
		/* Outside the area nothing is painted. */
		assert_int_equal(frame_row(painted, 0)[0], 0);
		frame_unref(painted);
	}
	cursor_image_unref(image);
	frame_unref(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choice),
		cmocka_unit_test(with_alpha_is_premultiplied),
		cmocka_unit_test(vmware_is_straight),
		cmocka_unit_test(pixels_have_a_mask),
		cmocka_unit_test(two_colours),
		cmocka_unit_test(two_colours_of_nothing_opaque),
		cmocka_unit_test(nothing_hides),
		cmocka_unit_test(large_images_are_cut_around_the_hot_spot),
		cmocka_unit_test(place_of_an_image),
		cmocka_unit_test(painted_where_it_overlaps),
		cmocka_unit_test(painted_at_the_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
