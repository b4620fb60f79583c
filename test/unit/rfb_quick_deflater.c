/* The quick deflater, or that nobody asks for it where it is not there. What
 * both other deflaters make of it is in their own tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/xmalloc.h"
#include "rfb/deflater.h"
#include "rfb/quick_deflater.h"

enum { MOST = 200000 };

/* Noise of half a byte each that comes again after `period` bytes, but for one
 * of each hundred. (In noise that only can be stored ISA-L searches little.) */
static uint8_t *repeating(size_t period)
{
	uint8_t *bytes = xmalloc(MOST);
	uint32_t seed = 1;

	for (size_t i = 0; i < MOST; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = i < period || i % 100 == 0 ? (uint8_t)(seed >> 28)
						      : bytes[i - period];
	}
	return bytes;
}

/* Gives how many bytes came. */
static size_t inflated(
	const struct buffer *packed, uint8_t *back, size_t most, int window)
{
	z_stream inflater = { .next_in = buffer_bytes(packed),
		.avail_in = (uInt)buffer_length(packed),
		.next_out = back,
		.avail_out = (uInt)most };
	int result;

	assert_int_equal(inflateInit2(&inflater, window), Z_OK);
	result = inflate(&inflater, Z_SYNC_FLUSH);
	assert_true(result == Z_OK || result == Z_STREAM_END);
	assert_int_equal(inflater.avail_in, 0);
	inflateEnd(&inflater);
	return most - inflater.avail_out;
}

/* Pieces of a stream that go on or are flushed, from 1 byte on. */
static void streams_are_read_back(void **state)
{
	uint8_t *bytes = repeating(20000), *back = xmalloc(MOST + 1);
	struct quick_deflater deflater = { 0 };
	struct buffer packed = { 0 };
	size_t at = 0;

	(void)state;
	if (quick_deflater_is_there()) {
		for (size_t i = 1; at < MOST; i++) {
			size_t count =
				i * i * i < MOST - at ? i * i * i : MOST - at;

			quick_deflater_write(&deflater, bytes + at, count,
				i % 3 == 0 && at + count < MOST, &packed);
			at += count;
		}
		assert_false(packed.failed);
		assert_true(buffer_length(&packed) < MOST / 5);
		assert_int_equal(
			inflated(&packed, back, MOST + 1, -MAX_WBITS), MOST);
		assert_memory_equal(back, bytes, MOST);
	}
	quick_deflater_finish(&deflater);
	quick_deflater_finish(&deflater);
	buffer_finish(&packed);
	free(back);
	free(bytes);
}

/* Behind it nothing is referred to that came before: noise is as long as it
 * was, and is understood alone. */
static void what_is_forgotten_is_not_referred_to(void **state)
{
	enum { COUNT = 10000 };
	uint8_t *bytes = repeating(COUNT), back[COUNT + 1];
	struct quick_deflater deflater = { 0 };
	struct buffer first = { 0 }, again = { 0 }, after = { 0 };

	(void)state;
	if (quick_deflater_is_there()) {
		quick_deflater_write(&deflater, bytes, COUNT, false, &first);
		quick_deflater_write(&deflater, bytes, COUNT, false, &again);
		quick_deflater_forget(&deflater);
		quick_deflater_write(&deflater, bytes, COUNT, false, &after);
		assert_true(buffer_length(&again) * 20 < COUNT);
		assert_int_equal(buffer_length(&after), buffer_length(&first));
		assert_int_equal(
			inflated(&after, back, sizeof(back), -MAX_WBITS),
			COUNT);
		assert_memory_equal(back, bytes, COUNT);
	}
	quick_deflater_finish(&deflater);
	buffer_finish(&first);
	buffer_finish(&again);
	buffer_finish(&after);
	free(bytes);
}

/* The header tells of the whole window: noVNC's zlib, unlike zlib itself,
 * refuses what lies farther back than it says. */
static void whole_streams_tell_of_their_window(void **state)
{
	uint8_t *bytes = repeating(30000), *back = xmalloc(MOST + 1);
	struct quick_deflater deflater = { 0 };
	struct buffer packed = { 0 };

	(void)state;
	for (int i = 0; quick_deflater_is_there() && i < 2; i++) {
		buffer_clear(&packed);
		quick_deflater_write_whole(&deflater, bytes, MOST, &packed);
		assert_false(packed.failed);
		assert_true(buffer_length(&packed) < MOST / 5);
		assert_int_equal(buffer_bytes(&packed)[0], 0x78);
		assert_int_equal(
			inflated(&packed, back, MOST + 1, MAX_WBITS), MOST);
		assert_memory_equal(back, bytes, MOST);
	}
	quick_deflater_finish(&deflater);
	buffer_finish(&packed);
	free(back);
	free(bytes);
}

/* It is what the low levels are made by, and no other. */
static void low_levels_take_it(void **state)
{
	static const uint8_t bytes[100] = { 0 };

	(void)state;
	for (int level = 1; level <= 9; level++) {
		bool quick = level <= QUICK_DEFLATER_MOST_LEVEL &&
			     quick_deflater_is_there();
		struct deflater deflater = { 0 };
		struct buffer packed = { 0 };

		deflater_write(&deflater, level, bytes, sizeof(bytes), &packed);
		assert_int_equal(deflater.last == DEFLATER_QUICK, quick);
		assert_int_equal(deflater.quick.library != NULL, quick);
		deflater_finish(&deflater);
		buffer_finish(&packed);
	}
}

static void haste_is_asked_for(void **state)
{
	(void)state;
	for (int level = -1; level <= 9; level++)
		assert_int_equal(deflater_is_hurried(level),
			(level == 0 || level == 1) &&
				quick_deflater_is_there());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_read_back),
		cmocka_unit_test(what_is_forgotten_is_not_referred_to),
		cmocka_unit_test(whole_streams_tell_of_their_window),
		cmocka_unit_test(low_levels_take_it),
		cmocka_unit_test(haste_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
