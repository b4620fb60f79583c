#include "server/status/screenshot_file.h"

#include <stdlib.h>
#include <turbojpeg.h>

#include "base/frame.h"
#include "rfb/png.h"

enum { PNG_LEVEL = 4, JPEG_QUALITY = 85 };

/* Each channel less the one of the pixel to its left. */
static void write_row(uint8_t *row, const uint32_t *pixels, int width)
{
	uint32_t left = 0;
	int x;

	*row++ = PNG_FILTER_SUB;
	for (x = 0; x < width; x++) {
		uint32_t pixel = pixels[x];

		*row++ = (uint8_t)((pixel >> 16) - (left >> 16));
		*row++ = (uint8_t)((pixel >> 8) - (left >> 8));
		*row++ = (uint8_t)(pixel - left);
		left = pixel;
	}
}

void screenshot_file_png(const struct frame *frame, struct buffer *to)
{
	size_t row_bytes = png_row_bytes(frame->width, PNG_RGB_BITS);
	uint8_t *rows = malloc(row_bytes * (size_t)frame->height);
	struct whole_deflater deflater = { 0 };
	int y;

	if (rows == NULL) {
		to->failed = true;
		return;
	}
	for (y = 0; y < frame->height; y++)
		write_row(rows + (size_t)y * row_bytes, frame_row(frame, y),
			frame->width);
	png_write(&(struct png){ .width = frame->width,
			  .height = frame->height,
			  .bits = PNG_RGB_BITS,
			  .rows = rows },
		&deflater, PNG_LEVEL, to);
	whole_deflater_finish(&deflater);
	free(rows);
}

void screenshot_file_jpeg(const struct frame *frame, struct buffer *to)
{
	const int format = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
				   ? TJPF_BGRX
				   : TJPF_XRGB;
	tjhandle handle = tjInitCompress();
	unsigned char *bytes = NULL;
	unsigned long length = 0;

	if (handle == NULL ||
		tjCompress2(handle, frame->pixels, frame->width,
			(int)frame->stride, frame->height, format, &bytes,
			&length, TJSAMP_444, JPEG_QUALITY, 0) != 0)
		to->failed = true;
	else
		buffer_append(to, bytes, length);
	tjFree(bytes);
	if (handle != NULL)
		tjDestroy(handle);
}
