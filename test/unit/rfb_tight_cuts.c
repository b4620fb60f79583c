/* Where the Tight encoder cuts between photographs and what stays lossless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <turbojpeg.h>

#include "rfb/encoder.h"
#include "rfb/rect_writer.h"
#include "test/unit/rfb_pictures.h"

extern const struct encoder encoder_tight;

static void send(const struct frame *frame, int quality, struct rect_writer *to)
{
	struct encode_settings settings = { .format = pixel_format_default(),
		.jpeg_quality = quality,
		.jpeg_subsampling = TJSAMP_444,
		.jpeg_soft_subsampling = TJSAMP_420,
		.compress_level = 1,
		.gradient = true };
	void *state = encoder_tight.state_create();

	encoder_tight.encode(state, &settings, frame, frame_rect(frame), to);
	assert_false(to->bytes.failed);
	encoder_tight.state_destroy(state);
}

static int lossy_pixels(const struct rect_writer *writer, struct rect within)
{
	int pixels = 0;

	for (unsigned i = 0; i < rect_writer_lossy_count(writer); i++) {
		struct rect part =
			rect_intersect(rect_writer_lossy(writer, i), within);

		pixels += part.width * part.height;
	}
	return pixels;
}

static void paste(struct frame *to, const struct frame *from, struct rect rect)
{
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			((uint32_t *)frame_row(to, y))[x] =
				frame_row(from, y)[x];
}

/* A photograph that begins and ends within cells, in text, and with text in
 * it. All but a seam of it is JPEG, and no letter is. */
static void photograph_is_cut_out_of_its_cells(void **state)
{
	struct rect photo = { 96, 48, 576, 480 };
	struct rect letters = { 192, 288, 320, 32 };
	struct frame *frame = picture_frame(800, 640, PICTURE_TEXT, 4);
	struct frame *text = picture_frame(800, 640, PICTURE_TEXT, 5);
	struct frame *other = picture_frame(800, 640, PICTURE_PHOTO, 4);
	struct rect_writer writer = { 0 };
	int lossy;

	(void)state;
	paste(frame, other, photo);
	paste(frame, text, letters);
	send(frame, 85, &writer);
	lossy = lossy_pixels(&writer, photo);
	assert_int_equal(lossy, lossy_pixels(&writer, frame_rect(frame)));
	assert_int_equal(lossy_pixels(&writer, letters), 0);
	assert_true(lossy * 100 > (576 * 480 - 320 * 32) * 95);
	rect_writer_finish(&writer);
	frame_unref(frame);
	frame_unref(text);
	frame_unref(other);
}

/* Noise and white by turns, as narrow as cuts are, so that nothing joins with
 * what is above: without an end to them there would be 11 000 rectangles. */
static void cuts_come_to_an_end(void **state)
{
	struct frame *frame = picture_frame(2048, 2816, PICTURE_NOISE, 4);
	struct rect_writer writer = { 0 };

	(void)state;
	for (int y = 0; y < frame->height; y++) {
		uint32_t *row = (uint32_t *)frame_row(frame, y);

		for (int x = 0; x < frame->width; x++)
			if ((x / 16 + y / 32) % 2)
				row[x] = 0xffffff;
	}
	send(frame, 0, &writer);
	assert_in_range(writer.count, 8192, 9000);
	rect_writer_finish(&writer);
	frame_unref(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(photograph_is_cut_out_of_its_cells),
		cmocka_unit_test(cuts_come_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
