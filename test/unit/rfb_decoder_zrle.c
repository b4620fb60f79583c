/* rfb_decoder_zrle.c - the viewer's half of ZRLE and TRLE. */
#include "test/unit/rfb_decoder_parts.h"

#include <stdlib.h>

static uint32_t colour_bits(const struct pixel_format *format)
{
	return (uint32_t)format->red_max << format->red_shift |
	       (uint32_t)format->green_max << format->green_shift |
	       (uint32_t)format->blue_max << format->blue_shift;
}

/* RFC 6143 section 7.7.5, CPIXEL. */
static uint32_t read_cpixel(const struct decoder *decoder, struct reader *in)
{
	const struct pixel_format *format = &decoder->format;
	uint32_t bits = colour_bits(format);
	const uint8_t *at;
	unsigned up;

	if (format->bits_per_pixel != 32 || format->depth > 24 ||
		(bits >> 24 != 0 && (bits & 255) != 0))
		return decoder_pixel(decoder, in);
	up = bits >> 24 == 0 ? 0 : 8;
	at = reader_take(in, 3);
	return at == NULL
		       ? 0
		       : decoder_bytes_value(at, 3, format->big_endian) << up;
}

static int read_run(struct reader *in)
{
	int length = 1, byte;

	do {
		byte = reader_u8(in);
		length += byte;
	} while (byte == 255);
	return length;
}

static bool decode_zrle_runs(struct decoder *decoder, struct reader *in,
	struct rect tile, const uint32_t *palette, int colours,
	struct canvas *canvas)
{
	int count = tile.width * tile.height;
	int at = 0;

	while (at < count && !in->overrun) {
		uint32_t value = 0;
		int length = 1;

		if (colours == 0) {
			value = read_cpixel(decoder, in);
			length = read_run(in);
		} else {
			int index = reader_u8(in);

			if ((index & 127) >= colours)
				return decoder_fail(decoder, "zrle: index");
			value = palette[index & 127];
			if (index & 128)
				length = read_run(in);
		}
		if (length > count - at)
			return decoder_fail(
				decoder, "zrle: run leaves its tile");
		for (; length > 0; length--, at++)
			canvas_put(canvas, tile.x + at % tile.width,
				tile.y + at / tile.width, value, false);
	}
	return true;
}

static bool decode_zrle_packed(struct decoder *decoder, struct reader *in,
	struct rect tile, const uint32_t *palette, int colours,
	struct canvas *canvas)
{
	int bits = colours == 2 ? 1 : colours <= 4 ? 2 : 4;

	for (int y = 0; y < tile.height; y++) {
		int byte = 0, left = 0;

		for (int x = 0; x < tile.width; x++) {
			int index;

			if (left == 0) {
				byte = reader_u8(in);
				left = 8;
			}
			left -= bits;
			index = byte >> left & ((1 << bits) - 1);
			if (index >= colours)
				return decoder_fail(
					decoder, "zrle: packed index");
			canvas_put(canvas, tile.x + x, tile.y + y,
				palette[index], false);
		}
		if ((byte & ((1 << left) - 1)) != 0)
			return decoder_fail(decoder, "zrle: padding bits");
	}
	return true;
}

/* `raw` is the first of five forms. */
static bool decode_tile(struct decoder *decoder, struct reader *in,
	struct rect tile, enum decoder_form raw, struct canvas *canvas)
{
	int subencoding = reader_u8(in);
	int colours = subencoding & 127;
	uint32_t palette[128];

	if (subencoding == 0) {
		decoder->forms[raw]++;
		for (int i = 0; i < tile.width * tile.height; i++)
			canvas_put(canvas, tile.x + i % tile.width,
				tile.y + i / tile.width,
				read_cpixel(decoder, in), false);
		return true;
	}
	if ((subencoding > 16 && subencoding < 128) || subencoding == 129)
		return decoder_fail(decoder, "zrle: unused subencoding");
	for (int i = 0; i < colours; i++)
		palette[i] = read_cpixel(decoder, in);
	if (subencoding == 1) {
		decoder->forms[raw + 1]++;
		canvas_fill(canvas, tile, palette[0]);
		return true;
	}
	if (subencoding < 128) {
		decoder->forms[raw + 2]++;
		return decode_zrle_packed(
			decoder, in, tile, palette, colours, canvas);
	}
	decoder->forms[colours > 0 ? raw + 4 : raw + 3]++;
	return decode_zrle_runs(decoder, in, tile, palette, colours, canvas);
}

static bool decode_tiles(struct decoder *decoder, struct reader *in,
	struct rect rect, int side, enum decoder_form raw,
	struct canvas *canvas)
{
	for (int y = 0; y < rect.height; y += side)
		for (int x = 0; x < rect.width; x += side) {
			struct rect tile = { rect.x + x, rect.y + y, side,
				side };

			if (!decode_tile(decoder, in,
				    rect_intersect(tile, rect), raw, canvas))
				return false;
		}
	return true;
}

bool decoder_trle(struct decoder *decoder, struct reader *in, struct rect rect,
	struct canvas *canvas)
{
	return decode_tiles(decoder, in, rect, 16, DECODED_TRLE_RAW, canvas);
}

bool decoder_zrle(struct decoder *decoder, struct reader *in, struct rect rect,
	struct canvas *canvas)
{
	size_t most = (size_t)rect.width * (size_t)rect.height * 6 + 65536;
	uint32_t length = reader_u32(in);
	const uint8_t *bytes = reader_take(in, length);
	struct reader plain;
	size_t got;
	uint8_t *out;
	bool good;

	if (bytes == NULL)
		return decoder_fail(decoder, "zrle: ends early");
	out = decoder_inflate(
		decoder, &decoder->zrle, bytes, length, most, &got);
	if (out == NULL)
		return false;
	reader_init(&plain, out, got);
	good = decode_tiles(
		decoder, &plain, rect, 64, DECODED_ZRLE_RAW, canvas);
	if (good && (plain.overrun || reader_left(&plain) != 0))
		good = decoder_fail(
			decoder, "zrle: tiles and bytes do not match");
	free(out);
	return good;
}
