/* What a viewer listed, what is made of it, and the parts encoders share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <turbojpeg.h>

#include "rfb/colour_palette.h"
#include "rfb/repeats.h"
#include "rfb/encoder.h"

#define LIST(...)                                                              \
	list_of((const int32_t[]){ __VA_ARGS__ },                              \
		sizeof((const int32_t[]){ __VA_ARGS__ }) / sizeof(int32_t))

static struct encoding_list list_of(const int32_t *numbers, size_t count)
{
	struct encoding_list list = { 0 };

	for (size_t i = 0; i < count; i++)
		encoding_list_add(&list, numbers[i]);
	return list;
}

static void list_keeps_order_without_duplicates(void **state)
{
	struct encoding_list list = LIST(7, 1, -239, 1, 7, 16);

	(void)state;
	assert_int_equal(list.count, 4);
	assert_int_equal(list.numbers[0], 7);
	assert_int_equal(list.numbers[2], -239);
	assert_int_equal(list.numbers[3], 16);
	assert_true(encoding_list_has(&list, 1));
	assert_false(encoding_list_has(&list, 0));
	encoding_list_clear(&list);
	assert_false(encoding_list_has(&list, 1));
}

static void list_has_a_limit(void **state)
{
	struct encoding_list list = { 0 };

	(void)state;
	for (int32_t i = 0; i < 65535; i++)
		encoding_list_add(&list, i);
	assert_int_equal(list.count, ENCODING_LIST_MOST);
	assert_true(encoding_list_has(&list, ENCODING_LIST_MOST - 1));
	assert_false(encoding_list_has(&list, ENCODING_LIST_MOST));
	/* What is told again and again costs no more. */
	encoding_list_clear(&list);
	for (int i = 0; i < ENCODING_LIST_MOST; i++)
		encoding_list_add(&list, i % 2);
	encoding_list_add(&list, 2);
	assert_false(encoding_list_has(&list, 2));
}

static void list_finds_the_first_in_a_range(void **state)
{
	struct encoding_list list = LIST(7, -24, -30, -256);
	int32_t number = 99;

	(void)state;
	assert_true(encoding_list_first_in(&list, -32, -23, &number));
	assert_int_equal(number, -24);
	assert_true(encoding_list_first_in(&list, -256, -247, &number));
	assert_int_equal(number, -256);
	assert_false(encoding_list_first_in(&list, -512, -412, &number));
	assert_int_equal(number, -256);
}

static const char *chosen(struct encoding_list list)
{
	return encoder_choose(&list)->name;
}

static void choice_of_an_encoder(void **state)
{
	(void)state;
	assert_string_equal(chosen((struct encoding_list){ 0 }), "raw");
	assert_string_equal(chosen(LIST(0)), "raw");
	assert_string_equal(chosen(LIST(99, -239, 1)), "raw");
	assert_string_equal(chosen(LIST(1, 16, 7)), "zrle");
	assert_string_equal(chosen(LIST(-239, 1, 7, 16)), "tight");
	assert_string_equal(chosen(LIST(5, 16)), "hextile");
	/* Raw listed last, as nearly everybody does. */
	assert_string_equal(chosen(LIST(16, 5, 0)), "zrle");
	/* The same machine: Raw first... */
	assert_string_equal(chosen(LIST(0, 16, 5)), "raw");
	assert_string_equal(chosen(LIST(-24, 1, 0, 16, 5)), "raw");
	/* ... but never Raw beside Tight (noVNC up to 1.3). */
	assert_string_equal(chosen(LIST(0, 1, 7, 5)), "tight");
	assert_string_equal(chosen(LIST(0, 16, 5, 7)), "zrle");
}

/* What real viewers list. */
static void choice_for_known_viewers(void **state)
{
	(void)state;
	/* noVNC 1.7, and 1.3 */
	assert_string_equal(
		chosen(LIST(1, 50, 7, -260, 16, 21, 5, 2, 6, 0, -26, -254)),
		"tight");
	assert_string_equal(
		chosen(LIST(1, 7, -260, 5, 2, 0, -26, -254)), "tight");
	/* xtightvncviewer on one machine, and with -encodings */
	assert_string_equal(
		chosen(LIST(0, 1, 7, 5, 6, 4, 2, -255, -26)), "tight");
	assert_string_equal(chosen(LIST(2)), "rre");
	assert_string_equal(chosen(LIST(4)), "corre");
	assert_string_equal(chosen(LIST(6, -250)), "zlib");
	/* libvncclient, vncsnapshot */
	assert_string_equal(
		chosen(LIST(7, 16, 9, 1, 5, 6, 4, 2, 0, -253, -27)), "tight");
	assert_string_equal(
		chosen(LIST(-224, 1, 0, 16, 5, 4, 2, 7, -252, -23)), "zrle");
	assert_string_equal(chosen(LIST(22, 15, 16)), "trle");
}

static const char *rest_of(struct encoding_list list)
{
	struct pixel_format format = pixel_format_default();

	return encode_settings_from(&list, &format).rest->name;
}

/* JPEG needs a quality and another encoder beside it; TightPNG is for those who
 * have no Tight. */
static void choice_of_images(void **state)
{
	(void)state;
	assert_string_equal(chosen(LIST(-260, 16)), "tightpng");
	assert_string_equal(chosen(LIST(16, -260)), "zrle");
	assert_string_equal(chosen(LIST(-260, 16, 7)), "zrle");
	assert_string_equal(chosen(LIST(-260, 7)), "tight");
	assert_string_equal(chosen(LIST(21, 16)), "zrle");
	assert_string_equal(chosen(LIST(21, 16, -26)), "jpeg");
	assert_string_equal(chosen(LIST(-430, 21, 15, 0)), "jpeg");
	assert_string_equal(chosen(LIST(-26, 21, 5, 16)), "hextile");
	assert_string_equal(chosen(LIST(21, 0, -26)), "raw");
	assert_string_equal(chosen(LIST(16, 21, -26)), "zrle");
	assert_string_equal(chosen(LIST(21, 7, -26)), "tight");
	assert_string_equal(chosen(LIST(21, -260, -26)), "tightpng");
	assert_string_equal(chosen(LIST(0, 21, 16, -26)), "raw");
	assert_string_equal(rest_of(LIST(21, 16, 5, -26)), "zrle");
}

static void table_and_index_agree(void **state)
{
	(void)state;
	for (int i = 0; i < ENCODER_COUNT; i++) {
		assert_non_null(encoder_table[i]);
		assert_int_equal(encoder_index(encoder_table[i]), i);
	}
	assert_null(encoder_table[ENCODER_COUNT]);
}

static struct encode_settings settings_of(struct encoding_list list)
{
	struct pixel_format format = pixel_format_default();

	return encode_settings_from(&list, &format);
}

static void settings_without_wishes(void **state)
{
	struct encode_settings settings = settings_of(LIST(7, 1, 0));

	(void)state;
	assert_int_equal(settings.jpeg_quality, 0);
	assert_int_equal(settings.compress_level, -1);
	assert_int_equal(settings.format.bits_per_pixel, 32);
	assert_true(settings.gradient);
}

static void settings_of_novnc(void **state)
{
	(void)state;
	assert_false(settings_of(LIST(1, 7, ENCODING_TIGHT_PNG, 0)).gradient);
}

static void settings_of_the_slider(void **state)
{
	int last = 0;

	(void)state;
	for (int step = 0; step <= 9; step++) {
		struct encode_settings settings =
			settings_of(LIST(7, ENCODING_QUALITY_LOWEST + step,
				ENCODING_COMPRESS_LOWEST + step));

		assert_true(settings.jpeg_quality > last);
		assert_true(settings.jpeg_quality <= 100);
		assert_int_equal(settings.compress_level, step);
		last = settings.jpeg_quality;
	}
	assert_int_equal(settings_of(LIST(-32)).jpeg_subsampling, TJSAMP_420);
	assert_int_equal(settings_of(LIST(-23)).jpeg_subsampling, TJSAMP_444);
}

/* Where colours are soft, unless the viewer wants the highest quality or says
 * itself how. */
static void settings_of_soft_colours(void **state)
{
	(void)state;
	assert_int_equal(
		settings_of(LIST(-24)).jpeg_soft_subsampling, TJSAMP_420);
	assert_int_equal(
		settings_of(LIST(-23)).jpeg_soft_subsampling, TJSAMP_444);
	assert_int_equal(
		settings_of(LIST(-412)).jpeg_soft_subsampling, TJSAMP_444);
	assert_int_equal(
		settings_of(LIST(-24, -768)).jpeg_soft_subsampling, TJSAMP_444);
	assert_int_equal(
		settings_of(LIST(-24, -766)).jpeg_soft_subsampling, TJSAMP_422);
}

static void settings_of_fine_quality(void **state)
{
	static const int subsamplings[] = { TJSAMP_444, TJSAMP_420, TJSAMP_422,
		TJSAMP_GRAY, TJSAMP_420, TJSAMP_420 };

	(void)state;
	assert_int_equal(settings_of(LIST(-512)).jpeg_quality, 1);
	assert_int_equal(settings_of(LIST(-511)).jpeg_quality, 1);
	assert_int_equal(settings_of(LIST(-412)).jpeg_quality, 100);
	assert_int_equal(settings_of(LIST(-32, -437)).jpeg_quality, 75);
	for (int i = 0; i < 6; i++)
		assert_int_equal(
			settings_of(LIST(-24, -768 + i)).jpeg_subsampling,
			subsamplings[i]);
	/* A subsampling alone allows JPEG too. */
	assert_true(settings_of(LIST(-768)).jpeg_quality > 0);
}

static void settings_of_8_bits_forbid_jpeg(void **state)
{
	struct encoding_list list = LIST(7, -23, -412, -768);
	struct pixel_format format = { .bits_per_pixel = 8, .depth = 8 };
	struct encode_settings settings = encode_settings_from(&list, &format);

	(void)state;
	assert_int_equal(settings.jpeg_quality, 0);
	assert_true(settings.format.true_colour);
	assert_int_equal(settings.format.blue_shift, 6);
}

static void rects_are_counted(void **state)
{
	static const uint8_t bytes[] = { 0, 1, 2, 0, 255, 255, 0, 4, 0xff, 0xff,
		0xff, 0x21 };
	struct rect_writer writer = { 0 };

	(void)state;
	rect_writer_begin(&writer, (struct rect){ 1, 512, 65535, 4 }, -223);
	assert_int_equal(writer.count, 1);
	assert_int_equal(buffer_length(&writer.bytes), sizeof(bytes));
	assert_memory_equal(buffer_bytes(&writer.bytes), bytes, sizeof(bytes));
	rect_writer_finish(&writer);
	assert_int_equal(writer.count, 0);
}

static void too_many_rects_fail(void **state)
{
	struct rect_writer writer = { 0 };

	(void)state;
	for (int i = 0; i < RECT_WRITER_MOST; i++)
		rect_writer_begin(&writer, (struct rect){ 0, 0, 1, 1 }, 0);
	assert_false(writer.bytes.failed);
	rect_writer_begin(&writer, (struct rect){ 0, 0, 1, 1 }, 0);
	assert_true(writer.bytes.failed);
	assert_int_equal(writer.count, RECT_WRITER_MOST);
	rect_writer_finish(&writer);
}

static void lossy_rects_are_kept(void **state)
{
	struct rect_writer writer = { 0 };

	(void)state;
	assert_int_equal(rect_writer_lossy_count(&writer), 0);
	rect_writer_add_lossy(&writer, (struct rect){ 1, 2, 3, 4 });
	rect_writer_add_lossy(&writer, (struct rect){ 5, 6, 7, 8 });
	assert_int_equal(rect_writer_lossy_count(&writer), 2);
	assert_true(rect_equal(
		rect_writer_lossy(&writer, 1), (struct rect){ 5, 6, 7, 8 }));
	rect_writer_finish(&writer);
	assert_int_equal(rect_writer_lossy_count(&writer), 0);
}

static void palette_numbers_colours_as_met(void **state)
{
	static const uint32_t row[] = { 7, 7, 9, 7, 0xffffff, 9 };
	static const uint8_t wanted[] = { 0, 0, 1, 0, 2, 1 };
	struct colour_palette palette;
	uint8_t indices[6];

	(void)state;
	colour_palette_init(&palette, 3);
	assert_true(colour_palette_index_row(&palette, row, 6, indices));
	assert_memory_equal(indices, wanted, 6);
	assert_int_equal(palette.count, 3);
	assert_int_equal(palette.colours[2], 0xffffff);
	assert_int_equal(colour_palette_index(&palette, 8), -1);
	assert_int_equal(colour_palette_index(&palette, 9), 1);
	colour_palette_init(&palette, 2);
	assert_false(colour_palette_index_row(&palette, row, 6, indices));
	assert_true(colour_palette_index_row(&palette, row, 0, indices));
}

/* Stretches of one colour of every length, at every place. */
static void palette_numbers_stretches(void **state)
{
	enum { LONGEST = 70, COUNT = LONGEST * (LONGEST + 1) / 2 };
	static uint32_t row[COUNT];
	static uint8_t indices[COUNT];
	struct colour_palette palette;
	int at = 0;

	(void)state;
	for (int length = 1; length <= LONGEST; length++)
		for (int i = 0; i < length; i++)
			row[at++] = (uint32_t)(length % 5) * 0x111111;
	for (int count = 0; count <= COUNT; count++) {
		colour_palette_init(&palette, 5);
		memset(indices, 0xff, sizeof(indices));
		assert_true(colour_palette_index_row(
			&palette, row + COUNT - count, count, indices));
		for (int i = 0; i < count; i++)
			assert_int_equal(palette.colours[indices[i]],
				row[COUNT - count + i]);
		if (count < COUNT)
			assert_int_equal(indices[count], 0xff);
	}
}

/* Whole, and with colours that want the same slots. */
static void palette_fills_up(void **state)
{
	struct colour_palette palette;

	(void)state;
	for (uint32_t step = 1; step < 0x10000; step = step * 2 + 1) {
		colour_palette_init(&palette, COLOUR_PALETTE_MOST);
		for (uint32_t i = 0; i < 256; i++)
			assert_int_equal(
				colour_palette_index(&palette, i * step), i);
		for (uint32_t i = 0; i < 256; i++)
			assert_int_equal(
				colour_palette_index(&palette, i * step), i);
		assert_int_equal(colour_palette_index(&palette, 0xfedcba), -1);
	}
}

static void palette_is_sorted(void **state)
{
	struct colour_palette palette;
	uint32_t met[COLOUR_PALETTE_MOST];
	uint8_t numbers[COLOUR_PALETTE_MOST];

	(void)state;
	for (int count = 1; count <= COLOUR_PALETTE_MOST; count++) {
		colour_palette_init(&palette, COLOUR_PALETTE_MOST);
		for (int i = 0; i < count; i++) {
			met[i] = (uint32_t)(i + count) * 0x9e3779b1u >> 8;
			colour_palette_index(&palette, met[i]);
		}
		colour_palette_sort(&palette, numbers);
		for (int i = 0; i < count; i++)
			assert_int_equal(palette.colours[numbers[i]], met[i]);
		for (int i = 1; i < count; i++)
			assert_true(
				palette.colours[i - 1] < palette.colours[i]);
	}
}

static void repeats_are_told(void **state)
{
	struct frame *frame = frame_create(300, 200);
	struct rect all = frame_rect(frame);
	uint32_t *pixels = (uint32_t *)(void *)frame->pixels;
	uint32_t seed = 3;

	(void)state;
	for (int i = 0; i < 300 * 200; i++) {
		seed = seed * 1664525u + 1013904223u;
		pixels[i] = seed >> 4;
	}
	assert_true(repeats_are_rare(frame, all));
	assert_true(repeats_are_rare(frame, (struct rect){ 299, 0, 1, 200 }));
	for (int i = 0; i < 300 * 200; i++)
		pixels[i] &= 0xf00f0f0f;
	assert_true(repeats_are_rare(frame, all));
	for (int i = 0; i < 300 * 200; i++)
		pixels[i] &= 0xff030303;
	assert_false(repeats_are_rare(frame, all));
	/* The top byte says nothing. */
	for (int i = 0; i < 300 * 200; i++)
		pixels[i] = (uint32_t)i << 24;
	assert_false(repeats_are_rare(frame, all));
	frame_unref(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_keeps_order_without_duplicates),
		cmocka_unit_test(list_has_a_limit),
		cmocka_unit_test(list_finds_the_first_in_a_range),
		cmocka_unit_test(choice_of_an_encoder),
		cmocka_unit_test(choice_for_known_viewers),
		cmocka_unit_test(choice_of_images),
		cmocka_unit_test(table_and_index_agree),
		cmocka_unit_test(settings_without_wishes),
		cmocka_unit_test(settings_of_novnc),
		cmocka_unit_test(settings_of_the_slider),
		cmocka_unit_test(settings_of_fine_quality),
		cmocka_unit_test(settings_of_soft_colours),
		cmocka_unit_test(settings_of_8_bits_forbid_jpeg),
		cmocka_unit_test(rects_are_counted),
		cmocka_unit_test(too_many_rects_fail),
		cmocka_unit_test(lossy_rects_are_kept),
		cmocka_unit_test(palette_numbers_colours_as_met),
		cmocka_unit_test(palette_numbers_stretches),
		cmocka_unit_test(palette_fills_up),
		cmocka_unit_test(palette_is_sorted),
		cmocka_unit_test(repeats_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
