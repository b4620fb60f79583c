/* bit_writer.h - bits into bytes, the lowest first, as deflate wants them.
 *
 * Owner:   borrows room of the caller's, which must reach 8 bytes beyond what
 *          is written.
 * Threads: one at a time.
 */
#ifndef RFB_BIT_WRITER_H
#define RFB_BIT_WRITER_H

#include <stdint.h>
#include <string.h>

struct bit_writer {
	uint8_t *next;
	uint64_t bits;
	unsigned count; /* of them; below 8 after a flush */
};

/* Up to 56 bits between two flushes; above `count` all of `bits` are 0. */
static inline void bit_writer_add(
	struct bit_writer *writer, uint64_t bits, unsigned count)
{
	writer->bits |= bits << writer->count;
	writer->count += count;
}

static inline void bit_writer_flush(struct bit_writer *writer)
{
	uint64_t stored = writer->bits;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		stored = __builtin_bswap64(stored);
	memcpy(writer->next, &stored, 8);
	writer->next += writer->count >> 3;
	writer->bits >>= writer->count & 56;
	writer->count &= 7;
}

/* To the next whole byte. */
static inline void bit_writer_align(struct bit_writer *writer)
{
	writer->count = (writer->count + 7) & ~7u;
	bit_writer_flush(writer);
}

#endif
