#include "rfb/png.h"

#include <zlib.h>

enum { COLOUR_RGB = 2, COLOUR_PALETTE = 3 };

size_t png_row_bytes(int width, int bits)
{
	return 1 + ((size_t)width * (size_t)bits + 7) / 8;
}

/* A chunk is the length of its data, its type, data, and a checksum of both;
 * the length is not known yet. Returns where it begins. */
static size_t chunk_begin(struct buffer *to, const char *type)
{
	size_t offset = buffer_length(to);

	buffer_u32(to, 0);
	buffer_text(to, type);
	return offset;
}

static void chunk_end(struct buffer *to, size_t offset)
{
	size_t count = buffer_length(to) - offset - 4; /* with the type */

	if (to->failed)
		return;
	buffer_put_u32(to, offset, (uint32_t)(count - 4));
	buffer_u32(to,
		(uint32_t)crc32(0, buffer_bytes(to) + offset + 4, (uInt)count));
}

static void write_header(const struct png *png, struct buffer *to)
{
	size_t chunk = chunk_begin(to, "IHDR");
	bool is_rgb = png->bits == PNG_RGB_BITS;

	buffer_u32(to, (uint32_t)png->width);
	buffer_u32(to, (uint32_t)png->height);
	buffer_u8(to, is_rgb ? 8 : (uint8_t)png->bits); /* of a sample */
	buffer_u8(to, is_rgb ? COLOUR_RGB : COLOUR_PALETTE);
	buffer_u8(to, 0); /* compression, filters: the only ones there are */
	buffer_u8(to, 0);
	buffer_u8(to, 0); /* not interlaced */
	chunk_end(to, chunk);
}

static void write_palette(const struct png *png, struct buffer *to)
{
	size_t chunk = chunk_begin(to, "PLTE");

	for (int i = 0; i < png->colour_count; i++) {
		buffer_u8(to, (uint8_t)(png->colours[i] >> 16));
		buffer_u8(to, (uint8_t)(png->colours[i] >> 8));
		buffer_u8(to, (uint8_t)png->colours[i]);
	}
	chunk_end(to, chunk);
}

void png_write(const struct png *png, struct whole_deflater *deflater,
	int level, struct buffer *to)
{
	static const uint8_t signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n',
		0x1a, '\n' };
	size_t rows =
		png_row_bytes(png->width, png->bits) * (size_t)png->height;
	size_t chunk;

	buffer_append(to, signature, sizeof(signature));
	write_header(png, to);
	if (png->bits != PNG_RGB_BITS)
		write_palette(png, to);
	chunk = chunk_begin(to, "IDAT");
	whole_deflater_write(deflater, level, png->rows, rows, to);
	chunk_end(to, chunk);
	chunk_end(to, chunk_begin(to, "IEND"));
}
