/* rfb_decoder_image.c - pictures in files: JPEG, with tables left out, and the
 * PNG that TightPNG needs. */
#include "test/unit/rfb_decoder_parts.h"

#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "base/xmalloc.h"

bool decoder_paint_jpeg(struct decoder *decoder, const uint8_t *bytes,
	size_t length, struct rect rect, struct canvas *canvas)
{
	tjhandle handle = tjInitDecompress();
	int width = 0, height = 0, subsampling, colourspace;
	uint8_t *rgb = xmalloc((size_t)(rect.width * rect.height) * 3);
	const uint8_t *at = rgb;
	bool good;

	good = bytes != NULL &&
	       tjDecompressHeader3(handle, bytes, length, &width, &height,
		       &subsampling, &colourspace) == 0 &&
	       width == rect.width && height == rect.height &&
	       tjDecompress2(handle, bytes, length, rgb, width, 0, height,
		       TJPF_RGB, 0) == 0;
	for (int i = 0; good && i < width * height; i++, at += 3)
		canvas_put(canvas, rect.x + i % width, rect.y + i / width,
			pixel_format_value(&decoder->format,
				(uint32_t)(at[0] << 16 | at[1] << 8 | at[2])),
			true);
	free(rgb);
	tjDestroy(handle);
	if (decoder->format.bits_per_pixel < 16)
		return decoder_fail(decoder, "JPEG with 8 bits a pixel");
	return good || decoder_fail(decoder, "JPEG broken or of another size");
}

static bool is_table(int type)
{
	return type == 0xdb || type == 0xc4;
}

/* Of the scan that begins at `from`: its end, where another marker than a
 * restart comes; 0 where there is none. */
static size_t scan_end(const uint8_t *bytes, size_t from, size_t length)
{
	for (size_t at = from; at + 1 < length; at++)
		if (bytes[at] == 0xff && bytes[at + 1] != 0 &&
			(bytes[at + 1] & 0xf8) != 0xd0)
			return at;
	return 0;
}

/* What an image has of tables, and where it ends; 0 where it is none. */
static size_t read_segments(const uint8_t *bytes, size_t length,
	struct buffer *quantization, struct buffer *huffman)
{
	size_t at = 2;

	while (at + 4 <= length && bytes[at] == 0xff) {
		int type = bytes[at + 1];
		size_t count =
			2u + (size_t)(bytes[at + 2] << 8 | bytes[at + 3]);

		if (type == 0xd9 || count > length - at)
			break;
		if (is_table(type))
			buffer_append(type == 0xdb ? quantization : huffman,
				bytes + at, count);
		at += count;
		if (type == 0xda)
			at = scan_end(bytes, at, length);
		if (at == 0)
			return 0;
		if (type == 0xda)
			break;
	}
	return at + 2 <= length && bytes[at] == 0xff && bytes[at + 1] == 0xd9
		       ? at + 2
		       : 0;
}

/* An image's own tables become those remembered; without any, the remembered
 * ones are its. */
static void remember(struct decoder *decoder, struct buffer *remembered,
	struct buffer *found, bool *reused)
{
	*reused = buffer_length(found) == 0;
	if (!*reused) {
		buffer_finish(remembered);
		*remembered = *found;
		return;
	}
	if (buffer_length(remembered) == 0)
		decoder_fail(decoder, "jpeg: no tables yet");
	decoder->forms[DECODED_JPEG_REUSED]++;
	buffer_finish(found);
}

bool decoder_jpeg(struct decoder *decoder, struct reader *in, struct rect rect,
	struct canvas *canvas)
{
	const uint8_t *bytes = in->bytes + in->position;
	struct buffer found[2] = { { 0 }, { 0 } };
	struct buffer whole = { 0 };
	size_t length =
		read_segments(bytes, reader_left(in), &found[0], &found[1]);
	bool reused, good;

	if (length == 0 || bytes[0] != 0xff || bytes[1] != 0xd8)
		return decoder_fail(decoder, "jpeg: no image");
	decoder->forms[DECODED_JPEG]++;
	buffer_append(&whole, bytes, 2);
	for (int i = 0; i < 2; i++) {
		remember(decoder, &decoder->tables[i], &found[i], &reused);
		if (reused)
			buffer_append(&whole, buffer_bytes(&decoder->tables[i]),
				buffer_length(&decoder->tables[i]));
	}
	reader_take(in, length);
	buffer_append(&whole, bytes + 2, length - 2);
	good = decoder->why == NULL &&
	       decoder_paint_jpeg(decoder, buffer_bytes(&whole),
		       buffer_length(&whole), rect, canvas);
	buffer_finish(&whole);
	return good;
}

struct png {
	int bits, type; /* of IHDR */
	uint32_t palette[256];
	int colours;
	struct buffer data;
	bool has_end;
};

static bool read_png_header(
	struct png *png, struct reader *in, struct rect rect)
{
	bool good = reader_u32(in) == (uint32_t)rect.width &&
		    reader_u32(in) == (uint32_t)rect.height;

	png->bits = reader_u8(in);
	png->type = reader_u8(in);
	return good && reader_u8(in) == 0 && reader_u8(in) == 0 &&
	       reader_u8(in) == 0 &&
	       (png->type == 3 || (png->type == 2 && png->bits == 8));
}

static bool read_png_palette(struct png *png, struct reader *in, size_t length)
{
	if (png->type != 3 || length % 3 != 0 || length == 0 ||
		length / 3 > 1u << png->bits)
		return false;
	for (; png->colours < (int)(length / 3); png->colours++) {
		const uint8_t *at = reader_take(in, 3);

		png->palette[png->colours] =
			(uint32_t)(at[0] << 16 | at[1] << 8 | at[2]);
	}
	return true;
}

static bool read_png_chunk(struct png *png, struct reader *in, struct rect rect)
{
	uint32_t length = reader_u32(in);
	const uint8_t *bytes = reader_take(in, length + 4u);
	uint32_t sum = reader_u32(in);
	struct reader data;

	if (in->overrun || crc32(0, bytes, length + 4u) != sum)
		return false;
	reader_init(&data, bytes + 4, length);
	if (memcmp(bytes, "IHDR", 4) == 0)
		return length == 13 && png->bits == 0 &&
		       read_png_header(png, &data, rect);
	if (memcmp(bytes, "PLTE", 4) == 0)
		return png->colours == 0 &&
		       read_png_palette(png, &data, length);
	if (memcmp(bytes, "IDAT", 4) == 0)
		buffer_append(&png->data, bytes + 4, length);
	png->has_end = memcmp(bytes, "IEND", 4) == 0 && length == 0;
	return png->has_end || memcmp(bytes, "IDAT", 4) == 0;
}

/* A whole zlib stream with its checksum. */
static uint8_t *inflate_whole(const struct buffer *data, size_t size)
{
	uint8_t *out = xmalloc(size + 1);
	z_stream stream = { 0 };
	bool good;

	inflateInit(&stream);
	stream.next_in = buffer_bytes(data);
	stream.avail_in = (uInt)buffer_length(data);
	stream.next_out = out;
	stream.avail_out = (uInt)size + 1;
	good = inflate(&stream, Z_FINISH) == Z_STREAM_END &&
	       stream.avail_in == 0 && stream.avail_out == 1;
	inflateEnd(&stream);
	if (good)
		return out;
	free(out);
	return NULL;
}

static bool paint_png_row(const struct decoder *decoder, const struct png *png,
	uint8_t *row, size_t bytes, struct rect line, struct canvas *canvas)
{
	if (row[0] > 1)
		return false;
	for (size_t i = 4; row[0] == 1 && i < bytes; i++)
		row[i] = (uint8_t)(row[i] + row[i - 3]);
	for (int x = 0; x < line.width; x++) {
		const uint8_t *rgb = row + 1 + x * 3;
		int bit = x * png->bits, index;
		uint32_t colour;

		if (png->type == 2) {
			colour =
				(uint32_t)(rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
		} else {
			index = row[1 + bit / 8] >> (8 - bit % 8 - png->bits) &
				((1 << png->bits) - 1);
			if (index >= png->colours)
				return false;
			colour = png->palette[index];
		}
		canvas_put(canvas, line.x + x, line.y,
			pixel_format_value(&decoder->format, colour), false);
	}
	return true;
}

static bool paint_png(struct decoder *decoder, const struct png *png,
	struct rect rect, struct canvas *canvas)
{
	int bits = png->type == 2 ? 24 : png->bits;
	size_t row = 1 + ((size_t)rect.width * (size_t)bits + 7) / 8;
	uint8_t *rows = inflate_whole(&png->data, row * (size_t)rect.height);
	bool good = rows != NULL && (png->type == 2 || png->colours > 0);

	for (int y = 0; good && y < rect.height; y++)
		good = paint_png_row(decoder, png, rows + (size_t)y * row, row,
			(struct rect){ rect.x, rect.y + y, rect.width, 1 },
			canvas);
	free(rows);
	decoder->forms[png->type == 2 ? DECODED_PNG_RGB
				      : DECODED_PNG_PALETTE]++;
	return good;
}

bool decoder_paint_png(struct decoder *decoder, const uint8_t *bytes,
	size_t length, struct rect rect, struct canvas *canvas)
{
	struct png png = { .bits = 0 };
	struct reader in;
	bool good;

	reader_init(&in, bytes, length);
	good = bytes != NULL && length > 8 &&
	       memcmp(reader_take(&in, 8), "\x89PNG\r\n\x1a\n", 8) == 0;
	while (good && !png.has_end)
		good = read_png_chunk(&png, &in, rect);
	good = good && reader_left(&in) == 0 &&
	       paint_png(decoder, &png, rect, canvas);
	buffer_finish(&png.data);
	return good || decoder_fail(decoder, "png: broken");
}
