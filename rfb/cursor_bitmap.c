/* cursor_bitmap.c - the forms whose pixels are there or not: alpha of one half
 * and more is there. */
#include <stdbool.h>

#include "rfb/cursor.h"
#include "rfb/cursor_pixel.h"

enum { MOST_SIDE = 256 }; /* TigerVNC disconnects above */

static bool is_opaque(uint32_t pixel)
{
	return pixel >> 24 >= 128;
}

/* By the eye's weights. */
static bool is_dark(uint32_t pixel)
{
	uint32_t colour = cursor_pixel_straight(pixel);

	return (colour >> 16) * 299 + (colour >> 8 & 255) * 587 +
		       (colour & 255) * 114 <
	       128 * 1000;
}

static bool is_opaque_and_dark(uint32_t pixel)
{
	return is_opaque(pixel) && is_dark(pixel);
}

static void write_bitmap(const struct cursor_image *image,
	bool (*is_set)(uint32_t pixel), struct buffer *to)
{
	for (int y = 0; y < image->height; y++) {
		const uint32_t *row =
			image->pixels + (size_t)y * (size_t)image->width;

		for (int x = 0; x < image->width; x += 8) {
			uint8_t byte = 0;

			for (int i = 0; i < 8 && x + i < image->width; i++)
				if (is_set(row[x + i]))
					byte |= (uint8_t)(0x80 >> i);
			buffer_u8(to, byte);
		}
	}
}

static void begin(const struct cursor_image *image, int32_t number,
	struct rect_writer *to)
{
	rect_writer_begin(to,
		(struct rect){ image->hot_x, image->hot_y, image->width,
			image->height },
		number);
}

/* RFC 6143 section 7.8.1. */
static void write_pixels(const struct cursor_image *image,
	const struct pixel_format *format, struct rect_writer *to)
{
	size_t count = (size_t)image->width * (size_t)image->height;
	struct pixel_format effective = pixel_format_effective(format);
	size_t bytes = effective.bits_per_pixel / 8;

	begin(image, ENCODING_CURSOR, to);
	for (size_t i = 0; i < count; i++) {
		uint32_t colour = cursor_pixel_straight(image->pixels[i]);
		uint8_t value[4];

		pixel_format_convert(&effective, value, &colour, 1);
		buffer_append(&to->bytes, value, bytes);
	}
	write_bitmap(image, is_opaque, &to->bytes);
}

/* rfbproto, "X Cursor Pseudo-encoding". The colours are the mean of the dark
 * and of the light half. */
static uint32_t mean_colour(const struct cursor_image *image, bool dark)
{
	size_t count = (size_t)image->width * (size_t)image->height;
	uint64_t sums[3] = { 0 };
	uint64_t seen = 0;
	uint32_t result = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t colour = cursor_pixel_straight(image->pixels[i]);

		if (!is_opaque(image->pixels[i]) ||
			is_dark(image->pixels[i]) != dark)
			continue;
		seen++;
		for (unsigned at = 0; at < 3; at++)
			sums[at] += colour >> at * 8 & 255;
	}
	if (seen == 0)
		return dark ? 0 : 0xffffff;
	for (unsigned at = 0; at < 3; at++)
		result |= (uint32_t)((sums[at] + seen / 2) / seen) << at * 8;
	return result;
}

static void write_rgb(struct buffer *to, uint32_t colour)
{
	buffer_u8(to, (uint8_t)(colour >> 16));
	buffer_u8(to, (uint8_t)(colour >> 8));
	buffer_u8(to, (uint8_t)colour);
}

static void write_two_colours(const struct cursor_image *image,
	const struct pixel_format *format, struct rect_writer *to)
{
	(void)format;
	begin(image, ENCODING_X_CURSOR, to);
	if (image->width == 0 || image->height == 0)
		return; /* no colours either */
	write_rgb(&to->bytes, mean_colour(image, true));
	write_rgb(&to->bytes, mean_colour(image, false));
	write_bitmap(image, is_opaque_and_dark, &to->bytes);
	write_bitmap(image, is_opaque, &to->bytes);
}

const struct cursor_form cursor_form_pixels = {
	.name = "cursor",
	.number = ENCODING_CURSOR,
	.most_side = MOST_SIDE,
	.write = write_pixels,
};

const struct cursor_form cursor_form_two_colours = {
	.name = "X cursor",
	.number = ENCODING_X_CURSOR,
	.most_side = MOST_SIDE,
	.write = write_two_colours,
};
