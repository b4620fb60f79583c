/* What a viewer listed, what is made of it, and the parts encoders share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <turbojpeg.h>
#include <zlib.h>

#include "rfb/colour_palette.h"
#include "rfb/deflater.h"
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

static void check_piece(struct deflater *deflater, z_stream *inflater,
	int level, const uint8_t *bytes, size_t count)
{
	struct buffer packed = { 0 };
	uint8_t *back = malloc(count + 1);

	assert_non_null(back);
	deflater_write(deflater, level, bytes, count, &packed);
	assert_false(packed.failed);
	inflater->next_in = buffer_bytes(&packed);
	inflater->avail_in = (uInt)buffer_length(&packed);
	inflater->next_out = back;
	inflater->avail_out = (uInt)count + 1;
	assert_int_equal(inflate(inflater, Z_SYNC_FLUSH), Z_OK);
	assert_int_equal(inflater->avail_in, 0);
	assert_int_equal(inflater->avail_out, 1);
	assert_memory_equal(back, bytes, count);
	free(back);
	buffer_finish(&packed);
}

/* Every level after every other, pieces of 1 byte to 1 MiB, noise too. */
static void deflater_is_read_back(void **state)
{
	enum { MOST = 1 << 20 };
	static const size_t sizes[] = { 1, 2, 100, 4095, 70000, MOST };
	uint8_t *bytes = malloc(MOST);
	struct deflater deflater = { 0 };
	z_stream inflater = { 0 };
	uint32_t seed = 1;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < MOST; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(i % 4096 < 2048 ? seed >> 24 : i);
	}
	assert_int_equal(inflateInit(&inflater), Z_OK);
	for (int i = 0; i < 30; i++)
		check_piece(&deflater, &inflater, 1 + i * 7 % 9, bytes,
			sizes[i % 6]);
	inflateEnd(&inflater);
	deflater_finish(&deflater);
	deflater_finish(&deflater);
	free(bytes);
}

/* Each way may refer only to what it wrote since the other did. */
static void dull_pieces_go_between(void **state)
{
	enum { COUNT = 30000, ROUNDS = 200 };
	uint8_t bytes[COUNT], back[COUNT];
	struct deflater deflater = { 0 };
	struct buffer packed = { 0 };
	z_stream inflater = { 0 };
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)("rarely"[seed >> 28 & 3] + (i % 50 == 0));
	}
	assert_int_equal(inflateInit(&inflater), Z_OK);
	for (int i = 0; i < ROUNDS; i++) {
		size_t count = 1 + (seed = seed * 69069u + 1) % COUNT;

		(i % 7 % 3 == 1 ? deflater_write_dull : deflater_write)(
			&deflater, 1 + i / 20 % 3, bytes, count, &packed);
		inflater.next_in = buffer_bytes(&packed);
		inflater.avail_in = (uInt)buffer_length(&packed);
		inflater.next_out = back;
		inflater.avail_out = COUNT;
		assert_int_equal(inflate(&inflater, Z_SYNC_FLUSH), Z_OK);
		assert_int_equal(inflater.avail_in, 0);
		assert_int_equal(COUNT - inflater.avail_out, count);
		assert_memory_equal(back, bytes, count);
		buffer_clear(&packed);
	}
	inflateEnd(&inflater);
	deflater_finish(&deflater);
	buffer_finish(&packed);
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

static size_t size_at(int first_level, int level)
{
	uint8_t bytes[20000];
	struct deflater deflater = { 0 };
	struct buffer packed = { 0 };
	uint32_t seed = 9;
	size_t before;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)("tight"[seed >> 24 & 3] + (i % 7 == 0));
	}
	deflater_write(&deflater, first_level, bytes, 1, &packed);
	before = buffer_length(&packed);
	deflater_write(&deflater, level, bytes, sizeof(bytes), &packed);
	before = buffer_length(&packed) - before;
	buffer_finish(&packed);
	deflater_finish(&deflater);
	return before;
}

static void level_may_change_on_the_way(void **state)
{
	(void)state;
	assert_true(size_at(9, 9) < size_at(1, 1));
	assert_in_range(size_at(1, 9), 1, size_at(9, 9) + 16);
	assert_true(size_at(9, 1) > size_at(9, 9));
}

static void levels_of_the_slider(void **state)
{
	(void)state;
	assert_int_equal(deflater_level(-1), 1);
	for (int level = 0; level <= 9; level++) {
		assert_in_range(deflater_level(level), 1, 9);
		assert_true(deflater_level(level) >= deflater_level(level - 1));
	}
	assert_int_equal(deflater_level(9), 9);
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
		cmocka_unit_test(deflater_is_read_back),
		cmocka_unit_test(dull_pieces_go_between),
		cmocka_unit_test(repeats_are_told),
		cmocka_unit_test(level_may_change_on_the_way),
		cmocka_unit_test(levels_of_the_slider),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
