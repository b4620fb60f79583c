#include "rfb/pixel_format.h"

#include <assert.h>
#include <string.h>

enum { COLOUR_MAP_ENTRIES = 256, MESSAGE_SET_COLOUR_MAP_ENTRIES = 1 };

struct pixel_format pixel_format_default(void)
{
	return (struct pixel_format){ .bits_per_pixel = 32,
		.depth = 24,
		.true_colour = true,
		.red_max = 255,
		.green_max = 255,
		.blue_max = 255,
		.red_shift = 16,
		.green_shift = 8,
		.blue_shift = 0 };
}

static struct pixel_format bgr233(void)
{
	return (struct pixel_format){ .bits_per_pixel = 8,
		.depth = 8,
		.true_colour = true,
		.red_max = 7,
		.green_max = 7,
		.blue_max = 3,
		.red_shift = 0,
		.green_shift = 3,
		.blue_shift = 6 };
}

struct pixel_format pixel_format_read(struct reader *reader)
{
	struct pixel_format format = { 0 };

	format.bits_per_pixel = reader_u8(reader);
	format.depth = reader_u8(reader);
	format.big_endian = reader_u8(reader) != 0;
	format.true_colour = reader_u8(reader) != 0;
	format.red_max = reader_u16(reader);
	format.green_max = reader_u16(reader);
	format.blue_max = reader_u16(reader);
	format.red_shift = reader_u8(reader);
	format.green_shift = reader_u8(reader);
	format.blue_shift = reader_u8(reader);
	reader_skip(reader, 3);
	return format;
}

void pixel_format_write(const struct pixel_format *format, struct buffer *to)
{
	static const uint8_t padding[3];

	buffer_u8(to, format->bits_per_pixel);
	buffer_u8(to, format->depth);
	buffer_u8(to, format->big_endian);
	buffer_u8(to, format->true_colour);
	buffer_u16(to, format->red_max);
	buffer_u16(to, format->green_max);
	buffer_u16(to, format->blue_max);
	buffer_u8(to, format->red_shift);
	buffer_u8(to, format->green_shift);
	buffer_u8(to, format->blue_shift);
	buffer_append(to, padding, sizeof(padding));
}

bool pixel_format_equal(
	const struct pixel_format *a, const struct pixel_format *b)
{
	return a->bits_per_pixel == b->bits_per_pixel && a->depth == b->depth &&
	       a->big_endian == b->big_endian &&
	       a->true_colour == b->true_colour && a->red_max == b->red_max &&
	       a->green_max == b->green_max && a->blue_max == b->blue_max &&
	       a->red_shift == b->red_shift &&
	       a->green_shift == b->green_shift &&
	       a->blue_shift == b->blue_shift;
}

static bool channel_fits(unsigned max, unsigned shift, unsigned bits)
{
	return shift < bits && ((uint64_t)max << shift) >> bits == 0;
}

static bool is_all_ones(unsigned max)
{
	return max != 0 && (max & (max + 1)) == 0;
}

static const char *true_colour_fault(const struct pixel_format *format)
{
	unsigned bits = format->bits_per_pixel;
	uint64_t red = (uint64_t)format->red_max << (format->red_shift & 31);
	uint64_t green = (uint64_t)format->green_max
			 << (format->green_shift & 31);
	uint64_t blue = (uint64_t)format->blue_max << (format->blue_shift & 31);

	if (!is_all_ones(format->red_max) || !is_all_ones(format->green_max) ||
		!is_all_ones(format->blue_max))
		return "a colour maximum is not a power of two less one";
	if (!channel_fits(format->red_max, format->red_shift, bits) ||
		!channel_fits(format->green_max, format->green_shift, bits) ||
		!channel_fits(format->blue_max, format->blue_shift, bits))
		return "a colour does not fit into the pixel";
	if ((red & green) | (green & blue) | (blue & red))
		return "colours overlap in the pixel";
	return NULL;
}

bool pixel_format_is_sane(const struct pixel_format *format, const char **why)
{
	unsigned bits = format->bits_per_pixel;
	const char *fault = NULL;

	if (bits != 8 && bits != 16 && bits != 32)
		fault = "a pixel is not 8, 16 or 32 bits";
	else if (format->true_colour)
		fault = true_colour_fault(format);
	else if (bits != 8)
		fault = "a colour map needs 8 bits a pixel";
	if (fault != NULL)
		*why = fault;
	return fault == NULL;
}

struct pixel_format pixel_format_effective(const struct pixel_format *format)
{
	return format->true_colour ? *format : bgr233();
}

void pixel_format_write_colour_map(struct buffer *to)
{
	buffer_u8(to, MESSAGE_SET_COLOUR_MAP_ENTRIES);
	buffer_u8(to, 0);
	buffer_u16(to, 0);
	buffer_u16(to, COLOUR_MAP_ENTRIES);
	for (unsigned i = 0; i < COLOUR_MAP_ENTRIES; i++) {
		buffer_u16(to, (uint16_t)((i & 7) * 65535 / 7));
		buffer_u16(to, (uint16_t)((i >> 3 & 7) * 65535 / 7));
		buffer_u16(to, (uint16_t)((i >> 6) * 65535 / 3));
	}
}

static uint32_t channel_value(uint32_t channel, uint32_t max)
{
	return (channel * max + 127) / 255;
}

uint32_t pixel_format_value(const struct pixel_format *format, uint32_t colour)
{
	return channel_value(colour >> 16 & 255, format->red_max)
		       << format->red_shift |
	       channel_value(colour >> 8 & 255, format->green_max)
		       << format->green_shift |
	       channel_value(colour & 255, format->blue_max)
		       << format->blue_shift;
}

static bool is_888(const struct pixel_format *format)
{
	return format->red_max == 255 && format->green_max == 255 &&
	       format->blue_max == 255;
}

static bool is_narrow(const struct pixel_format *format)
{
	return format->red_max <= 255 && format->green_max <= 255 &&
	       format->blue_max <= 255;
}

static bool is_byte_aligned(const struct pixel_format *format)
{
	return ((format->red_shift | format->green_shift | format->blue_shift) &
		       7) == 0;
}

static bool needs_swap(const struct pixel_format *format)
{
	return format->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

/* channel_value() for max <= 255 without a division. */
static inline uint32_t narrow_value(uint32_t channel, uint32_t max)
{
	uint32_t product = channel * max + 128;

	return (product + (product >> 8)) >> 8;
}

/* The three channels of a narrow format, packed; `format` by value so that
 * the compiler keeps its members in registers. */
static inline uint32_t narrow_pixel(struct pixel_format format, uint32_t pixel)
{
	return narrow_value(pixel >> 16 & 255, format.red_max)
		       << format.red_shift |
	       narrow_value(pixel >> 8 & 255, format.green_max)
		       << format.green_shift |
	       narrow_value(pixel & 255, format.blue_max) << format.blue_shift;
}

static inline uint32_t shuffle_888(
	uint32_t pixel, unsigned red, unsigned green, unsigned blue)
{
	return (pixel >> 16 & 255) << red | (pixel >> 8 & 255) << green |
	       (pixel & 255) << blue;
}

static void convert_8(struct pixel_format format, uint8_t *restrict to,
	const uint32_t *restrict from, size_t count)
{
#pragma omp simd
	for (size_t i = 0; i < count; i++)
		to[i] = (uint8_t)narrow_pixel(format, from[i]);
}

static void convert_16(struct pixel_format format, uint8_t *restrict to,
	const uint32_t *restrict from, size_t count)
{
	unsigned turn = needs_swap(&format) ? 8 : 0;

#pragma omp simd
	for (size_t i = 0; i < count; i++) {
		uint32_t value = narrow_pixel(format, from[i]);
		uint16_t stored = (uint16_t)(value << turn | value >> turn);

		memcpy(to + i * 2, &stored, 2);
	}
}

static void convert_default(
	uint8_t *restrict to, const uint32_t *restrict from, size_t count)
{
#pragma omp simd
	for (size_t i = 0; i < count; i++) {
		uint32_t value = from[i] & 0xffffff;

		memcpy(to + i * 4, &value, 4);
	}
}

static void convert_888(struct pixel_format format, uint8_t *restrict to,
	const uint32_t *restrict from, size_t count)
{
	unsigned red = format.red_shift, green = format.green_shift,
		 blue = format.blue_shift;

	/* Swapping the bytes of a pixel is another set of shifts. */
	if (needs_swap(&format)) {
		red = 24 - red;
		green = 24 - green;
		blue = 24 - blue;
	}
	if (red == 16 && green == 8 && blue == 0) {
		convert_default(to, from, count);
		return;
	}
#pragma omp simd
	for (size_t i = 0; i < count; i++) {
		uint32_t value = shuffle_888(from[i], red, green, blue);

		memcpy(to + i * 4, &value, 4);
	}
}

bool pixel_format_is_frames(const struct pixel_format *format)
{
	return format->bits_per_pixel == 32 && format->depth <= 24 &&
	       is_888(format) && format->red_shift == 16 &&
	       format->green_shift == 8 && format->blue_shift == 0 &&
	       !needs_swap(format);
}

/* Whatever else is sane: wide channels, 888 at odd shifts in big endian. */
static void convert_slowly(const struct pixel_format *format, uint8_t *to,
	const uint32_t *from, size_t count)
{
	unsigned bytes = format->bits_per_pixel / 8;

	for (size_t i = 0; i < count; i++, to += bytes) {
		uint32_t value = pixel_format_value(format, from[i]);

		for (unsigned at = 0; at < bytes; at++) {
			unsigned byte =
				format->big_endian ? bytes - 1 - at : at;

			to[at] = (uint8_t)(value >> byte * 8);
		}
	}
}

void pixel_format_convert(const struct pixel_format *format, uint8_t *to,
	const uint32_t *from, size_t count)
{
	if (!is_narrow(format))
		convert_slowly(format, to, from, count);
	else if (format->bits_per_pixel == 8)
		convert_8(*format, to, from, count);
	else if (format->bits_per_pixel == 16)
		convert_16(*format, to, from, count);
	else if (is_888(format) &&
		 (is_byte_aligned(format) || !needs_swap(format)))
		convert_888(*format, to, from, count);
	else
		convert_slowly(format, to, from, count);
}

/* What a channel of `max` rounds to, as a channel of 255 again; converting
 * the result gives the same value as converting the original. `scale` is
 * 255 / max in 16.16 fixed point. */
static inline uint32_t reduce_channel(
	uint32_t channel, uint32_t max, uint32_t scale)
{
	return (narrow_value(channel, max) * scale + 32768) >> 16;
}

static uint32_t reduction_scale(uint32_t max)
{
	return (255u * 65536 + max / 2) / max;
}

static void reduce_narrow(const struct pixel_format *format,
	uint32_t *restrict to, const uint32_t *restrict from, size_t count)
{
	/* A channel of more than 8 bits loses nothing. */
	uint32_t red_max = format->red_max < 255 ? format->red_max : 255;
	uint32_t green_max = format->green_max < 255 ? format->green_max : 255;
	uint32_t blue_max = format->blue_max < 255 ? format->blue_max : 255;
	uint32_t red_scale = reduction_scale(red_max);
	uint32_t green_scale = reduction_scale(green_max);
	uint32_t blue_scale = reduction_scale(blue_max);

#pragma omp simd
	for (size_t i = 0; i < count; i++) {
		uint32_t pixel = from[i];

		to[i] = reduce_channel(pixel >> 16 & 255, red_max, red_scale)
				<< 16 |
			reduce_channel(pixel >> 8 & 255, green_max, green_scale)
				<< 8 |
			reduce_channel(pixel & 255, blue_max, blue_scale);
	}
}

bool pixel_format_keeps_colours(const struct pixel_format *format)
{
	return format->red_max >= 255 && format->green_max >= 255 &&
	       format->blue_max >= 255;
}

void pixel_format_reduce(const struct pixel_format *format,
	uint32_t *restrict to, const uint32_t *restrict from, size_t count)
{
	if (!pixel_format_keeps_colours(format)) {
		reduce_narrow(format, to, from, count);
		return;
	}
#pragma omp simd
	for (size_t i = 0; i < count; i++)
		to[i] = from[i] & 0xffffff;
}

static inline void store_3(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)value;
	to[1] = (uint8_t)(value >> 8);
	to[2] = (uint8_t)(value >> 16);
}

static inline void store_4(uint8_t *to, uint32_t value)
{
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		value = __builtin_bswap32(value);
	memcpy(to, &value, 4);
}

/* Three bytes a pixel, the lowest byte of the shuffled value first: four pixels
 * are three whole words. */
static void convert_24(uint8_t *restrict to, const uint32_t *restrict from,
	size_t count, unsigned red, unsigned green, unsigned blue)
{
	size_t i = 0;

	for (; i + 4 <= count; i += 4, to += 12) {
		uint32_t a = shuffle_888(from[i], red, green, blue);
		uint32_t b = shuffle_888(from[i + 1], red, green, blue);
		uint32_t c = shuffle_888(from[i + 2], red, green, blue);
		uint32_t d = shuffle_888(from[i + 3], red, green, blue);

		store_4(to, a | b << 24);
		store_4(to + 4, b >> 8 | c << 16);
		store_4(to + 8, c >> 16 | d << 8);
	}
	for (; i < count; i++, to += 3)
		store_3(to, shuffle_888(from[i], red, green, blue));
}

static uint32_t colour_bits(const struct pixel_format *format)
{
	return (uint32_t)format->red_max << format->red_shift |
	       (uint32_t)format->green_max << format->green_shift |
	       (uint32_t)format->blue_max << format->blue_shift;
}

size_t pixel_format_cpixel_size(const struct pixel_format *format)
{
	uint32_t bits;

	if (format->bits_per_pixel != 32 || format->depth > 24)
		return format->bits_per_pixel / 8;
	bits = colour_bits(format);
	return (bits & 0xff000000) == 0 || (bits & 0xff) == 0 ? 3 : 4;
}

static void convert_cpixel_slowly(const struct pixel_format *format,
	unsigned dropped, uint8_t *to, const uint32_t *from, size_t count)
{
	unsigned first = format->big_endian ? 16 : 0;
	unsigned last = 16 - first;

	for (size_t i = 0; i < count; i++, to += 3) {
		uint32_t value = pixel_format_value(format, from[i]) >> dropped;

		to[0] = (uint8_t)(value >> first);
		to[1] = (uint8_t)(value >> 8);
		to[2] = (uint8_t)(value >> last);
	}
}

void pixel_format_convert_cpixel(const struct pixel_format *format, uint8_t *to,
	const uint32_t *from, size_t count)
{
	unsigned dropped = (colour_bits(format) & 0xff000000) == 0 ? 0 : 8;
	unsigned red = format->red_shift - dropped;
	unsigned green = format->green_shift - dropped;
	unsigned blue = format->blue_shift - dropped;

	if (pixel_format_cpixel_size(format) != 3)
		pixel_format_convert(format, to, from, count);
	else if (!is_888(format) || !is_byte_aligned(format))
		convert_cpixel_slowly(format, dropped, to, from, count);
	else if (format->big_endian)
		convert_24(to, from, count, 16 - red, 16 - green, 16 - blue);
	else
		convert_24(to, from, count, red, green, blue);
}

size_t pixel_format_tpixel_size(const struct pixel_format *format)
{
	if (format->bits_per_pixel == 32 && format->depth == 24 &&
		is_888(format))
		return 3;
	return format->bits_per_pixel / 8;
}

void pixel_format_convert_tpixel(const struct pixel_format *format, uint8_t *to,
	const uint32_t *from, size_t count)
{
	if (pixel_format_tpixel_size(format) == 3)
		convert_24(to, from, count, 0, 8, 16);
	else
		pixel_format_convert(format, to, from, count);
}
