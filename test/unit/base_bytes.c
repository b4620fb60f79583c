/* Readers, buffers, rectangles, regions, frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/cursor_image.h"
#include "base/frame.h"
#include "base/reader.h"
#include "base/region.h"

static void test_reader_end_is_sticky(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5 };
	struct reader reader;

	(void)state;
	reader_init(&reader, bytes, sizeof(bytes));
	assert_int_equal(reader_u16(&reader), 0x0102);
	assert_int_equal(reader_left(&reader), 3);
	assert_int_equal(reader_u32(&reader), 0);
	assert_true(reader.overrun);
	assert_int_equal(reader_u8(&reader), 0); /* not 3 */
	assert_int_equal(reader_left(&reader), 0);
}

static void test_reader_numbers(void **state)
{
	static const uint8_t bytes[] = { 0xff, 0xff, 0xff, 0x21, 0x80 };
	struct reader reader;

	(void)state;
	reader_init(&reader, bytes, sizeof(bytes));
	assert_int_equal(reader_s32(&reader), -223);
	assert_int_equal(reader_u8(&reader), 0x80);
	assert_false(reader.overrun);
	assert_null(reader_take(&reader, 1));
	assert_true(reader.overrun);
}

/* What never had any memory has no place to write to. */
static void test_buffer_put_without_memory(void **state)
{
	struct buffer buffer = { .failed = true };

	(void)state;
	buffer_u32(&buffer, 1);
	buffer_put_u32(&buffer, 2, 1);
	assert_int_equal(buffer_length(&buffer), 0);
	assert_true(buffer.failed);
}

static void test_buffer_numbers(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	buffer_u8(&buffer, 1);
	buffer_u16(&buffer, 0x0203);
	buffer_u32(&buffer, 0x04050607);
	buffer_s32(&buffer, -2);
	buffer_text(&buffer, "hi");
	buffer_printf(&buffer, "%d", 42);
	assert_int_equal(buffer_length(&buffer), 15);
	assert_memory_equal(buffer_bytes(&buffer),
		"\1\2\3\4\5\6\7\xff\xff\xff\xfehi42", 15);
	buffer_put_u16(&buffer, 1, 0xaabb);
	assert_memory_equal(buffer_bytes(&buffer), "\1\xaa\xbb\4", 4);
	buffer_finish(&buffer);
}

/* A queue: appended at the end, eaten from the front, over many turns. */
static void test_buffer_as_queue(void **state)
{
	struct buffer buffer = { 0 };
	unsigned written = 0, eaten = 0, turn;

	(void)state;
	for (turn = 1; turn < 500; turn++) {
		unsigned i;

		for (i = 0; i < turn; i++)
			buffer_u32(&buffer, written++);
		for (i = 0; i < turn / 2; i++) {
			struct reader reader;

			reader_init(&reader, buffer_bytes(&buffer), 4);
			assert_int_equal(reader_u32(&reader), eaten++);
			buffer_consume(&buffer, 4);
		}
	}
	assert_int_equal(buffer_length(&buffer), (written - eaten) * 4);
	buffer_finish(&buffer);
}

static void test_buffer_trim(void **state)
{
	struct buffer buffer = { 0 };
	int i;

	(void)state;
	buffer_trim(&buffer, 0);
	for (i = 0; i < 100000; i++)
		buffer_u8(&buffer, (uint8_t)i);
	buffer_consume(&buffer, 90001);
	buffer_trim(&buffer, buffer.capacity);
	assert_int_equal(buffer.head, 90001);
	buffer_trim(&buffer, 1000);
	assert_int_equal(buffer.capacity, 9999);
	assert_int_equal(buffer_length(&buffer), 9999);
	buffer_u8(&buffer, 77);
	for (i = 90001; i < 100000; i++)
		assert_int_equal(buffer_bytes(&buffer)[i - 90001], (uint8_t)i);
	assert_int_equal(buffer_bytes(&buffer)[9999], 77);
	buffer_finish(&buffer);
}

static void test_buffer_refuses_what_cannot_be(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	buffer_u8(&buffer, 7);
	assert_null(buffer_reserve(&buffer, SIZE_MAX));
	assert_true(buffer.failed);
	buffer_u8(&buffer, 8);
	assert_int_equal(buffer_length(&buffer), 1);
	buffer_clear(&buffer);
	assert_false(buffer.failed);
	buffer_finish(&buffer);
}

static void test_buffer_wipes_what_was_secret(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	buffer_wipe(&buffer);
	buffer_text(&buffer, "secret");
	buffer_consume(&buffer, 3);
	buffer_wipe(&buffer);
	assert_int_equal(buffer_length(&buffer), 0);
	assert_memory_equal(buffer.start, "\0\0\0\0\0\0", 6);
	buffer_finish(&buffer);
}

static void test_rect(void **state)
{
	struct rect a = { 0, 0, 10, 10 }, b = { 5, 6, 10, 10 };

	(void)state;
	assert_true(
		rect_equal(rect_intersect(a, b), (struct rect){ 5, 6, 5, 4 }));
	b.x = 10;
	assert_true(rect_is_empty(rect_intersect(a, b)));
	/* The most a viewer can ask for. */
	b = (struct rect){ 65535, 65535, 65535, 65535 };
	assert_true(rect_is_empty(rect_intersect(a, b)));
}

static void test_region(void **state)
{
	struct region region, other;

	(void)state;
	region_init(&region);
	region_init(&other);
	assert_true(region_is_empty(&region));
	region_add_rect(&region, (struct rect){ 3, 3, 0, 9 });
	assert_true(region_is_empty(&region));
	region_add_rect(&region, (struct rect){ 0, 0, 10, 10 });
	region_subtract_rect(&region, (struct rect){ 2, 2, 2, 2 });
	assert_int_equal(region_count(&region), 4);
	assert_false(region_contains(&region, (struct rect){ 0, 0, 3, 3 }));
	assert_true(region_contains(&region, (struct rect){ 0, 4, 10, 6 }));
	region_copy(&other, &region);
	region_intersect_rect(&other, (struct rect){ 0, 0, 10, 1 });
	assert_true(rect_equal(
		region_extents(&other), (struct rect){ 0, 0, 10, 1 }));
	region_subtract(&region, &other);
	assert_int_equal(region_extents(&region).y, 1);
	region_add(&region, &other);
	assert_int_equal(region_extents(&region).y, 0);
	region_finish(&region);
	region_finish(&other);
}

static void test_frame_references(void **state)
{
	struct frame *frame = frame_create(3, 2);

	(void)state;
	assert_true(frame_is_sole(frame));
	frame_ref(frame);
	assert_false(frame_is_sole(frame));
	frame_unref(frame);
	assert_true(frame_is_sole(frame));
	assert_int_equal(frame_row(frame, 1)[2], 0);
	frame_unref(frame);
	frame_unref(NULL);
	assert_null(frame_create(0, 5));
	assert_null(frame_create(65536, 5));
}

static void test_cursor_image_limits(void **state)
{
	struct cursor_image *image = cursor_image_create(100000, -3);

	(void)state;
	assert_int_equal(image->width, CURSOR_IMAGE_MOST_SIDE);
	assert_int_equal(image->height, 0);
	cursor_image_unref(image);
	cursor_image_unref(NULL);
}

/* At once or one by one; and some are empty. */
static void test_region_of_many(void **state)
{
	enum { MANY = 20000 };
	struct rect *rects = calloc(MANY, sizeof(*rects));
	struct region all, one_by_one;
	int i;

	(void)state;
	region_init(&all);
	region_init(&one_by_one);
	for (i = 0; i < MANY; i++)
		rects[i] = (struct rect){ i * 7919 % 1900, i * 6101 % 1000,
			i % 5, i % 3 };
	region_add_rect(&all, (struct rect){ 5, 5, 500, 2 });
	region_copy(&one_by_one, &all);
	region_add_rects(&all, rects, 300);
	for (i = 0; i < 300; i++)
		region_add_rect(&one_by_one, rects[i]);
	assert_true(region_equal(&all, &one_by_one));
	region_add_rects(&all, rects, 0);
	assert_true(region_equal(&all, &one_by_one));
	region_add_rects(&all, rects, MANY);
	assert_true(region_contains(&all, rects[MANY - 1]));
	region_finish(&all);
	region_finish(&one_by_one);
	free(rects);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reader_end_is_sticky),
		cmocka_unit_test(test_reader_numbers),
		cmocka_unit_test(test_buffer_put_without_memory),
		cmocka_unit_test(test_buffer_numbers),
		cmocka_unit_test(test_buffer_as_queue),
		cmocka_unit_test(test_buffer_trim),
		cmocka_unit_test(test_buffer_refuses_what_cannot_be),
		cmocka_unit_test(test_buffer_wipes_what_was_secret),
		cmocka_unit_test(test_rect),
		cmocka_unit_test(test_region),
		cmocka_unit_test(test_frame_references),
		cmocka_unit_test(test_cursor_image_limits),
		cmocka_unit_test(test_region_of_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
