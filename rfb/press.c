#include "rfb/press.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "rfb/press_block.h"

enum {
	HASH_BITS = 14,
	NEAR_HASH_BITS = 13,
	/* A repetition of three bytes, one pixel, pays only from nearby. */
	NEAR = 8192,
	/* A shorter one is only taken where the next byte begins none that is
	 * longer; of a longer one not all places are remembered. */
	LONG = 32,
	/* After so many bytes without a repetition they are looked at less and
	 * less densely: photographs repeat little. */
	PATIENCE_BITS = 9,
	WINDOW = PRESS_MOST_DISTANCE,
	SPARE = 8, /* read, but not used, beyond the end */
	FLUSH_BYTES = 8,
	/* Positions begin where nothing before them can be near. */
	FIRST_POSITION = WINDOW + 1,
	LAST_POSITION = INT32_MAX,
	READ = 4, /* at least so many bytes are looked at */
};

struct press {
	uint32_t position; /* of held[kept], counted from the beginning */
	size_t kept;       /* bytes of earlier blocks */
	uint32_t places[1 << HASH_BITS][2];  /* of four bytes, latest first */
	uint32_t nears[1 << NEAR_HASH_BITS]; /* the latest of three bytes */
	uint8_t held[WINDOW + PRESS_BLOCK_BYTES + SPARE];
	struct press_step steps[PRESS_MOST_STEPS];
};

struct press *press_create(void)
{
	struct press *press = xcalloc(1, sizeof(*press));

	press->position = FIRST_POSITION;
	return press;
}

void press_destroy(struct press *press)
{
	free(press);
}

void press_forget(struct press *press)
{
	press->kept = 0;
	press->position = FIRST_POSITION;
	memset(press->places, 0, sizeof(press->places));
	memset(press->nears, 0, sizeof(press->nears));
}

static inline uint32_t four_bytes(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, 4);
	return value;
}

/* The first three of them. */
static inline uint32_t three_of(uint32_t four)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? four >> 8
						      : four & 0xffffff;
}

static inline uint32_t slot_of(uint32_t value, int bits)
{
	return value * 0x9e3779b1u >> (32 - bits);
}

/* How many bytes at `a` and `b` are equal, up to `end` of `b` and up to
 * deflate's longest. */
static inline size_t equal_bytes(
	const uint8_t *a, const uint8_t *b, const uint8_t *end)
{
	size_t most = (size_t)(end - b);
	size_t length = 0;

	if (most > PRESS_MOST_MATCH)
		most = PRESS_MOST_MATCH;
	for (; length < most; length += 8) {
		uint64_t left, right;

		memcpy(&left, a + length, 8);
		memcpy(&right, b + length, 8);
		if (left != right) {
			uint64_t differing = left ^ right;

			length +=
				(size_t)(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
						 ? __builtin_clzll(differing)
						 : __builtin_ctzll(
							   differing)) >>
				3;
			break;
		}
	}
	return length < most ? length : most;
}

static inline void remember(
	struct press *press, uint32_t position, uint32_t value)
{
	uint32_t *places = press->places[slot_of(value, HASH_BITS)];

	places[1] = places[0];
	places[0] = position;
	press->nears[slot_of(three_of(value), NEAR_HASH_BITS)] = position;
}

struct match {
	size_t length; /* 0: none */
	uint32_t distance;
};

/* The longest of what is remembered for the bytes at `at`. */
static inline struct match find_match(const struct press *press,
	uint32_t position, const uint8_t *at, const uint8_t *end)
{
	uint32_t value = four_bytes(at), distance;
	const uint32_t *places = press->places[slot_of(value, HASH_BITS)];
	struct match best = { 0, 0 };

	for (int i = 0; i < 2; i++) {
		size_t length;

		distance = position - places[i];
		if (distance > PRESS_MOST_DISTANCE ||
			four_bytes(at - distance) != value)
			continue;
		length = equal_bytes(at - distance, at, end);
		if (length > best.length)
			best = (struct match){ length, distance };
	}
	if (best.length > 0)
		return best;
	distance = position -
		   press->nears[slot_of(three_of(value), NEAR_HASH_BITS)];
	if (distance <= NEAR &&
		three_of(four_bytes(at - distance)) == three_of(value))
		best = (struct match){ 3, distance };
	return best;
}

/* Where the bytes being pressed lie. */
struct span {
	const uint8_t *start, *end;
	uint32_t position; /* of the start */
};

static inline struct match look(
	struct press *press, const struct span *span, const uint8_t *at)
{
	uint32_t position = span->position + (uint32_t)(at - span->start);
	struct match match = find_match(press, position, at, span->end);

	remember(press, position, four_bytes(at));
	return match;
}

/* The places inside a match whose first one or two are remembered already. */
static inline void remember_inside(struct press *press, const struct span *span,
	const uint8_t *at, size_t length)
{
	uint32_t position = span->position + (uint32_t)(at - span->start);
	size_t last = length < LONG ? length : LONG;

	if (at + length + READ > span->end)
		return;
	for (size_t i = 2; i < last; i++)
		remember(press, position + (uint32_t)i, four_bytes(at + i));
}

/* Fills the steps for the bytes of the span; how many. */
static int find_steps(struct press *press, const struct span *span)
{
	const uint8_t *at = span->start, *literals = at;
	const uint8_t *last = span->end - READ;
	struct press_step *step = press->steps;

	while (at <= last) {
		struct match match = look(press, span, at), next;

		if (match.length == 0) {
			at += 1 + ((size_t)(at - literals) >> PATIENCE_BITS);
			continue;
		}
		while (match.length < LONG && at < last) {
			next = look(press, span, at + 1);
			if (next.length <= match.length)
				break;
			match = next;
			at++;
		}
		*step++ = (struct press_step){ (uint16_t)(at - literals),
			(uint16_t)match.length,
			(uint16_t)(match.distance - 1) };
		remember_inside(press, span, at, match.length);
		at += match.length;
		literals = at;
	}
	*step++ = (struct press_step){ (uint16_t)(span->end - literals), 0, 0 };
	return (int)(step - press->steps);
}

/* Drops what is too old to be referred to. */
static void keep_recent(struct press *press, size_t count)
{
	size_t held = press->kept + count;
	size_t kept = held < WINDOW ? held : WINDOW;

	memmove(press->held, press->held + held - kept, kept);
	press->kept = kept;
	press->position += (uint32_t)count;
	if (press->position > LAST_POSITION)
		press_forget(press);
}

/* An empty stored block, which ends at a byte. */
static void write_flush(struct bit_writer *out)
{
	static const uint8_t mark[] = { 0, 0, 0xff, 0xff };

	bit_writer_add(out, 0, 3);
	bit_writer_align(out);
	memcpy(out->next, mark, sizeof(mark));
	out->next += sizeof(mark);
}

static void write_block(struct press *press, const uint8_t *bytes, size_t count,
	bool is_last, struct bit_writer *out)
{
	uint8_t *start = press->held + press->kept;
	struct span span = { start, start + count, press->position };

	memcpy(start, bytes, count);
	memset(start + count, 0, SPARE);
	press_block_write(
		press->steps, find_steps(press, &span), start, count, out);
	if (is_last)
		write_flush(out);
	keep_recent(press, count);
}

void press_write(struct press *press, const uint8_t *bytes, size_t count,
	struct buffer *to)
{
	size_t blocks = count / PRESS_BLOCK_BYTES + 1;
	size_t room = count + blocks * PRESS_BLOCK_ROOM + FLUSH_BYTES;
	uint8_t *start = buffer_reserve(to, room);
	struct bit_writer out = { .next = start };

	assert(count > 0);
	if (start == NULL)
		return;
	while (count > 0) {
		size_t piece =
			count < PRESS_BLOCK_BYTES ? count : PRESS_BLOCK_BYTES;

		write_block(press, bytes, piece, piece == count, &out);
		bytes += piece;
		count -= piece;
	}
	assert((size_t)(out.next - start) <= room);
	buffer_commit(to, (size_t)(out.next - start));
}
