/* rfb_decoder_tight.c - the viewer's half of rfbproto's "Tight Encoding". */
#include "test/unit/rfb_decoder_parts.h"

#include <stdlib.h>

#include "base/xmalloc.h"

static bool tpixel_is_rgb(const struct pixel_format *format)
{
	return format->bits_per_pixel == 32 && format->depth == 24 &&
	       format->red_max == 255 && format->green_max == 255 &&
	       format->blue_max == 255;
}

static uint32_t read_tpixel(const struct decoder *decoder, struct reader *in)
{
	const struct pixel_format *format = &decoder->format;
	const uint8_t *at;

	if (!tpixel_is_rgb(format))
		return decoder_pixel(decoder, in);
	at = reader_take(in, 3);
	if (at == NULL)
		return 0;
	return (uint32_t)at[0] << format->red_shift |
	       (uint32_t)at[1] << format->green_shift |
	       (uint32_t)at[2] << format->blue_shift;
}

static uint32_t read_compact(struct reader *in)
{
	uint32_t value = 0;

	for (unsigned shift = 0; shift <= 14; shift += 7) {
		uint32_t byte = reader_u8(in);

		if (shift == 14)
			return value | byte << 14;
		value |= (byte & 127) << shift;
		if (!(byte & 128))
			break;
	}
	return value;
}

static bool decode_tight_jpeg(struct decoder *decoder, struct reader *in,
	struct rect rect, struct canvas *canvas)
{
	uint32_t length = read_compact(in);
	const uint8_t *bytes = reader_take(in, length);

	decoder->forms[DECODED_TIGHT_JPEG]++;
	return decoder_paint_jpeg(decoder, bytes, length, rect, canvas);
}

static bool decode_tight_png(struct decoder *decoder, struct reader *in,
	struct rect rect, struct canvas *canvas)
{
	uint32_t length = read_compact(in);
	const uint8_t *bytes = reader_take(in, length);

	return decoder_paint_png(decoder, bytes, length, rect, canvas);
}

struct tight_data {
	uint32_t palette[256];
	int colours; /* 0: no palette */
	int stream;
	bool gradient;
};

static size_t tight_row_bytes(
	const struct decoder *decoder, const struct tight_data *data, int width)
{
	size_t pixel = tpixel_is_rgb(&decoder->format)
			       ? 3
			       : decoder->format.bits_per_pixel / 8u;

	if (data->colours == 2)
		return ((size_t)width + 7) / 8;
	return (size_t)width * (data->colours > 0 ? 1 : pixel);
}

static bool paint_tight(struct decoder *decoder, struct reader *in,
	const struct tight_data *data, struct rect rect, struct canvas *canvas)
{
	for (int y = 0; y < rect.height; y++) {
		int byte = 0;

		for (int x = 0; x < rect.width; x++) {
			uint32_t value;
			int index = 0;

			if (data->colours == 2) {
				if (x % 8 == 0)
					byte = reader_u8(in);
				index = byte >> (7 - x % 8) & 1;
			} else if (data->colours > 0) {
				index = reader_u8(in);
			}
			if (data->colours > 0 && index >= data->colours)
				return decoder_fail(decoder, "tight: index");
			value = data->colours > 0 ? data->palette[index]
						  : read_tpixel(decoder, in);
			canvas_put(
				canvas, rect.x + x, rect.y + y, value, false);
		}
	}
	return !in->overrun || decoder_fail(decoder, "tight: too few bytes");
}

/* Of RGB pixels of three bytes, in place. */
static bool undo_gradient(
	struct decoder *decoder, uint8_t *bytes, struct rect rect)
{
	int row = rect.width * 3;

	if (!tpixel_is_rgb(&decoder->format))
		return decoder_fail(decoder, "tight: gradient of small pixels");
	for (int i = 0; i < row * rect.height; i++) {
		int left = i % row >= 3 ? bytes[i - 3] : 0;
		int above = i >= row ? bytes[i - row] : 0;
		int corner = i % row >= 3 && i >= row ? bytes[i - row - 3] : 0;
		int guess = left + above - corner;

		guess = guess < 0 ? 0 : guess > 255 ? 255 : guess;
		bytes[i] = (uint8_t)(bytes[i] + guess);
	}
	return true;
}

static bool decode_tight_data(struct decoder *decoder, struct reader *in,
	const struct tight_data *data, struct rect rect, struct canvas *canvas)
{
	size_t size = tight_row_bytes(decoder, data, rect.width) *
		      (size_t)rect.height;
	struct reader plain;
	uint32_t length;
	const uint8_t *bytes;
	uint8_t *out;
	size_t got;
	bool good;

	if (size < 12)
		return paint_tight(decoder, in, data, rect, canvas);
	length = read_compact(in);
	bytes = reader_take(in, length);
	if (bytes == NULL)
		return decoder_fail(decoder, "tight: ends early");
	out = decoder_inflate(decoder, &decoder->tight[data->stream], bytes,
		length, size, &got);
	if (out == NULL)
		return false;
	reader_init(&plain, out, got);
	good = got == size ||
	       decoder_fail(decoder, "tight: too few bytes inflated");
	if (good && data->gradient)
		good = undo_gradient(decoder, out, rect);
	good = good && paint_tight(decoder, &plain, data, rect, canvas);
	free(out);
	return good;
}

/* Only the stream that follows; and as noVNC has it: one that began anew once
 * does so each time. */
static bool begin_anew(struct decoder *decoder, int control)
{
	int stream = control >> 4 & 3;
	bool *began = &decoder->tight_began_anew[stream];

	if (control & 0x80)
		return (control & 15) == 0;
	if ((control & 15) == 0)
		return !*began;
	*began = true;
	inflateReset(&decoder->tight[stream]);
	return (control & 15) == 1 << stream;
}

bool decoder_tight(struct decoder *decoder, struct reader *in, struct rect rect,
	bool is_png, struct canvas *canvas)
{
	int control = reader_u8(in);
	struct tight_data data = { .stream = control >> 4 & 3 };
	int filter = 0;

	if (rect.width > 2048)
		return decoder_fail(decoder, "tight: wider than 2048");
	if (!begin_anew(decoder, control))
		return decoder_fail(decoder, "tight: which stream begins anew");
	control &= 0xf0;
	if (control == 0x80) {
		decoder->forms[DECODED_TIGHT_FILL]++;
		canvas_fill(canvas, rect, read_tpixel(decoder, in));
		return true;
	}
	if (control == 0x90)
		return decode_tight_jpeg(decoder, in, rect, canvas);
	if (control == 0xa0 && is_png)
		return decode_tight_png(decoder, in, rect, canvas);
	if (control & 0x80)
		return decoder_fail(decoder, "tight: unknown control");
	if (is_png)
		return decoder_fail(decoder, "tightpng: a basic rectangle");
	if (control & 0x40)
		filter = reader_u8(in);
	data.gradient = filter == 2;
	if (filter > 2)
		return decoder_fail(decoder, "tight: unknown filter");
	if (filter == 1) {
		data.colours = reader_u8(in) + 1;
		if (data.colours < 2)
			return decoder_fail(decoder, "tight: palette of one");
		for (int i = 0; i < data.colours; i++)
			data.palette[i] = read_tpixel(decoder, in);
	}
	decoder->forms[data.gradient       ? DECODED_TIGHT_GRADIENT
		       : data.colours == 0 ? DECODED_TIGHT_COPY
		       : data.colours == 2 ? DECODED_TIGHT_MONO
					   : DECODED_TIGHT_INDEXED]++;
	return decode_tight_data(decoder, in, &data, rect, canvas);
}
