/* reader.h - big-endian numbers out of borrowed bytes.
 *
 * The end is sticky: reading past it gives zeros and sets `overrun`, so that a
 * parser may read everything first and check once.
 *
 * Owner:   borrows the bytes; nothing to free.
 * Threads: any.
 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
	const uint8_t *bytes;
	size_t length;
	size_t position;
	bool overrun;
};

void reader_init(struct reader *reader, const void *bytes, size_t length);
size_t reader_left(const struct reader *reader);
uint8_t reader_u8(struct reader *reader);
uint16_t reader_u16(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
int32_t reader_s32(struct reader *reader);
void reader_skip(struct reader *reader, size_t count);

/* Borrowed pointer to the next `count` bytes, or NULL past the end. */
const uint8_t *reader_take(struct reader *reader, size_t count);

#endif
