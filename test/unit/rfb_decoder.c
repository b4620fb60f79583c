#include "test/unit/rfb_decoder_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "rfb/encoding_list.h"

void canvas_init(struct canvas *canvas, int width, int height)
{
	size_t count = (size_t)width * (size_t)height;

	canvas->width = width;
	canvas->height = height;
	canvas->values = xcalloc(count, sizeof(*canvas->values));
	canvas->painted = xcalloc(count, 1);
	canvas->lossy = xcalloc(count, 1);
}

void canvas_finish(struct canvas *canvas)
{
	free(canvas->values);
	free(canvas->painted);
	free(canvas->lossy);
}

void canvas_forget_painted(struct canvas *canvas)
{
	memset(canvas->painted, 0,
		(size_t)canvas->width * (size_t)canvas->height);
}

void canvas_put(struct canvas *canvas, int x, int y, uint32_t value, bool lossy)
{
	size_t at = (size_t)y * (size_t)canvas->width + (size_t)x;

	canvas->values[at] = value;
	canvas->lossy[at] = lossy;
	if (canvas->painted[at] < 255)
		canvas->painted[at]++;
}

void decoder_init(struct decoder *decoder, const struct pixel_format *format)
{
	memset(decoder, 0, sizeof(*decoder));
	decoder->format = pixel_format_effective(format);
	inflateInit(&decoder->zrle);
	inflateInit(&decoder->zlib);
	for (int i = 0; i < DECODER_TIGHT_STREAMS; i++)
		inflateInit(&decoder->tight[i]);
}

void decoder_finish(struct decoder *decoder)
{
	inflateEnd(&decoder->zrle);
	inflateEnd(&decoder->zlib);
	buffer_finish(&decoder->tables[0]);
	buffer_finish(&decoder->tables[1]);
	for (int i = 0; i < DECODER_TIGHT_STREAMS; i++)
		inflateEnd(&decoder->tight[i]);
}

bool decoder_fail(struct decoder *decoder, const char *why)
{
	if (decoder->why == NULL)
		decoder->why = why;
	return false;
}

uint32_t decoder_bytes_value(
	const uint8_t *bytes, unsigned count, bool big_endian)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned at = big_endian ? i : count - 1 - i;

		value = value << 8 | bytes[at];
	}
	return value;
}

uint32_t decoder_pixel(const struct decoder *decoder, struct reader *in)
{
	unsigned bytes = decoder->format.bits_per_pixel / 8;
	const uint8_t *at = reader_take(in, bytes);

	return at == NULL ? 0
			  : decoder_bytes_value(
				    at, bytes, decoder->format.big_endian);
}

void canvas_fill(struct canvas *canvas, struct rect rect, uint32_t value)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			canvas_put(canvas, x, y, value, false);
}

static bool decode_raw(struct decoder *decoder, struct reader *in,
	struct rect rect, struct canvas *canvas)
{
	decoder->forms[DECODED_RAW]++;
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			canvas_put(canvas, x, y, decoder_pixel(decoder, in),
				false);
	return true;
}

struct hextile {
	bool has_background, has_foreground;
	uint32_t background, foreground;
};

static bool decode_hextile_subrects(struct decoder *decoder, struct reader *in,
	struct rect tile, bool coloured, uint32_t foreground,
	struct canvas *canvas)
{
	int count = reader_u8(in);

	if (count == 0)
		return decoder_fail(decoder, "hextile: no subrectangles");
	for (int i = 0; i < count; i++) {
		uint32_t value =
			coloured ? decoder_pixel(decoder, in) : foreground;
		int at = reader_u8(in), size = reader_u8(in);
		struct rect sub = { at >> 4, at & 15, (size >> 4) + 1,
			(size & 15) + 1 };

		if (sub.x + sub.width > tile.width ||
			sub.y + sub.height > tile.height)
			return decoder_fail(
				decoder, "hextile: outside its tile");
		sub.x += tile.x;
		sub.y += tile.y;
		canvas_fill(canvas, sub, value);
	}
	return true;
}

/* Subrectangles paint over the background, and a pixel painted twice in a
 * tile is still painted once for the test. */
static void settle_tile(
	struct canvas *canvas, struct rect tile, const uint8_t *before)
{
	for (int y = 0; y < tile.height; y++)
		for (int x = 0; x < tile.width; x++)
			canvas->painted[(size_t)(tile.y + y) *
						(size_t)canvas->width +
					(size_t)(tile.x + x)] =
				(uint8_t)(before[y * 16 + x] + 1);
}

static bool decode_hextile_tile(struct decoder *decoder, struct reader *in,
	struct hextile *memory, struct rect tile, struct canvas *canvas)
{
	int mask = reader_u8(in);
	uint8_t before[256];

	if (mask & 1) {
		decoder->forms[DECODED_HEXTILE_RAW]++;
		*memory = (struct hextile){ 0 };
		if (mask != 1)
			return decoder_fail(decoder, "hextile: raw and more");
		decoder->forms[DECODED_RAW]--;
		return decode_raw(decoder, in, tile, canvas);
	}
	for (int y = 0; y < tile.height; y++)
		memcpy(before + y * 16,
			canvas->painted +
				(size_t)(tile.y + y) * (size_t)canvas->width +
				(size_t)tile.x,
			(size_t)tile.width);
	if (mask & 2) {
		memory->background = decoder_pixel(decoder, in);
		memory->has_background = true;
	}
	if (!memory->has_background)
		return decoder_fail(decoder, "hextile: no background");
	canvas_fill(canvas, tile, memory->background);
	if (mask & 4) {
		if (mask & 16)
			return decoder_fail(
				decoder, "hextile: foreground in colours");
		memory->foreground = decoder_pixel(decoder, in);
		memory->has_foreground = true;
	}
	decoder->forms[mask & 16  ? DECODED_HEXTILE_COLOURED
		       : mask & 8 ? DECODED_HEXTILE_MONO
				  : DECODED_HEXTILE_SOLID]++;
	if (mask & 8) {
		if (!(mask & 16) && !memory->has_foreground)
			return decoder_fail(decoder, "hextile: no foreground");
		if (!decode_hextile_subrects(decoder, in, tile, mask & 16,
			    memory->foreground, canvas))
			return false;
		if (mask & 16)
			memory->has_foreground = false;
	}
	settle_tile(canvas, tile, before);
	return true;
}

static bool decode_hextile(struct decoder *decoder, struct reader *in,
	struct rect rect, struct canvas *canvas)
{
	struct hextile memory = { 0 };

	for (int y = 0; y < rect.height; y += 16)
		for (int x = 0; x < rect.width; x += 16) {
			struct rect tile = { rect.x + x, rect.y + y, 16, 16 };

			if (!decode_hextile_tile(decoder, in, &memory,
				    rect_intersect(tile, rect), canvas))
				return false;
		}
	return true;
}

/* Exactly `size` bytes must come out, or at most that where `exact` is not
 * set; *got says how many did. */
uint8_t *decoder_inflate(struct decoder *decoder, z_stream *stream,
	const uint8_t *bytes, size_t length, size_t size, size_t *got)
{
	uint8_t *out = xmalloc(size + 1);
	int result;

	stream->next_in = (Bytef *)bytes;
	stream->avail_in = (uInt)length;
	stream->next_out = out;
	stream->avail_out = (uInt)size + 1;
	result = inflate(stream, Z_SYNC_FLUSH);
	*got = size + 1 - stream->avail_out;
	if ((result != Z_OK && result != Z_STREAM_END) ||
		stream->avail_in != 0 || *got > size) {
		decoder_fail(decoder, "zlib data broken or of a wrong size");
		free(out);
		return NULL;
	}
	return out;
}

static struct rect read_subrect(struct reader *in, bool compact)
{
	struct rect sub;

	sub.x = compact ? reader_u8(in) : reader_u16(in);
	sub.y = compact ? reader_u8(in) : reader_u16(in);
	sub.width = compact ? reader_u8(in) : reader_u16(in);
	sub.height = compact ? reader_u8(in) : reader_u16(in);
	return sub;
}

/* Each pixel is the background or in one subrectangle, at most. */
static bool decode_rre(struct decoder *decoder, struct reader *in,
	struct rect rect, struct canvas *canvas, bool compact)
{
	uint32_t count = reader_u32(in);
	uint32_t background = decoder_pixel(decoder, in);
	size_t size = (size_t)rect.width * (size_t)rect.height;
	uint32_t *values = xcalloc(size, sizeof(*values));
	uint8_t *drawn = xcalloc(size, 1);
	bool good = !compact || (rect.width < 256 && rect.height < 256);

	decoder->forms[compact ? DECODED_CORRE : DECODED_RRE]++;
	for (uint32_t i = 0; i < count && good && !in->overrun; i++) {
		uint32_t value = decoder_pixel(decoder, in);
		struct rect sub = read_subrect(in, compact);

		good = !rect_is_empty(sub) && sub.x + sub.width <= rect.width &&
		       sub.y + sub.height <= rect.height;
		for (int at = 0; good && at < sub.width * sub.height; at++) {
			int x = sub.x + at % sub.width;
			int y = sub.y + at / sub.width;

			good = !drawn[y * rect.width + x];
			drawn[y * rect.width + x] = 1;
			values[y * rect.width + x] = value;
		}
	}
	for (int at = 0; good && at < (int)size; at++)
		canvas_put(canvas, rect.x + at % rect.width,
			rect.y + at / rect.width,
			drawn[at] ? values[at] : background, false);
	free(values);
	free(drawn);
	return good || decoder_fail(decoder, "rre: a wrong subrectangle");
}

static bool decode_zlib(struct decoder *decoder, struct reader *in,
	struct rect rect, struct canvas *canvas)
{
	size_t size = (size_t)rect.width * (size_t)rect.height *
		      decoder->format.bits_per_pixel / 8;
	uint32_t length = reader_u32(in);
	const uint8_t *bytes = reader_take(in, length);
	struct reader plain;
	uint8_t *out;
	size_t got;

	if (bytes == NULL)
		return decoder_fail(decoder, "zlib: ends early");
	out = decoder_inflate(
		decoder, &decoder->zlib, bytes, length, size, &got);
	if (out == NULL)
		return false;
	decoder->forms[DECODED_ZLIB]++;
	decoder->forms[DECODED_RAW]--;
	reader_init(&plain, out, got);
	decode_raw(decoder, &plain, rect, canvas);
	free(out);
	return got == size || decoder_fail(decoder, "zlib: too few bytes");
}

static bool decode_rect(
	struct decoder *decoder, struct reader *in, struct canvas *canvas)
{
	struct rect rect;
	int32_t encoding;

	rect.x = reader_u16(in);
	rect.y = reader_u16(in);
	rect.width = reader_u16(in);
	rect.height = reader_u16(in);
	encoding = reader_s32(in);
	if (rect_is_empty(rect))
		return decoder_fail(decoder, "an empty rectangle");
	if (rect.x + rect.width > canvas->width ||
		rect.y + rect.height > canvas->height)
		return decoder_fail(decoder, "a rectangle outside the frame");
	switch (encoding) {
	case ENCODING_RAW:
		return decode_raw(decoder, in, rect, canvas);
	case ENCODING_HEXTILE:
		return decode_hextile(decoder, in, rect, canvas);
	case ENCODING_RRE:
	case ENCODING_CORRE:
		return decode_rre(
			decoder, in, rect, canvas, encoding == ENCODING_CORRE);
	case ENCODING_ZLIB:
		return decode_zlib(decoder, in, rect, canvas);
	case ENCODING_TRLE:
		return decoder_trle(decoder, in, rect, canvas);
	case ENCODING_ZRLE:
		return decoder_zrle(decoder, in, rect, canvas);
	case ENCODING_TIGHT:
	case ENCODING_TIGHT_PNG:
		return decoder_tight(decoder, in, rect,
			encoding == ENCODING_TIGHT_PNG, canvas);
	case ENCODING_JPEG:
		return decoder_jpeg(decoder, in, rect, canvas);
	}
	return decoder_fail(decoder, "an encoding nobody knows");
}

bool decoder_rect(
	struct decoder *decoder, struct reader *in, struct canvas *canvas)
{
	return decode_rect(decoder, in, canvas) &&
	       (!in->overrun || decoder_fail(decoder, "too few bytes"));
}

bool decoder_rects(struct decoder *decoder, const uint8_t *bytes, size_t length,
	unsigned count, struct canvas *canvas)
{
	struct reader in;

	reader_init(&in, bytes, length);
	for (unsigned i = 0; i < count; i++)
		if (!decoder_rect(decoder, &in, canvas))
			return false;
	return reader_left(&in) == 0 ||
	       decoder_fail(decoder, "bytes left over");
}
