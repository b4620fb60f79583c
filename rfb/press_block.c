#include "rfb/press_block.h"

#include <stdbool.h>

#include "rfb/huffman.h"

enum {
	END = 256, /* of a block; the lengths follow */
	LITERALS_AND_LENGTHS = 286,
	FIXED_LITERALS_AND_LENGTHS = 288,
	DISTANCES = 30,
	FIXED_DISTANCE_BITS = 5,
	LENGTH_CODES = 19,
	MOST_LENGTH_CODE = 7, /* bits */
	STORED_HEAD_BITS = 40,
	/* How three symbols repeat a code length. */
	REPEAT_LAST = 16,
	REPEAT_ZERO = 17,
	REPEAT_ZERO_LONG = 18,
};

struct alphabet {
	uint32_t frequencies[FIXED_LITERALS_AND_LENGTHS];
	struct huffman_code codes[FIXED_LITERALS_AND_LENGTHS];
	int used; /* symbols up to the last with a code */
};

/* The code lengths of both alphabets, themselves shortened. */
struct outline {
	int count;
	uint8_t symbols[LITERALS_AND_LENGTHS + DISTANCES];
	uint8_t extras[LITERALS_AND_LENGTHS + DISTANCES];
	struct alphabet alphabet;
	int used; /* of length_order */
};

struct block {
	const struct press_step *steps;
	int step_count;
	const uint8_t *bytes;
	size_t count;
	struct alphabet literals;
	struct alphabet distances;
	struct outline outline;
	uint64_t extra_bits; /* behind lengths and distances */
};

static const uint8_t length_order[LENGTH_CODES] = { 16, 17, 18, 0, 8, 7, 9, 6,
	10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };

/* A symbol, and the bits that follow it. */
struct part {
	unsigned symbol, extra_count, extra;
};

static inline unsigned log_2(unsigned value)
{
	return 31 - (unsigned)__builtin_clz(value);
}

/* Four symbols for each power of two. */
static inline struct part length_part(unsigned length)
{
	unsigned value = length - 3, shift;

	if (length == PRESS_MOST_MATCH)
		return (struct part){ 285, 0, 0 };
	if (value < 8)
		return (struct part){ 257 + value, 0, 0 };
	shift = log_2(value) - 2;
	return (struct part){ 257 + shift * 4 + (value >> shift), shift,
		value & ((1u << shift) - 1) };
}

/* Two symbols for each power of two; `value` is less one. */
static inline struct part distance_part(unsigned value)
{
	unsigned shift;

	if (value < 4)
		return (struct part){ value, 0, 0 };
	shift = log_2(value) - 1;
	return (struct part){ shift * 2 + (value >> shift), shift,
		value & ((1u << shift) - 1) };
}

static void count_symbols(struct block *block)
{
	uint32_t *literals = block->literals.frequencies;
	/* A second count, so that two equal bytes do not wait for one another.
	 */
	uint32_t odd[256] = { 0 };
	const uint8_t *at = block->bytes;

	for (int i = 0; i < block->step_count; i++) {
		const struct press_step *step = &block->steps[i];
		const uint8_t *end = at + step->literals;
		struct part length, distance;

		for (; at + 1 < end; at += 2) {
			literals[at[0]]++;
			odd[at[1]]++;
		}
		if (at < end)
			literals[*at++]++;
		if (step->length == 0)
			continue;
		length = length_part(step->length);
		distance = distance_part(step->distance);
		literals[length.symbol]++;
		block->distances.frequencies[distance.symbol]++;
		block->extra_bits += length.extra_count + distance.extra_count;
		at += step->length;
	}
	for (int i = 0; i < 256; i++)
		literals[i] += odd[i];
	literals[END]++;
}

static uint64_t alphabet_bits(const struct alphabet *alphabet, int count)
{
	uint64_t bits = 0;

	for (int i = 0; i < count; i++)
		bits += (uint64_t)alphabet->frequencies[i] *
			alphabet->codes[i].length;
	return bits;
}

static void alphabet_build(
	struct alphabet *alphabet, int count, int least, int most_length)
{
	huffman_build(
		alphabet->codes, alphabet->frequencies, count, most_length);
	alphabet->used = count;
	while (alphabet->used > least &&
		alphabet->codes[alphabet->used - 1].length == 0)
		alphabet->used--;
}

static void outline_add(struct outline *outline, int symbol, int extra)
{
	outline->symbols[outline->count] = (uint8_t)symbol;
	outline->extras[outline->count++] = (uint8_t)extra;
	outline->alphabet.frequencies[symbol]++;
}

/* `run` times the same code length. */
static void outline_add_run(struct outline *outline, int length, int run)
{
	while (length == 0 && run >= 3) {
		int now = run < 138 ? run : 138;

		if (now <= 10)
			outline_add(outline, REPEAT_ZERO, now - 3);
		else
			outline_add(outline, REPEAT_ZERO_LONG, now - 11);
		run -= now;
	}
	if (run > 0) {
		outline_add(outline, length, 0);
		run--;
	}
	while (run >= 3) {
		int now = run < 6 ? run : 6;

		outline_add(outline, REPEAT_LAST, now - 3);
		run -= now;
	}
	while (run-- > 0)
		outline_add(outline, length, 0);
}

static void outline_build(struct block *block)
{
	struct outline *outline = &block->outline;
	uint8_t lengths[LITERALS_AND_LENGTHS + DISTANCES];
	int count = 0, run;

	for (int i = 0; i < block->literals.used; i++)
		lengths[count++] = (uint8_t)block->literals.codes[i].length;
	for (int i = 0; i < block->distances.used; i++)
		lengths[count++] = (uint8_t)block->distances.codes[i].length;
	for (int i = 0; i < count; i += run) {
		run = 1;
		while (i + run < count && lengths[i + run] == lengths[i])
			run++;
		outline_add_run(outline, lengths[i], run);
	}
	alphabet_build(&outline->alphabet, LENGTH_CODES, 0, MOST_LENGTH_CODE);
	outline->used = LENGTH_CODES;
	while (outline->used > 4 &&
		outline->alphabet.codes[length_order[outline->used - 1]]
				.length == 0)
		outline->used--;
}

static unsigned outline_extra_count(int symbol)
{
	return symbol == REPEAT_LAST        ? 2
	       : symbol == REPEAT_ZERO      ? 3
	       : symbol == REPEAT_ZERO_LONG ? 7
					    : 0;
}

static uint64_t outline_bits(const struct outline *outline)
{
	uint64_t bits = 14 + 3 * (unsigned)outline->used;

	bits += alphabet_bits(&outline->alphabet, LENGTH_CODES);
	for (int i = REPEAT_LAST; i <= REPEAT_ZERO_LONG; i++)
		bits += (uint64_t)outline->alphabet.frequencies[i] *
			outline_extra_count(i);
	return bits;
}

static void outline_write(const struct block *block, struct bit_writer *out)
{
	const struct outline *outline = &block->outline;

	bit_writer_add(out, (unsigned)block->literals.used - 257, 5);
	bit_writer_add(out, (unsigned)block->distances.used - 1, 5);
	bit_writer_add(out, (unsigned)outline->used - 4, 4);
	bit_writer_flush(out);
	for (int i = 0; i < outline->used; i++) {
		bit_writer_add(out,
			outline->alphabet.codes[length_order[i]].length, 3);
		bit_writer_flush(out);
	}
	for (int i = 0; i < outline->count; i++) {
		int symbol = outline->symbols[i];
		struct huffman_code code = outline->alphabet.codes[symbol];

		bit_writer_add(out, code.bits, code.length);
		bit_writer_add(
			out, outline->extras[i], outline_extra_count(symbol));
		bit_writer_flush(out);
	}
}

static void fix_codes(struct block *block)
{
	for (int i = 0; i < FIXED_LITERALS_AND_LENGTHS; i++)
		block->literals.codes[i].length = i < 144   ? 8
						  : i < 256 ? 9
						  : i < 280 ? 7
							    : 8;
	huffman_assign(block->literals.codes, FIXED_LITERALS_AND_LENGTHS);
	for (int i = 0; i < DISTANCES; i++)
		block->distances.codes[i].length = FIXED_DISTANCE_BITS;
	huffman_assign(block->distances.codes, DISTANCES);
}

static uint64_t fixed_bits(const struct block *block)
{
	uint64_t bits = block->extra_bits;

	for (int i = 0; i < LITERALS_AND_LENGTHS; i++)
		bits += (uint64_t)block->literals.frequencies[i] *
			(i < 144          ? 8
				: i < 256 ? 9
				: i < 280 ? 7
					  : 8);
	for (int i = 0; i < DISTANCES; i++)
		bits += (uint64_t)block->distances.frequencies[i] *
			FIXED_DISTANCE_BITS;
	return bits;
}

static inline void write_literals(const struct huffman_code *codes,
	const uint8_t *at, const uint8_t *end, struct bit_writer *out)
{
	/* Three codes of 15 bits fit beside what a flush leaves. */
	for (; at + 3 <= end; at += 3) {
		struct huffman_code a = codes[at[0]], b = codes[at[1]],
				    c = codes[at[2]];

		bit_writer_add(out, a.bits, a.length);
		bit_writer_add(out, b.bits, b.length);
		bit_writer_add(out, c.bits, c.length);
		bit_writer_flush(out);
	}
	for (; at < end; at++)
		bit_writer_add(out, codes[*at].bits, codes[*at].length);
	bit_writer_flush(out);
}

static void write_symbols(const struct block *block, struct bit_writer *to)
{
	const struct huffman_code *literals = block->literals.codes;
	const struct huffman_code *distances = block->distances.codes;
	const uint8_t *at = block->bytes;
	struct bit_writer out = *to; /* in registers */

	for (int i = 0; i < block->step_count; i++) {
		const struct press_step *step = &block->steps[i];
		struct part part;

		write_literals(literals, at, at + step->literals, &out);
		at += step->literals + step->length;
		if (step->length == 0)
			continue;
		part = length_part(step->length);
		bit_writer_add(&out, literals[part.symbol].bits,
			literals[part.symbol].length);
		bit_writer_add(&out, part.extra, part.extra_count);
		part = distance_part(step->distance);
		bit_writer_add(&out, distances[part.symbol].bits,
			distances[part.symbol].length);
		bit_writer_add(&out, part.extra, part.extra_count);
		bit_writer_flush(&out);
	}
	bit_writer_add(&out, literals[END].bits, literals[END].length);
	bit_writer_flush(&out);
	*to = out;
}

static void write_stored(const struct block *block, struct bit_writer *out)
{
	unsigned count = (unsigned)block->count;

	bit_writer_add(out, 0, 3);
	bit_writer_align(out);
	bit_writer_add(out, count | (uint64_t)(~count & 0xffff) << 16, 32);
	bit_writer_flush(out);
	memcpy(out->next, block->bytes, count);
	out->next += count;
}

void press_block_write(const struct press_step *steps, int step_count,
	const uint8_t *bytes, size_t count, struct bit_writer *out)
{
	enum {
		FIXED = 1,
		DYNAMIC = 2
	}; /* the block's kind, above its first bit */
	struct block block = { .steps = steps,
		.step_count = step_count,
		.bytes = bytes,
		.count = count };
	uint64_t fixed, dynamic, stored = STORED_HEAD_BITS + count * 8;

	count_symbols(&block);
	fixed = fixed_bits(&block);
	alphabet_build(&block.literals, LITERALS_AND_LENGTHS, 257,
		HUFFMAN_MOST_LENGTH);
	alphabet_build(&block.distances, DISTANCES, 1, HUFFMAN_MOST_LENGTH);
	outline_build(&block);
	dynamic = alphabet_bits(&block.literals, LITERALS_AND_LENGTHS) +
		  alphabet_bits(&block.distances, DISTANCES) +
		  outline_bits(&block.outline) + block.extra_bits;
	if (stored <= fixed && stored <= dynamic) {
		write_stored(&block, out);
		return;
	}
	bit_writer_add(out, (fixed <= dynamic ? FIXED : DYNAMIC) << 1, 3);
	bit_writer_flush(out);
	if (fixed <= dynamic)
		fix_codes(&block);
	else
		outline_write(&block, out);
	write_symbols(&block, out);
}
