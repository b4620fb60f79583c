#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rfb/pixel_format.h"
#include "test/unit/rfb_pictures.h"

static const struct pixel_format odd[] = {
	{ 8, 3, false, true, 1, 1, 1, 0, 1, 2 },
	{ 16, 16, true, true, 255, 15, 15, 8, 4, 0 },
	{ 16, 15, true, true, 31, 31, 31, 0, 5, 10 },
	{ 32, 30, true, true, 1023, 1023, 1023, 0, 10, 20 },
	{ 32, 24, true, true, 255, 255, 255, 17, 9, 1 },
	{ 32, 24, true, true, 255, 255, 255, 24, 16, 8 },
	{ 32, 24, false, true, 127, 63, 15, 20, 10, 0 },
	{ 32, 24, false, true, 65535, 255, 255, 16, 8, 0 },
};

enum { ODD = sizeof(odd) / sizeof(odd[0]), FORMATS = PICTURE_FORMATS + ODD };

static const struct pixel_format *format_at(int index)
{
	return index < PICTURE_FORMATS ? &picture_formats[index].format
				       : &odd[index - PICTURE_FORMATS];
}

static void reads_what_it_writes(void **state)
{
	(void)state;
	for (int f = 0; f < PICTURE_FORMATS; f++) {
		const struct pixel_format *format = format_at(f);
		struct buffer bytes = { 0 };
		struct pixel_format back;
		struct reader reader;

		pixel_format_write(format, &bytes);
		assert_int_equal(buffer_length(&bytes), PIXEL_FORMAT_BYTES);
		reader_init(
			&reader, buffer_bytes(&bytes), buffer_length(&bytes));
		back = pixel_format_read(&reader);
		assert_false(reader.overrun);
		assert_int_equal(reader_left(&reader), 0);
		assert_true(pixel_format_equal(&back, format));
		buffer_finish(&bytes);
	}
}

/* But for the padding, each byte makes another. */
static void another_byte_is_another_format(void **state)
{
	uint8_t bytes[PIXEL_FORMAT_BYTES] = { 32, 24, 1, 0 };
	struct pixel_format format, other;
	struct reader reader;

	(void)state;
	reader_init(&reader, bytes, sizeof(bytes));
	format = pixel_format_read(&reader);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] ^= 1;
		reader_init(&reader, bytes, sizeof(bytes));
		other = pixel_format_read(&reader);
		assert_int_equal(pixel_format_equal(&format, &other), i >= 13);
		bytes[i] ^= 1;
	}
}

/* gvncviewer says 255 for true. */
static void any_flag_byte_is_true(void **state)
{
	static const uint8_t bytes[] = { 32, 24, 7, 255, 0, 255, 0, 255, 0, 255,
		16, 8, 0, 9, 9, 9 };
	struct pixel_format format;
	struct reader reader;

	(void)state;
	reader_init(&reader, bytes, sizeof(bytes));
	format = pixel_format_read(&reader);
	assert_true(format.true_colour);
	assert_true(format.big_endian);
	assert_int_equal(format.red_max, 255);
}

static bool is_sane(struct pixel_format format)
{
	const char *why = NULL;
	bool sane = pixel_format_is_sane(&format, &why);

	assert_int_equal(sane, why == NULL);
	return sane;
}

static void sanity(void **state)
{
	struct pixel_format format = pixel_format_default();

	(void)state;
	for (int f = 0; f < FORMATS; f++)
		assert_true(is_sane(*format_at(f)));
	for (int bits = 0; bits < 256; bits++) {
		format.bits_per_pixel = (uint8_t)bits;
		assert_int_equal(is_sane(format), bits == 32);
	}
	format = pixel_format_default();
	format.red_max = 0;
	assert_false(is_sane(format));
	format.red_max = 254;
	assert_false(is_sane(format));
	format.red_max = 511; /* reaches into nothing: still free bits */
	assert_true(is_sane(format));
	format = pixel_format_default();
	format.green_max = 511; /* into red */
	assert_false(is_sane(format));
	format = pixel_format_default();
	for (int shift = 0; shift < 256; shift++) {
		format.red_shift = (uint8_t)shift;
		assert_int_equal(is_sane(format), shift >= 16 && shift <= 24);
	}
	format = pixel_format_default();
	format.red_max = 65535;
	format.red_shift = 17;
	assert_false(is_sane(format));
}

static void colour_maps_need_8_bits(void **state)
{
	struct pixel_format format = { .bits_per_pixel = 8, .depth = 8 };
	struct pixel_format effective;

	(void)state;
	assert_true(is_sane(format));
	effective = pixel_format_effective(&format);
	assert_true(effective.true_colour);
	assert_int_equal(effective.red_shift, 0);
	assert_int_equal(effective.green_shift, 3);
	assert_int_equal(effective.blue_shift, 6);
	assert_int_equal(effective.blue_max, 3);
	format.bits_per_pixel = 16;
	assert_false(is_sane(format));
}

/* The entry of every value is the colour that gets that value. */
static void colour_map_is_bgr233(void **state)
{
	struct pixel_format map = { .bits_per_pixel = 8, .depth = 8 };
	struct pixel_format format = pixel_format_effective(&map);
	struct buffer bytes = { 0 };
	struct reader reader;

	(void)state;
	pixel_format_write_colour_map(&bytes);
	assert_int_equal(buffer_length(&bytes), 6 + 256 * 6);
	reader_init(&reader, buffer_bytes(&bytes), buffer_length(&bytes));
	assert_int_equal(reader_u8(&reader), 1);
	assert_int_equal(reader_u8(&reader), 0);
	assert_int_equal(reader_u16(&reader), 0);
	assert_int_equal(reader_u16(&reader), 256);
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t red = reader_u16(&reader) >> 8;
		uint32_t green = reader_u16(&reader) >> 8;
		uint32_t blue = reader_u16(&reader) >> 8;

		assert_int_equal(pixel_format_value(&format,
					 red << 16 | green << 8 | blue),
			i);
	}
	buffer_finish(&bytes);
}

static void values_of_known_colours(void **state)
{
	(void)state;
	assert_int_equal(
		pixel_format_value(&picture_formats[2].format, 0xffffff),
		0xffff);
	assert_int_equal(
		pixel_format_value(&picture_formats[2].format, 0xff0000),
		0xf800);
	assert_int_equal(
		pixel_format_value(&picture_formats[0].format, 0x0000ff), 0xc0);
	assert_int_equal(
		pixel_format_value(&picture_formats[6].format, 0x123456),
		0x563412);
	/* The nearest of what is there, not the next lower one. */
	assert_int_equal(
		pixel_format_value(&picture_formats[0].format, 0x00007f), 0x40);
	assert_int_equal(
		pixel_format_value(&picture_formats[0].format, 0x000080), 0x80);
}

static uint32_t stored_value(
	const uint8_t *bytes, size_t count, bool big_endian)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value << 8 | bytes[big_endian ? i : count - 1 - i];
	return value;
}

enum { SAMPLES = 1021 };

static void sample(uint32_t *pixels, uint32_t seed)
{
	for (int i = 0; i < SAMPLES; i++)
		pixels[i] = picture_random(&seed);
}

static void converts_to_the_value(void **state)
{
	uint32_t pixels[SAMPLES];
	uint8_t bytes[SAMPLES * 4 + 1];

	(void)state;
	sample(pixels, 1);
	for (int f = 0; f < FORMATS; f++) {
		const struct pixel_format *format = format_at(f);
		size_t size = format->bits_per_pixel / 8;

		for (size_t count = 0; count < 40; count++) {
			memset(bytes, 0xa5, sizeof(bytes));
			pixel_format_convert(format, bytes, pixels, count);
			assert_int_equal(bytes[count * size], 0xa5);
		}
		pixel_format_convert(format, bytes, pixels, SAMPLES);
		for (int i = 0; i < SAMPLES; i++)
			assert_int_equal(stored_value(bytes + (size_t)i * size,
						 size, format->big_endian),
				pixel_format_value(
					format, pixels[i] & 0xffffff));
	}
}

static void every_level_of_every_maximum(void **state)
{
	(void)state;
	for (unsigned bits = 1; bits <= 10; bits++) {
		uint16_t max = (uint16_t)((1u << bits) - 1);
		struct pixel_format format = { 32, 32, false, true, max, max,
			max, 20, 10, 0 };

		for (uint32_t level = 0; level < 256; level++) {
			uint32_t colour = level << 16 | level << 8 | level;
			uint32_t value = (level * max * 2 + 255) / 510;
			uint32_t reduced, stored, again;

			assert_int_equal(pixel_format_value(&format, colour),
				value << 20 | value << 10 | value);
			pixel_format_convert(
				&format, (uint8_t *)&stored, &colour, 1);
			pixel_format_reduce(&format, &reduced, &colour, 1);
			pixel_format_convert(
				&format, (uint8_t *)&again, &reduced, 1);
			assert_int_equal(stored, again);
		}
	}
}

static void reduced_colours_are_equal_as_the_viewer_sees(void **state)
{
	uint32_t pixels[SAMPLES], reduced[SAMPLES];

	(void)state;
	sample(pixels, 2);
	for (int i = 1; i < SAMPLES; i += 2)
		pixels[i] = pixels[i - 1] ^ (uint32_t)(i & 15) * 0x01010101;
	for (int f = 0; f < FORMATS; f++) {
		const struct pixel_format *format = format_at(f);

		pixel_format_reduce(format, reduced, pixels, SAMPLES);
		for (int i = 0; i < SAMPLES; i++) {
			uint32_t value = pixel_format_value(
				format, pixels[i] & 0xffffff);

			assert_int_equal(reduced[i] >> 24, 0);
			assert_int_equal(
				pixel_format_value(format, reduced[i]), value);
			if (i == 0)
				continue;
			assert_int_equal(reduced[i] == reduced[i - 1],
				value == pixel_format_value(format,
						 pixels[i - 1] & 0xffffff));
		}
	}
}

static void cpixel_sizes(void **state)
{
	static const struct pixel_format formats[] = {
		{ 32, 24, false, true, 255, 255, 255, 16, 8, 0 },
		{ 32, 24, true, true, 255, 255, 255, 24, 16, 8 },
		{ 32, 32, false, true, 255, 255, 255, 16, 8, 0 },
		{ 32, 24, false, true, 255, 255, 255, 24, 8, 0 },
		{ 32, 15, false, true, 31, 31, 31, 10, 5, 0 },
		{ 16, 16, false, true, 31, 63, 31, 11, 5, 0 },
		{ 8, 8, false, true, 7, 7, 3, 0, 3, 6 },
	};
	static const size_t sizes[] = { 3, 3, 4, 4, 3, 2, 1 };
	static const size_t tight_sizes[] = { 3, 3, 4, 3, 4, 2, 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(
			pixel_format_cpixel_size(&formats[i]), sizes[i]);
		assert_int_equal(
			pixel_format_tpixel_size(&formats[i]), tight_sizes[i]);
	}
}

static void compact_pixels_of_known_colours(void **state)
{
	static const uint32_t colour = 0xff123456;
	uint8_t bytes[4];

	(void)state;
	pixel_format_convert_cpixel(
		&picture_formats[5].format, bytes, &colour, 1);
	assert_memory_equal(bytes, "\x56\x34\x12", 3);
	pixel_format_convert_cpixel(
		&picture_formats[6].format, bytes, &colour, 1);
	assert_memory_equal(bytes, "\x12\x34\x56", 3);
	pixel_format_convert_cpixel(
		&picture_formats[7].format, bytes, &colour, 1);
	assert_memory_equal(bytes, "\x12\x34\x56", 3);
	pixel_format_convert_cpixel(
		&picture_formats[8].format, bytes, &colour, 1);
	assert_memory_equal(bytes, "\x56\x34\x12", 3);
	for (int f = 5; f < PICTURE_FORMATS; f++) {
		pixel_format_convert_tpixel(
			&picture_formats[f].format, bytes, &colour, 1);
		assert_memory_equal(bytes, "\x12\x34\x56", 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(another_byte_is_another_format),
		cmocka_unit_test(any_flag_byte_is_true),
		cmocka_unit_test(sanity),
		cmocka_unit_test(colour_maps_need_8_bits),
		cmocka_unit_test(colour_map_is_bgr233),
		cmocka_unit_test(values_of_known_colours),
		cmocka_unit_test(converts_to_the_value),
		cmocka_unit_test(every_level_of_every_maximum),
		cmocka_unit_test(reduced_colours_are_equal_as_the_viewer_sees),
		cmocka_unit_test(cpixel_sizes),
		cmocka_unit_test(compact_pixels_of_known_colours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
