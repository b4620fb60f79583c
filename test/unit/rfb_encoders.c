/* Every encoder over every format and picture, read back by our own decoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <turbojpeg.h>

#include "rfb/encoder.h"
#include "test/unit/rfb_decoder.h"
#include "test/unit/rfb_pictures.h"

struct link {
	const struct encoder *encoder;
	struct encode_settings settings;
	void *state;
	struct decoder decoder;
	struct canvas canvas;
};

static void link_open(struct link *link, const struct encoder *encoder,
	const struct pixel_format *format, int width, int height)
{
	link->encoder = encoder;
	link->settings = (struct encode_settings){
		.format = *format, .compress_level = -1, .gradient = true
	};
	link->state = encoder->state_create ? encoder->state_create() : NULL;
	decoder_init(&link->decoder, format);
	canvas_init(&link->canvas, width, height);
}

static void link_close(struct link *link)
{
	if (link->encoder->state_destroy)
		link->encoder->state_destroy(link->state);
	decoder_finish(&link->decoder);
	canvas_finish(&link->canvas);
}

static void check_pixel(const struct link *link, const struct frame *frame,
	struct rect area, int x, int y)
{
	size_t at = (size_t)y * (size_t)frame->width + (size_t)x;
	bool inside = x >= area.x && x < area.x + area.width && y >= area.y &&
		      y < area.y + area.height;
	uint32_t wanted = pixel_format_value(
		&link->settings.format, frame_colour(frame_row(frame, y)[x]));

	if (link->canvas.painted[at] != inside)
		fail_msg("%s: %d,%d painted %d times", link->encoder->name, x,
			y, link->canvas.painted[at]);
	if (inside && !link->canvas.lossy[at] &&
		link->canvas.values[at] != wanted)
		fail_msg("%s: %d,%d is %x and not %x", link->encoder->name, x,
			y, link->canvas.values[at], wanted);
}

/* Encodes, decodes, and finds each pixel of the area painted once, right. */
static size_t link_send(
	struct link *link, const struct frame *frame, struct rect area)
{
	struct rect_writer writer = { 0 };
	size_t length;

	canvas_forget_painted(&link->canvas);
	link->encoder->encode(
		link->state, &link->settings, frame, area, &writer);
	assert_false(writer.bytes.failed);
	length = buffer_length(&writer.bytes);
	if (!decoder_rects(&link->decoder, buffer_bytes(&writer.bytes), length,
		    writer.count, &link->canvas))
		fail_msg("%s %dx%d+%d+%d: %s", link->encoder->name, area.width,
			area.height, area.x, area.y, link->decoder.why);
	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++)
			check_pixel(link, frame, area, x, y);
	rect_writer_finish(&writer);
	return length;
}

static void send_picture(const struct encoder *encoder,
	const struct pixel_format *format, int width, int height,
	enum picture picture)
{
	struct frame *frame = picture_frame(width, height, picture, 1);
	struct link link;

	link_open(&link, encoder, format, width, height);
	link_send(&link, frame, frame_rect(frame));
	picture_draw(frame, picture, 2);
	link_send(&link, frame, frame_rect(frame));
	link_close(&link);
	frame_unref(frame);
}

static void every_picture_in_every_format(void **state)
{
	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++)
		for (int f = 0; f < PICTURE_FORMATS; f++)
			for (int p = 0; p < PICTURE_COUNT; p++)
				send_picture(encoder_table[e],
					&picture_formats[f].format, 131, 97,
					(enum picture)p);
}

static void every_size(void **state)
{
	static const struct {
		int width, height;
	} sizes[] = { { 1, 1 }, { 1, 2 }, { 3, 1 }, { 1, 300 }, { 300, 1 },
		{ 2, 5 }, { 11, 1 }, { 12, 1 }, { 15, 17 }, { 16, 16 },
		{ 17, 15 }, { 63, 65 }, { 64, 64 }, { 65, 33 }, { 255, 3 },
		{ 257, 2 }, { 2048, 3 }, { 2049, 33 }, { 4097, 2 }, { 3, 2500 },
		{ 640, 260 } };
	static const struct picture_format *const formats[] = {
		&picture_formats[0], &picture_formats[4], &picture_formats[6]
	};

	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			for (int p = 0; p < PICTURE_COUNT; p++)
				send_picture(encoder_table[e],
					&formats[(s + (size_t)p) % 3]->format,
					sizes[s].width, sizes[s].height,
					(enum picture)p);
}

/* Odd formats that are sane: wide channels, CPIXELs with a choice, depth. */
static void odd_formats(void **state)
{
	static const struct pixel_format formats[] = {
		{ 8, 3, false, true, 1, 1, 1, 0, 1, 2 },
		{ 8, 6, false, true, 3, 3, 3, 4, 2, 0 },
		{ 16, 16, true, true, 255, 15, 15, 8, 4, 0 },
		{ 16, 3, false, true, 1, 1, 1, 15, 8, 0 },
		{ 32, 30, false, true, 1023, 1023, 1023, 20, 10, 0 },
		{ 32, 30, true, true, 1023, 1023, 1023, 0, 10, 20 },
		{ 32, 32, true, true, 255, 255, 255, 16, 8, 0 },
		{ 32, 24, true, true, 255, 255, 255, 24, 16, 8 },
		{ 32, 24, true, true, 255, 255, 255, 17, 9, 1 },
		{ 32, 24, false, true, 255, 255, 255, 17, 9, 1 },
		{ 32, 15, false, true, 31, 31, 31, 18, 13, 8 },
		{ 32, 24, false, true, 255, 255, 255, 24, 8, 0 },
		{ 32, 24, false, true, 65535, 7, 1, 16, 8, 0 },
		{ 32, 17, true, true, 32767, 1, 1, 0, 15, 16 },
	};

	(void)state;
	for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++) {
		const char *why = NULL;

		assert_true(pixel_format_is_sane(&formats[f], &why));
		for (int e = 0; e < ENCODER_COUNT; e++)
			for (int p = 0; p < PICTURE_COUNT; p++)
				send_picture(encoder_table[e], &formats[f], 150,
					40, (enum picture)p);
	}
}

static void small_areas_keep_history(void **state)
{
	struct frame *frame = picture_frame(400, 200, PICTURE_MIXED, 5);

	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++) {
		uint32_t seed = 3;
		struct link link;

		link_open(&link, encoder_table[e], &picture_formats[5].format,
			frame->width, frame->height);
		for (int i = 0; i < 60; i++) {
			int x = (int)(picture_random(&seed) % 390);
			int y = (int)(picture_random(&seed) % 190);
			struct rect area = { x, y,
				1 + (int)(picture_random(&seed) %
					    (uint32_t)(400 - x)),
				1 + (int)(picture_random(&seed) %
					    (uint32_t)(200 - y)) };

			link.settings.compress_level = i % 11 - 1;
			link_send(&link, frame, area);
		}
		link_close(&link);
	}
	frame_unref(frame);
}

static unsigned forms_of(const struct encoder *encoder, enum picture picture,
	int jpeg_quality, unsigned *forms)
{
	struct frame *frame = picture_frame(640, 480, picture, 9);
	struct link link;
	unsigned used = 0;

	link_open(&link, encoder, &picture_formats[5].format, 640, 480);
	link.settings.jpeg_quality = jpeg_quality;
	link.settings.gradient = picture != PICTURE_NOISE; /* one without */
	link_send(&link, frame, frame_rect(frame));
	for (int i = 0; i < DECODED_FORMS; i++) {
		forms[i] += link.decoder.forms[i];
		used += link.decoder.forms[i];
	}
	link_close(&link);
	frame_unref(frame);
	return used;
}

static void every_form_is_used(void **state)
{
	unsigned forms[DECODED_FORMS] = { 0 };

	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++)
		for (int p = 0; p < PICTURE_COUNT; p++) {
			forms_of(encoder_table[e], (enum picture)p, 0, forms);
			assert_int_equal(forms[DECODED_TIGHT_JPEG], 0);
		}
	assert_int_equal(forms[DECODED_JPEG], 0);
	for (int e = 0; e < ENCODER_COUNT; e++)
		forms_of(encoder_table[e], PICTURE_PHOTO, 80, forms);
	for (int i = 0; i < DECODED_FORMS; i++)
		if (forms[i] == 0)
			fail_msg("form %d is never used", i);
}

/* For noVNC, of which old ones throw on the filter. */
static void gradient_is_left_out(void **state)
{
	(void)state;
	for (int f = 0; f < PICTURE_FORMATS; f++) {
		struct frame *frame = picture_frame(200, 100, PICTURE_PHOTO, 4);
		struct link link;

		link_open(&link, encoder_table[0], &picture_formats[f].format,
			200, 100);
		link.settings.gradient = false;
		link_send(&link, frame, frame_rect(frame));
		assert_int_equal(link.decoder.forms[DECODED_TIGHT_GRADIENT], 0);
		assert_true(link.decoder.forms[DECODED_TIGHT_COPY] > 0);
		link_close(&link);
		frame_unref(frame);
	}
}

static double channel_error(uint32_t a, uint32_t b)
{
	double sum = 0;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		double step =
			(double)(a >> shift & 255) - (double)(b >> shift & 255);

		sum += step * step;
	}
	return sum / 3;
}

static double mean_error(
	const struct link *link, const struct frame *frame, struct rect area)
{
	double sum = 0;

	for (int y = area.y; y < area.y + area.height; y++)
		for (int x = area.x; x < area.x + area.width; x++)
			sum += channel_error(
				link->canvas.values[y * frame->width + x],
				frame_colour(frame_row(frame, y)[x]));
	return sum / (area.width * area.height);
}

static bool any_lossy(const struct link *link, struct rect area)
{
	for (int y = area.y; y < area.y + area.height; y++)
		for (int x = area.x; x < area.x + area.width; x++)
			if (link->canvas.lossy[y * link->canvas.width + x])
				return true;
	return false;
}

static void each_with_jpeg(void (*check)(const struct encoder *encoder))
{
	int count = 0;

	for (int e = 0; e < ENCODER_COUNT; e++) {
		if (!(encoder_table[e]->traits & ENCODER_JPEG))
			continue;
		check(encoder_table[e]);
		count++;
	}
	assert_int_equal(count, 3); /* Tight, TightPNG, JPEG */
}

/* A mean square error of 65 is a PSNR of 30 dB. */
static void check_jpeg(const struct encoder *encoder)
{
	struct frame *frame = picture_frame(800, 640, PICTURE_MIXED, 4);
	struct rect text = picture_mixed_text(frame);
	struct rect photo = picture_mixed_photo(frame);
	size_t lossless, lossy;
	struct link link;

	link_open(&link, encoder, &picture_formats[5].format, 800, 640);
	lossless = link_send(&link, frame, frame_rect(frame));
	link.settings.jpeg_quality = 85;
	lossy = link_send(&link, frame, frame_rect(frame));
	assert_true(lossy < lossless);
	assert_true(any_lossy(&link, photo));
	assert_false(any_lossy(&link, text));
	assert_true(mean_error(&link, frame, photo) < 65);
	link_close(&link);
	frame_unref(frame);
}

static void jpeg_is_near_and_spares_text(void **state)
{
	(void)state;
	each_with_jpeg(check_jpeg);
}

/* Edges drawn for the stripes of a flat panel have any number of colours; the
 * background tells that it is text. */
static void check_coloured_edges(const struct encoder *encoder)
{
	struct frame *frame = picture_frame(640, 320, PICTURE_SOFT_TEXT, 4);
	uint32_t seed = 8;
	struct link link;

	for (int y = 0; y < 320; y++)
		for (int x = 0; x < 640; x++) {
			uint32_t *pixel =
				(uint32_t *)(frame->pixels +
					     (size_t)y * frame->stride) +
				x;

			if (frame_colour(*pixel) != 0xffffff || x % 5 == 0)
				*pixel = picture_random(&seed) & 0xe0e0e0;
		}
	link_open(&link, encoder, &picture_formats[5].format, 640, 320);
	link.settings.jpeg_quality = 85;
	link_send(&link, frame, frame_rect(frame));
	assert_false(any_lossy(&link, frame_rect(frame)));
	link_close(&link);
	frame_unref(frame);
}

static void jpeg_spares_text_with_coloured_edges(void **state)
{
	(void)state;
	each_with_jpeg(check_coloured_edges);
}

/* The first JPEG's sampling factors of brightness, from its frame header. */
static int sampling_of(const struct buffer *bytes)
{
	const uint8_t *found = memmem(buffer_bytes(bytes), buffer_length(bytes),
		"\xff\xc0\0\x11\x8", 5);

	assert_non_null(found);
	return found[11];
}

/* Bright and dark as a photograph, and coloured softly, but for `grain`. */
static void draw_soft(struct frame *frame, uint32_t grain)
{
	uint32_t seed = 5;

	for (int y = 0; y < frame->height; y++)
		for (int x = 0; x < frame->width; x++) {
			uint32_t grey = 60 + picture_random(&seed) % 100;
			uint32_t red =
				picture_random(&seed) % grain + (uint32_t)x / 8;

			((uint32_t *)frame_row(frame, y))[x] =
				(grey + red) << 16 | grey << 8 | grey;
		}
}

static int sampling_at(const struct encoder *encoder, uint32_t grain)
{
	struct frame *frame = frame_create(300, 200);
	struct rect_writer writer = { 0 };
	struct encode_settings settings = { .format = pixel_format_default(),
		.jpeg_quality = 85,
		.jpeg_subsampling = TJSAMP_444,
		.jpeg_soft_subsampling = TJSAMP_420,
		.compress_level = -1 };
	void *tight = encoder->state_create();
	int sampling;

	draw_soft(frame, grain);
	encoder->encode(tight, &settings, frame, frame_rect(frame), &writer);
	sampling = sampling_of(&writer.bytes);
	rect_writer_finish(&writer);
	encoder->state_destroy(tight);
	frame_unref(frame);
	return sampling;
}

static void check_sampling(const struct encoder *encoder)
{
	assert_int_equal(sampling_at(encoder, 1), 0x22);
	assert_int_equal(sampling_at(encoder, 6), 0x22); /* as a film has */
	assert_int_equal(sampling_at(encoder, 32), 0x11);
}

static void jpeg_spares_bytes_where_colours_are_soft(void **state)
{
	(void)state;
	each_with_jpeg(check_sampling);
}

static void check_notes(const struct encoder *encoder)
{
	struct frame *frame = picture_frame(300, 200, PICTURE_PHOTO, 4);
	struct rect_writer writer = { 0 };
	struct encode_settings settings = {
		.format = pixel_format_default(),
		.jpeg_quality = 50,
		.compress_level = -1,
	};
	void *tight = encoder->state_create();
	int pixels = 0;

	encoder->encode(tight, &settings, frame,
		(struct rect){ 20, 10, 256, 128 }, &writer);
	for (unsigned i = 0; i < rect_writer_lossy_count(&writer); i++) {
		struct rect rect = rect_writer_lossy(&writer, i);

		assert_true(rect.x >= 20 && rect.x + rect.width <= 276);
		assert_true(rect.y >= 10 && rect.y + rect.height <= 138);
		pixels += rect.width * rect.height;
	}
	assert_int_equal(pixels, 256 * 128);
	rect_writer_finish(&writer);
	encoder->state_destroy(tight);
	frame_unref(frame);
}

static void lossy_areas_are_noted(void **state)
{
	(void)state;
	each_with_jpeg(check_notes);
}

static void check_8_bits(const struct encoder *encoder)
{
	struct frame *frame = picture_frame(200, 200, PICTURE_PHOTO, 4);
	struct link link;

	link_open(&link, encoder, &picture_formats[0].format, 200, 200);
	link.settings.jpeg_quality = 50;
	link_send(&link, frame, frame_rect(frame));
	assert_int_equal(link.decoder.forms[DECODED_TIGHT_JPEG], 0);
	assert_int_equal(link.decoder.forms[DECODED_JPEG], 0);
	link_close(&link);
	frame_unref(frame);
}

static void jpeg_never_at_8_bits(void **state)
{
	(void)state;
	each_with_jpeg(check_8_bits);
}

/* Out of memory before, or in the midst: nothing more is written, and nothing
 * else happens. */
static void no_memory_is_survived(void **state)
{
	struct frame *frame = picture_frame(500, 300, PICTURE_MIXED, 4);

	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++) {
		struct rect_writer writer = { .bytes.failed = true };
		struct link link;

		link_open(&link, encoder_table[e], &picture_formats[5].format,
			500, 300);
		link.settings.jpeg_quality = 80;
		encoder_table[e]->encode(link.state, &link.settings, frame,
			frame_rect(frame), &writer);
		assert_true(writer.bytes.failed);
		assert_int_equal(buffer_length(&writer.bytes), 0);
		rect_writer_finish(&writer);
		link_close(&link);
	}
	frame_unref(frame);
}

/* Tables are sent again only when they have changed, and what is no photograph
 * goes through the encoder that shall have it. */
static void jpeg_reuses_tables(void **state)
{
	struct frame *frame = picture_frame(640, 480, PICTURE_MIXED, 4);
	const struct encoder *rest = NULL, *jpeg = NULL;
	size_t first, second;
	struct link link;

	(void)state;
	for (int e = 0; e < ENCODER_COUNT; e++) {
		if (encoder_table[e]->number == ENCODING_ZRLE)
			rest = encoder_table[e];
		if (encoder_table[e]->number == ENCODING_JPEG)
			jpeg = encoder_table[e];
	}
	link_open(&link, jpeg, &picture_formats[5].format, 640, 480);
	link.settings.rest = rest;
	link.settings.rest_state = rest->state_create();
	link.settings.jpeg_quality = 80;
	first = link_send(&link, frame, picture_mixed_photo(frame));
	assert_true(link.decoder.forms[DECODED_JPEG] > 0);
	link.decoder.forms[DECODED_JPEG_REUSED] = 0;
	second = link_send(&link, frame, picture_mixed_photo(frame));
	assert_true(second + 500 < first);
	link.settings.jpeg_quality = 70;
	link.decoder.forms[DECODED_JPEG_REUSED] = 0;
	link_send(&link, frame, picture_mixed_photo(frame));
	/* Of all but the first JPEG both kinds, of that one the Huffman's. */
	assert_true(link.decoder.forms[DECODED_JPEG_REUSED] % 2 == 1);
	link_send(&link, frame, frame_rect(frame));
	assert_int_equal(link.decoder.forms[DECODED_RAW], 0);
	rest->state_destroy(link.settings.rest_state);
	link_close(&link);
	frame_unref(frame);
}

static void draw_checks(struct frame *frame, int width, int height)
{
	for (int y = 0; y < frame->height; y++) {
		uint32_t *row =
			(uint32_t *)(frame->pixels + (size_t)y * frame->stride);

		for (int x = 0; x < frame->width; x++)
			row[x] = (x / width + y / height) % 2 ? 0xffffff : 0;
	}
}

static void count_rects(
	const struct encoder *encoder, const struct frame *frame)
{
	struct rect_writer writer = { 0 };
	struct encode_settings settings = { .format = picture_formats[0].format,
		.compress_level = -1 };
	void *state = encoder->state_create ? encoder->state_create() : NULL;

	encoder->encode(state, &settings, frame, frame_rect(frame), &writer);
	assert_false(writer.bytes.failed);
	assert_in_range(writer.count, 1, 65535);
	rect_writer_finish(&writer);
	if (encoder->state_destroy)
		encoder->state_destroy(state);
}

/* One message counts up to 65 535, whatever the largest screen shows. The
 * worst are cells of one colour, and another than all their neighbours', of
 * whatever size the encoder looks at. */
static void largest_screen_can_be_counted(void **state)
{
	static const int sizes[][2] = { { 64, 32 }, { 64, 16 }, { 64, 8 },
		{ 16, 16 } };
	struct frame *frame = frame_create(8192, 8192);

	(void)state;
	assert_non_null(frame);
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		draw_checks(frame, sizes[s][0], sizes[s][1]);
		for (int e = 0; e < ENCODER_COUNT; e++)
			if (s == 0 || (encoder_table[e]->traits & ENCODER_JPEG))
				count_rects(encoder_table[e], frame);
	}
	frame_unref(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_picture_in_every_format),
		cmocka_unit_test(every_size),
		cmocka_unit_test(odd_formats),
		cmocka_unit_test(small_areas_keep_history),
		cmocka_unit_test(every_form_is_used),
		cmocka_unit_test(gradient_is_left_out),
		cmocka_unit_test(jpeg_is_near_and_spares_text),
		cmocka_unit_test(jpeg_spares_text_with_coloured_edges),
		cmocka_unit_test(jpeg_spares_bytes_where_colours_are_soft),
		cmocka_unit_test(lossy_areas_are_noted),
		cmocka_unit_test(jpeg_never_at_8_bits),
		cmocka_unit_test(jpeg_reuses_tables),
		cmocka_unit_test(no_memory_is_survived),
		cmocka_unit_test(largest_screen_can_be_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
