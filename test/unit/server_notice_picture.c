/* What viewers see without a display, in all sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/frame.h"
#include "server/display/notice_picture.h"

/* Pixels that are not like the first one. */
static int count_ink(const struct frame *frame)
{
	uint32_t background = frame_row(frame, 0)[0];
	int x, y, count = 0;

	for (y = 0; y < frame->height; y++)
		for (x = 0; x < frame->width; x++)
			count += frame_row(frame, y)[x] != background;
	return count;
}

static void test_there_is_something_to_read(void **state)
{
	static const int sizes[][2] = { { 1920, 1080 }, { 640, 480 },
		{ 200, 3000 }, { 120, 30 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct frame *frame =
			notice_picture_create(sizes[i][0], sizes[i][1]);
		int ink = count_ink(frame);

		assert_true(ink > 200);
		assert_true(ink < frame->width * frame->height / 4);
		frame_unref(frame);
	}
}

static void test_pictures_smaller_than_letters(void **state)
{
	int size;

	(void)state;
	for (size = 1; size < 40; size++) {
		struct frame *frame = notice_picture_create(size, 40 - size);

		assert_non_null(frame);
		frame_unref(frame);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_is_something_to_read),
		cmocka_unit_test(test_pictures_smaller_than_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
