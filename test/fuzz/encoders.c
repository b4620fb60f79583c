/* Whatever an encoder writes, a viewer reads back: the same pixels where
 * nothing may be lost, all of them once everywhere.
 *
 * The bytes are a viewer's wishes, then a picture and areas of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "rfb/encoder.h"
#include "test/unit/rfb_decoder.h"
#include "test/unit/rfb_pictures.h"

enum { MOST_SIDE = 300, MOST_AREAS = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void stop(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

static struct pixel_format read_format(struct reader *in)
{
	unsigned which = reader_u8(in);
	struct pixel_format format;
	const char *why;

	if (which < 200)
		return picture_formats[which % PICTURE_FORMATS].format;
	format = pixel_format_read(in);
	if (!pixel_format_is_sane(&format, &why))
		return pixel_format_default();
	return pixel_format_effective(&format);
}

static struct encode_settings read_settings(struct reader *in)
{
	struct encode_settings settings = { .format = read_format(in) };

	settings.jpeg_quality = reader_u8(in) % 101;
	settings.jpeg_subsampling = reader_u8(in) % 6;
	settings.jpeg_soft_subsampling = settings.jpeg_quality % 6;
	settings.compress_level = reader_u8(in) % 11 - 1;
	/* As encode_settings_from() has it. */
	if (settings.format.bits_per_pixel < 16)
		settings.jpeg_quality = 0;
	return settings;
}

static struct rect read_area(struct reader *in, const struct frame *frame)
{
	struct rect area = { reader_u16(in) % frame->width,
		reader_u16(in) % frame->height, 0, 0 };

	area.width = 1 + reader_u16(in) % (frame->width - area.x);
	area.height = 1 + reader_u16(in) % (frame->height - area.y);
	return area;
}

/* Rectangles of one colour, of stripes, of noise, or of what is left of the
 * bytes, over one of the usual pictures. */
static void draw(struct frame *frame, struct reader *in)
{
	struct rect area = read_area(in, frame);
	unsigned how = reader_u8(in) % 5;
	uint32_t seed = reader_u32(in);
	uint32_t colour = seed;

	for (int y = area.y; y < area.y + area.height; y++) {
		uint32_t *row =
			(uint32_t *)(frame->pixels + (size_t)y * frame->stride);

		for (int x = area.x; x < area.x + area.width; x++) {
			uint32_t random = picture_random(&seed);

			row[x] = how == 0   ? colour
				 : how == 1 ? (uint32_t)(x + y) *
						      (colour & 0x0f0f0f)
				 : how == 2 ? random
				 : how == 3 ? (random % 3) * colour
					    : reader_u32(in);
		}
	}
}

static bool is_in(struct rect area, int x, int y)
{
	return x >= area.x && x < area.x + area.width && y >= area.y &&
	       y < area.y + area.height;
}

static void check(const struct encode_settings *settings,
	const struct frame *frame, struct rect area,
	const struct canvas *canvas, const char *what)
{
	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++) {
			size_t at =
				(size_t)y * (size_t)frame->width + (size_t)x;
			uint32_t wanted = pixel_format_value(&settings->format,
				frame_colour(frame_row(frame, y)[x]));

			if (canvas->painted[at] != is_in(area, x, y))
				stop(what, "not painted exactly once");
			if (!is_in(area, x, y))
				continue;
			if (canvas->lossy[at] && settings->jpeg_quality == 0)
				stop(what, "lossy against the viewer's wish");
			if (!canvas->lossy[at] && canvas->values[at] != wanted)
				stop(what, "another pixel");
		}
}

static void send_areas(const struct encoder *encoder,
	const struct encode_settings *settings, struct frame *frame,
	struct reader *in)
{
	void *state = encoder->state_create ? encoder->state_create() : NULL;
	struct decoder decoder;
	struct canvas canvas;

	decoder_init(&decoder, &settings->format);
	canvas_init(&canvas, frame->width, frame->height);
	for (int i = 0; i < MOST_AREAS; i++) {
		struct rect area =
			i == 0 ? frame_rect(frame) : read_area(in, frame);
		struct rect_writer writer = { 0 };

		canvas_forget_painted(&canvas);
		encoder->encode(state, settings, frame, area, &writer);
		if (writer.bytes.failed)
			stop(encoder->name, "failed");
		if (!decoder_rects(&decoder, buffer_bytes(&writer.bytes),
			    buffer_length(&writer.bytes), writer.count,
			    &canvas))
			stop(encoder->name, decoder.why);
		check(settings, frame, area, &canvas, encoder->name);
		rect_writer_finish(&writer);
		if (reader_left(in) == 0)
			break;
		draw(frame, in);
	}
	canvas_finish(&canvas);
	decoder_finish(&decoder);
	if (encoder->state_destroy)
		encoder->state_destroy(state);
}

/* What JPEG leaves to another: with a state of its own, as in a session. */
static void lend_rest(
	struct encode_settings *settings, const struct encoder *rest)
{
	if (rest->traits & ENCODER_HAS_REST)
		return;
	settings->rest = rest;
	settings->rest_state = rest->state_create ? rest->state_create() : NULL;
}

/* By the low byte of its number, so that a corpus outlives a longer table. */
static const struct encoder *read_encoder(struct reader *in)
{
	unsigned which = reader_u8(in);

	for (int i = 0; i < ENCODER_COUNT; i++)
		if ((uint8_t)encoder_table[i]->number == which)
			return encoder_table[i];
	return encoder_table[which % ENCODER_COUNT];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct encode_settings settings;
	const struct encoder *encoder;
	struct frame *frame;
	struct reader in;

	reader_init(&in, bytes, size);
	encoder = read_encoder(&in);
	settings = read_settings(&in);
	frame = picture_frame(1 + reader_u16(&in) % MOST_SIDE,
		1 + reader_u16(&in) % MOST_SIDE,
		(enum picture)(reader_u8(&in) % PICTURE_COUNT), reader_u8(&in));
	if (encoder->traits & ENCODER_HAS_REST)
		lend_rest(&settings, read_encoder(&in));
	send_areas(encoder, &settings, frame, &in);
	if (settings.rest_state != NULL)
		settings.rest->state_destroy(settings.rest_state);
	frame_unref(frame);
	return 0;
}
