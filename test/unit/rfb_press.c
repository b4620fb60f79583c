/* What the press and the deflater write, read back by zlib. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "rfb/deflater.h"
#include "rfb/huffman.h"
#include "rfb/press.h"
#include "test/unit/rfb_pictures.h"

enum { MOST = 300000 };

enum content {
	ZEROS,
	NOISE,
	FEW_VALUES,
	REPEATING,  /* after a distance that changes */
	FIBONACCI,  /* frequencies that make the deepest trees */
	BYTE_TWICE, /* one value that dominates */
	CONTENTS,
};

static uint8_t fibonacci_byte(uint32_t *seed)
{
	uint32_t chance = picture_random(seed) & 0xffffff, share = 0xffffff;
	uint8_t byte = 0;

	for (; chance < share && byte < 40; byte++)
		share = (uint32_t)(share * 0.618);
	return byte;
}

static void fill(
	uint8_t *bytes, size_t count, enum content content, uint32_t *seed)
{
	size_t far = 1 + picture_random(seed) % 40000;

	for (size_t i = 0; i < count; i++) {
		uint32_t noise = picture_random(seed);

		switch (content) {
		case ZEROS:
			bytes[i] = 0;
			break;
		case FEW_VALUES:
			bytes[i] = (uint8_t)(noise >> 9 & 3);
			break;
		case REPEATING:
			bytes[i] = i >= far && noise % 61 != 0 ? bytes[i - far]
							       : (uint8_t)noise;
			break;
		case FIBONACCI:
			bytes[i] = fibonacci_byte(seed);
			break;
		case BYTE_TWICE:
			bytes[i] = noise % 1000 == 0 ? (uint8_t)noise : 7;
			break;
		default:
			bytes[i] = (uint8_t)(noise >> 5);
		}
	}
}

struct peer {
	z_stream stream;
	uint8_t room[MOST];
};

static struct peer *peer_open(int window_bits)
{
	struct peer *peer = calloc(1, sizeof(*peer));

	assert_non_null(peer);
	assert_int_equal(inflateInit2(&peer->stream, window_bits), Z_OK);
	return peer;
}

static void peer_close(struct peer *peer)
{
	inflateEnd(&peer->stream);
	free(peer);
}

/* All of the input gives exactly the bytes, and leaves nothing. */
static void peer_expect(struct peer *peer, struct buffer *got,
	const uint8_t *bytes, size_t count)
{
	int result;

	assert_false(got->failed);
	peer->stream.next_in = buffer_bytes(got);
	peer->stream.avail_in = (uInt)buffer_length(got);
	peer->stream.next_out = peer->room;
	peer->stream.avail_out = MOST;
	result = inflate(&peer->stream, Z_SYNC_FLUSH);
	if (result != Z_OK)
		fail_msg("inflate: %d %s", result, peer->stream.msg);
	assert_int_equal(peer->stream.avail_in, 0);
	assert_int_equal(MOST - peer->stream.avail_out, count);
	assert_memory_equal(peer->room, bytes, count);
	/* It ends at a byte: 0, 0, 255, 255. */
	assert_memory_equal(
		buffer_bytes(got) + buffer_length(got) - 4, "\0\0\xff\xff", 4);
	buffer_clear(got);
}

/* Sizes around every limit, and others. */
static size_t size_of(unsigned round, uint32_t *seed)
{
	static const size_t sizes[] = { 1, 2, 3, 4, 5, 7, 8, 9, 258, 259, 260,
		262, 32767, 32768, 32769, 61439, 61440, 61441, 65535, 65536,
		122880, 200000 };
	size_t count = sizeof(sizes) / sizeof(sizes[0]);

	if (round < count)
		return sizes[round];
	return 1 + picture_random(seed) % (round % 3 == 0 ? MOST - 1 : 600);
}

static void everything_comes_back(void **state)
{
	uint8_t *bytes = malloc(MOST);
	struct buffer got = { 0 };
	uint32_t seed = 1;

	(void)state;
	for (int content = 0; content < CONTENTS; content++) {
		struct press *press = press_create();
		struct peer *peer = peer_open(-15);

		for (unsigned round = 0; round < 60; round++) {
			size_t count = size_of(round, &seed);

			fill(bytes, count, (enum content)content, &seed);
			press_write(press, bytes, count, &got);
			peer_expect(peer, &got, bytes, count);
		}
		peer_close(peer);
		press_destroy(press);
	}
	buffer_finish(&got);
	free(bytes);
}

static void mixed_pieces_share_a_window(void **state)
{
	uint8_t *bytes = malloc(MOST);
	struct press *press = press_create();
	struct peer *peer = peer_open(-15);
	struct buffer got = { 0 };
	uint32_t seed = 5;

	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		size_t count = 1 + picture_random(&seed) % 5000;

		/* Every second piece is what an earlier one was. */
		if (round % 2 == 0)
			fill(bytes, count,
				(enum content)(
					picture_random(&seed) % CONTENTS),
				&seed);
		press_write(press, bytes, count, &got);
		if (round % 2 == 1 && round % 4 == 1)
			assert_true(buffer_length(&got) < count + 64);
		peer_expect(peer, &got, bytes, count);
		if (round % 50 == 49)
			press_forget(press);
	}
	peer_close(peer);
	press_destroy(press);
	buffer_finish(&got);
	free(bytes);
}

static void what_repeats_becomes_small(void **state)
{
	uint8_t *bytes = malloc(MOST);
	struct press *press = press_create();
	struct buffer got = { 0 };
	uint32_t seed = 9;

	(void)state;
	fill(bytes, 20000, NOISE, &seed);
	press_write(press, bytes, 20000, &got);
	/* Stored, with little around it. */
	assert_in_range(buffer_length(&got), 20000, 20016);
	buffer_clear(&got);
	press_write(press, bytes, 20000, &got);
	/* Noise is remembered less densely the longer it lasts. */
	assert_in_range(buffer_length(&got), 10, 5000);
	buffer_clear(&got);
	fill(bytes, 20000, FEW_VALUES, &seed);
	press_write(press, bytes, 20000, &got);
	assert_in_range(buffer_length(&got), 5000, 6500);
	buffer_finish(&got);
	press_destroy(press);
	free(bytes);
}

static void levels_change_within_a_stream(void **state)
{
	static const int levels[] = { 1, 1, 6, 6, 1, 9, 2, 1, 1, 3 };
	struct deflater deflater = { 0 };
	struct peer *peer = peer_open(15);
	struct buffer got = { 0 };
	uint8_t *bytes = malloc(MOST);
	uint32_t seed = 3;

	(void)state;
	fill(bytes, MOST, REPEATING, &seed);
	for (unsigned round = 0; round < 200; round++) {
		size_t count = 1 + picture_random(&seed) % 9000;
		size_t start = picture_random(&seed) % 20000;

		deflater_write(&deflater, levels[round % 10], bytes + start,
			count, &got);
		peer_expect(peer, &got, bytes + start, count);
	}
	deflater_finish(&deflater);
	peer_close(peer);
	buffer_finish(&got);
	free(bytes);
}

static void whole_streams_have_both_ends(void **state)
{
	struct deflater deflater = { 0 };
	struct buffer got = { 0 };
	uint8_t *bytes = malloc(MOST), *back = malloc(MOST);
	uint32_t seed = 4;

	(void)state;
	for (int round = 0; round < 40; round++) {
		size_t count = 1 + picture_random(&seed) % (MOST - 1);
		uLongf length = MOST;

		fill(bytes, count, (enum content)(round % CONTENTS), &seed);
		deflater_write_alone(
			&deflater, 1 + round % 4, bytes, count, &got);
		assert_int_equal(uncompress(back, &length, buffer_bytes(&got),
					 buffer_length(&got)),
			Z_OK);
		assert_int_equal(length, count);
		assert_memory_equal(back, bytes, count);
		buffer_clear(&got);
	}
	deflater_finish(&deflater);
	buffer_finish(&got);
	free(bytes);
	free(back);
}

static void check_complete(
	const uint32_t *frequencies, int count, int most_length)
{
	struct huffman_code codes[HUFFMAN_MOST_SYMBOLS];
	unsigned space = 0;

	huffman_build(codes, frequencies, count, most_length);
	for (int i = 0; i < count; i++) {
		assert_in_range(codes[i].length, 0, most_length);
		if (frequencies[i] != 0)
			assert_int_not_equal(codes[i].length, 0);
		if (codes[i].length != 0)
			space += 1u << (most_length - codes[i].length);
		for (int j = 0; j < count; j++)
			if (frequencies[i] > frequencies[j] && frequencies[j])
				assert_true(codes[i].length <= codes[j].length);
	}
	assert_int_equal(space, 1u << most_length);
}

static void codes_are_complete_and_short(void **state)
{
	uint32_t frequencies[HUFFMAN_MOST_SYMBOLS];
	uint32_t seed = 11;

	(void)state;
	for (int round = 0; round < 300; round++) {
		int count = 2 + (int)(picture_random(&seed) % 285);
		unsigned rare = picture_random(&seed) % 17;

		for (int i = 0; i < count; i++)
			frequencies[i] = picture_random(&seed) % 60000 >> rare;
		check_complete(frequencies, count, 15);
		/* Growing like this makes a tree as deep as it has leaves. */
		memset(frequencies, 0, sizeof(frequencies));
		for (int i = 0; i < 19 && i < count; i++)
			frequencies[i] =
				i < 2 ? 1
				      : frequencies[i - 1] + frequencies[i - 2];
		check_complete(frequencies, count < 19 ? count : 19, 7);
		check_complete(frequencies, count, 15);
	}
	memset(frequencies, 0, sizeof(frequencies));
	check_complete(frequencies, 30, 15);
	frequencies[29] = 5;
	check_complete(frequencies, 30, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_comes_back),
		cmocka_unit_test(mixed_pieces_share_a_window),
		cmocka_unit_test(what_repeats_becomes_small),
		cmocka_unit_test(levels_change_within_a_stream),
		cmocka_unit_test(whole_streams_have_both_ends),
		cmocka_unit_test(codes_are_complete_and_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
