#include "rfb/raw_pixels.h"

void raw_pixels_append(const struct pixel_format *format,
	const struct frame *frame, struct rect area, struct buffer *to)
{
	size_t row = (size_t)area.width * format->bits_per_pixel / 8;
	uint8_t *pixels = buffer_reserve(to, row * (size_t)area.height);

	if (pixels == NULL)
		return;
	for (int y = 0; y < area.height; y++)
		pixel_format_convert(format, pixels + (size_t)y * row,
			frame_row(frame, area.y + y) + area.x,
			(size_t)area.width);
	buffer_commit(to, row * (size_t)area.height);
}

int raw_pixels_rows(const struct pixel_format *format, int width, size_t bytes)
{
	size_t row = (size_t)width * format->bits_per_pixel / 8;
	size_t rows = bytes / row;

	return rows > 0 ? (int)rows : 1;
}
