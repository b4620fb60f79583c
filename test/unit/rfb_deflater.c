/* One zlib stream in pieces, of several kinds, is read back by zlib. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include <cmocka.h>

#include "rfb/deflater.h"

static void check_piece(struct deflater *deflater, z_stream *inflater,
	int level, const uint8_t *bytes, size_t count)
{
	struct buffer packed = { 0 };
	uint8_t *back = malloc(count + 1);

	assert_non_null(back);
	deflater_write(deflater, level, bytes, count, &packed);
	assert_false(packed.failed);
	inflater->next_in = buffer_bytes(&packed);
	inflater->avail_in = (uInt)buffer_length(&packed);
	inflater->next_out = back;
	inflater->avail_out = (uInt)count + 1;
	assert_int_equal(inflate(inflater, Z_SYNC_FLUSH), Z_OK);
	assert_int_equal(inflater->avail_in, 0);
	assert_int_equal(inflater->avail_out, 1);
	assert_memory_equal(back, bytes, count);
	free(back);
	buffer_finish(&packed);
}

/* Every level after every other, pieces of 1 byte to 1 MiB, noise too. */
static void deflater_is_read_back(void **state)
{
	enum { MOST = 1 << 20 };
	static const size_t sizes[] = { 1, 2, 100, 4095, 70000, MOST };
	uint8_t *bytes = malloc(MOST);
	struct deflater deflater = { 0 };
	z_stream inflater = { 0 };
	uint32_t seed = 1;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < MOST; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(i % 4096 < 2048 ? seed >> 24 : i);
	}
	assert_int_equal(inflateInit(&inflater), Z_OK);
	for (int i = 0; i < 30; i++)
		check_piece(&deflater, &inflater, 1 + i * 7 % 9, bytes,
			sizes[i % 6]);
	inflateEnd(&inflater);
	deflater_finish(&deflater);
	deflater_finish(&deflater);
	free(bytes);
}

/* Each way may refer only to what it wrote since the other did. */
static void dull_pieces_go_between(void **state)
{
	enum { COUNT = 30000, ROUNDS = 200 };
	uint8_t bytes[COUNT], back[COUNT];
	struct deflater deflater = { 0 };
	struct buffer packed = { 0 };
	z_stream inflater = { 0 };
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)("rarely"[seed >> 28 & 3] + (i % 50 == 0));
	}
	assert_int_equal(inflateInit(&inflater), Z_OK);
	for (int i = 0; i < ROUNDS; i++) {
		size_t count = 1 + (seed = seed * 69069u + 1) % COUNT;

		(i % 7 % 3 == 1 ? deflater_write_dull : deflater_write)(
			&deflater, 1 + i / 20 % 3, bytes, count, &packed);
		inflater.next_in = buffer_bytes(&packed);
		inflater.avail_in = (uInt)buffer_length(&packed);
		inflater.next_out = back;
		inflater.avail_out = COUNT;
		assert_int_equal(inflate(&inflater, Z_SYNC_FLUSH), Z_OK);
		assert_int_equal(inflater.avail_in, 0);
		assert_int_equal(COUNT - inflater.avail_out, count);
		assert_memory_equal(back, bytes, count);
		buffer_clear(&packed);
	}
	inflateEnd(&inflater);
	deflater_finish(&deflater);
	buffer_finish(&packed);
}

/* A piece in parts that are searched differently: read back, and as small as if
 * it were one. */
static void pieces_have_parts(void **state)
{
	enum { COUNT = 40000, PARTS = 50, PART = COUNT / PARTS };
	uint8_t bytes[COUNT], back[COUNT];
	struct buffer whole = { 0 }, parts = { 0 };
	struct deflater one = { 0 }, other = { 0 };
	z_stream inflater = { 0 };
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)("rarely"[seed >> 28 & 3] + (i % 50 == 0));
	}
	deflater_write(&one, DEFLATER_LEVEL_TILES, bytes, COUNT, &whole);
	for (int i = 0; i + 1 < PARTS; i++)
		deflater_begin(&other,
			i % 2 ? DEFLATER_LEVEL_TILES : DEFLATER_LEVEL_PIXELS,
			bytes + i * PART, PART, &parts);
	deflater_write(&other, DEFLATER_LEVEL_TILES, bytes + COUNT - PART, PART,
		&parts);
	assert_true(buffer_length(&parts) * 10 < buffer_length(&whole) * 11);
	assert_int_equal(inflateInit(&inflater), Z_OK);
	inflater.next_in = buffer_bytes(&parts);
	inflater.avail_in = (uInt)buffer_length(&parts);
	inflater.next_out = back;
	inflater.avail_out = COUNT;
	assert_int_equal(inflate(&inflater, Z_SYNC_FLUSH), Z_OK);
	assert_int_equal(inflater.avail_in, 0);
	assert_int_equal(inflater.avail_out, 0);
	assert_memory_equal(back, bytes, COUNT);
	inflateEnd(&inflater);
	deflater_finish(&one);
	deflater_finish(&other);
	buffer_finish(&whole);
	buffer_finish(&parts);
}

static size_t size_at(int first_level, int level)
{
	uint8_t bytes[20000];
	struct deflater deflater = { 0 };
	struct buffer packed = { 0 };
	uint32_t seed = 9;
	size_t before;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)("tight"[seed >> 24 & 3] + (i % 7 == 0));
	}
	deflater_write(&deflater, first_level, bytes, 1, &packed);
	before = buffer_length(&packed);
	deflater_write(&deflater, level, bytes, sizeof(bytes), &packed);
	before = buffer_length(&packed) - before;
	buffer_finish(&packed);
	deflater_finish(&deflater);
	return before;
}

static void level_may_change_on_the_way(void **state)
{
	(void)state;
	assert_true(size_at(9, 9) < size_at(1, 1));
	assert_in_range(size_at(1, 9), 1, size_at(9, 9) + 16);
	assert_true(size_at(9, 1) > size_at(9, 9));
	assert_true(size_at(1, DEFLATER_LEVEL_TILES) < size_at(1, 1));
	assert_true(size_at(DEFLATER_LEVEL_PIXELS, 9) < size_at(1, 1));
}

static void levels_of_the_slider(void **state)
{
	(void)state;
	assert_int_equal(deflater_level(-1), 1);
	for (int level = 0; level <= 9; level++) {
		assert_in_range(deflater_level(level), 1, 9);
		assert_true(deflater_level(level) >= deflater_level(level - 1));
	}
	assert_int_equal(deflater_level(9), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deflater_is_read_back),
		cmocka_unit_test(dull_pieces_go_between),
		cmocka_unit_test(pieces_have_parts),
		cmocka_unit_test(level_may_change_on_the_way),
		cmocka_unit_test(levels_of_the_slider),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
