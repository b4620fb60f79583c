/* The planes of a picture, against JFIF's sums. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rfb/jpeg_planes.h"
#include "test/unit/rfb_pictures.h"

enum { MOST_ERROR = 2 };

struct colour {
	double red, green, blue;
};

static struct colour colour_at(const struct frame *frame, int x, int y)
{
	uint32_t pixel = frame_row(frame, y)[x];

	return (struct colour){ pixel >> 16 & 255, pixel >> 8 & 255,
		pixel & 255 };
}

static struct colour mean_of(const struct frame *frame, int x, int y)
{
	struct colour mean = { 0 };

	for (int i = 0; i < 4; i++) {
		struct colour one = colour_at(frame, x + i % 2, y + i / 2);

		mean.red += one.red / 4;
		mean.green += one.green / 4;
		mean.blue += one.blue / 4;
	}
	return mean;
}

static void assert_near(double expected, int value)
{
	if (fabs(fmin(expected, 255) - value) > MOST_ERROR)
		fail_msg("%d instead of %.2f", value, expected);
}

static void check(const struct jpeg_planes *planes, const struct frame *frame,
	struct rect rect)
{
	for (int y = 0; y < rect.height; y++)
		for (int x = 0; x < rect.width; x++) {
			struct colour colour =
				colour_at(frame, rect.x + x, rect.y + y);

			assert_near(0.299 * colour.red + 0.587 * colour.green +
					    0.114 * colour.blue,
				planes->starts[0][y * planes->strides[0] + x]);
		}
	for (int y = 0; y < rect.height / 2; y++)
		for (int x = 0; x < rect.width / 2; x++) {
			struct colour mean =
				mean_of(frame, rect.x + 2 * x, rect.y + 2 * y);
			double light = 0.299 * mean.red + 0.587 * mean.green +
				       0.114 * mean.blue;

			assert_near(128 + (mean.blue - light) / 1.772,
				planes->starts[1][y * planes->strides[1] + x]);
			assert_near(128 + (mean.red - light) / 1.402,
				planes->starts[2][y * planes->strides[2] + x]);
		}
}

static void planes_are_as_jfif_says(void **state)
{
	static const struct rect rects[] = { { 0, 0, 64, 32 }, { 3, 1, 2, 2 },
		{ 1, 5, 34, 18 }, { 0, 0, 200, 100 }, { 7, 7, 46, 2 } };
	struct jpeg_planes planes = { 0 };

	(void)state;
	for (int picture = 0; picture < PICTURE_COUNT; picture++) {
		struct frame *frame =
			picture_frame(200, 100, (enum picture)picture, 3);

		for (size_t i = 0; i < sizeof(rects) / sizeof(rects[0]); i++) {
			assert_true(jpeg_planes_load(&planes, frame, rects[i]));
			check(&planes, frame, rects[i]);
		}
		frame_unref(frame);
	}
	jpeg_planes_finish(&planes);
}

static void odd_sizes_have_none(void **state)
{
	struct frame *frame = picture_frame(200, 100, PICTURE_SOLID, 3);
	struct jpeg_planes planes = { 0 };

	(void)state;
	assert_false(jpeg_planes_load(
		&planes, frame, (struct rect){ 0, 0, 65, 32 }));
	assert_false(jpeg_planes_load(
		&planes, frame, (struct rect){ 0, 0, 64, 31 }));
	jpeg_planes_finish(&planes);
	frame_unref(frame);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(planes_are_as_jfif_says),
		cmocka_unit_test(odd_sizes_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
