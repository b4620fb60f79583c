#include "base/reader.h"

void reader_init(struct reader *reader, const void *bytes, size_t length)
{
	*reader = (struct reader){ .bytes = bytes, .length = length };
}

size_t reader_left(const struct reader *reader)
{
	return reader->length - reader->position;
}

const uint8_t *reader_take(struct reader *reader, size_t count)
{
	const uint8_t *taken;

	if (count > reader_left(reader)) {
		reader->overrun = true;
		reader->position = reader->length;
		return NULL;
	}
	taken = reader->bytes + reader->position;
	reader->position += count;
	return taken;
}

uint8_t reader_u8(struct reader *reader)
{
	const uint8_t *p = reader_take(reader, 1);

	return p ? p[0] : 0;
}

uint16_t reader_u16(struct reader *reader)
{
	const uint8_t *p = reader_take(reader, 2);

	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

uint32_t reader_u32(struct reader *reader)
{
	const uint8_t *p = reader_take(reader, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

int32_t reader_s32(struct reader *reader)
{
	return (int32_t)reader_u32(reader);
}

void reader_skip(struct reader *reader, size_t count)
{
	(void)reader_take(reader, count);
}
