/* ZRLE takes its time where only text has been sent for a while, and not where
 * there are photographs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rfb/encoder.h"
#include "test/unit/rfb_pictures.h"

extern const struct encoder encoder_zrle;

enum { WIDTH = 1280, HEIGHT = 1024, TURNS = 8 };

static size_t send_picture(void *state, enum picture picture)
{
	struct encode_settings settings = { .format = pixel_format_default(),
		.compress_level = -1 };
	struct frame *frame = picture_frame(WIDTH, HEIGHT, picture, 5);
	struct rect_writer writer = { 0 };
	size_t length;

	encoder_zrle.encode(
		state, &settings, frame, frame_rect(frame), &writer);
	length = buffer_length(&writer.bytes);
	rect_writer_finish(&writer);
	frame_unref(frame);
	return length;
}

static size_t send_often(void *state, enum picture picture)
{
	size_t length = 0;

	for (int turn = 0; turn < TURNS; turn++)
		length = send_picture(state, picture);
	return length;
}

static void test_text_becomes_smaller(void **state)
{
	void *zrle = encoder_zrle.state_create();
	size_t first = send_picture(zrle, PICTURE_SOFT_TEXT);
	size_t last = send_often(zrle, PICTURE_SOFT_TEXT);

	(void)state;
	assert_true(last * 20 < first * 19);
	/* Until photographs come between. */
	send_often(zrle, PICTURE_PHOTO);
	assert_true(send_picture(zrle, PICTURE_SOFT_TEXT) * 20 > first * 19);
	encoder_zrle.state_destroy(zrle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_becomes_smaller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
