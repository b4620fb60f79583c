/* cursor_bitmap.c - the forms whose pixels are there or not. */
#include <stdbool.h>

#include "rfb/cursor.h"
#include "rfb/cursor_pair.h"
#include "rfb/cursor_pixel.h"

/* What is there, or only what of it is dark. */
static bool is_set(uint32_t pixel, const struct cursor_pair *dark_of)
{
	return cursor_pair_is_opaque(pixel) &&
	       (dark_of == NULL || cursor_pair_is_dark(dark_of, pixel));
}

static void write_bitmap(const struct cursor_image *image,
	const struct cursor_pair *dark_of, struct buffer *to)
{
	for (int y = 0; y < image->height; y++) {
		const uint32_t *row =
			image->pixels + (size_t)y * (size_t)image->width;

		for (int x = 0; x < image->width; x += 8) {
			uint8_t byte = 0;

			for (int i = 0; i < 8 && x + i < image->width; i++)
				if (is_set(row[x + i], dark_of))
					byte |= (uint8_t)(0x80 >> i);
			buffer_u8(to, byte);
		}
	}
}

/* RFC 6143 section 7.8.1. */
static void write_pixels(const struct cursor_image *image,
	const struct pixel_format *format, struct rect_writer *to)
{
	size_t count = (size_t)image->width * (size_t)image->height;
	struct pixel_format effective = pixel_format_effective(format);
	size_t bytes = effective.bits_per_pixel / 8;

	cursor_begin(image, ENCODING_CURSOR, to);
	for (size_t i = 0; i < count; i++) {
		uint32_t colour = cursor_pixel_straight(image->pixels[i]);
		uint8_t value[4];

		pixel_format_convert(&effective, value, &colour, 1);
		buffer_append(&to->bytes, value, bytes);
	}
	write_bitmap(image, NULL, &to->bytes);
}

static void write_rgb(struct buffer *to, uint32_t colour)
{
	buffer_u8(to, (uint8_t)(colour >> 16));
	buffer_u8(to, (uint8_t)(colour >> 8));
	buffer_u8(to, (uint8_t)colour);
}

/* rfbproto, "X Cursor Pseudo-encoding": the dark colour is the first. */
static void write_two_colours(const struct cursor_image *image,
	const struct pixel_format *format, struct rect_writer *to)
{
	struct cursor_pair pair = cursor_pair_find(image);

	(void)format;
	cursor_begin(image, ENCODING_X_CURSOR, to);
	if (image->width == 0 || image->height == 0)
		return; /* no colours either */
	write_rgb(&to->bytes, pair.dark);
	write_rgb(&to->bytes, pair.light);
	write_bitmap(image, &pair, &to->bytes);
	write_bitmap(image, NULL, &to->bytes);
}

const struct cursor_form cursor_form_pixels = {
	.number = ENCODING_CURSOR,
	.write = write_pixels,
};

const struct cursor_form cursor_form_two_colours = {
	.number = ENCODING_X_CURSOR,
	.write = write_two_colours,
};
