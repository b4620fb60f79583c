/* buffer.h - bytes that grow at the end and are eaten from the front.
 *
 * Owner:   whoever embeds it; buffer_finish() frees the bytes. A zeroed struct
 *          is a valid empty buffer.
 * Threads: one at a time.
 * Errors:  running out of memory is sticky: `failed` is set, later appends do
 *          nothing, and the owner drops the one viewer it was for.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	uint8_t *start; /* of the allocation */
	size_t head;    /* first byte not yet eaten */
	size_t tail;    /* one past the last byte */
	size_t capacity;
	bool failed;
};

void buffer_finish(struct buffer *buffer);

/* Forgets the bytes and `failed`, keeps the memory. */
void buffer_clear(struct buffer *buffer);
/* The same, and overwrites them: they were secret. */
void buffer_wipe(struct buffer *buffer);

static inline size_t buffer_length(const struct buffer *buffer)
{
	return buffer->tail - buffer->head;
}

/* Valid until the next append; NULL while nothing ever was appended. */
static inline uint8_t *buffer_bytes(const struct buffer *buffer)
{
	return buffer->start != NULL ? buffer->start + buffer->head : NULL;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t count);
void buffer_u8(struct buffer *buffer, uint8_t value);
void buffer_u16(struct buffer *buffer, uint16_t value);
void buffer_u32(struct buffer *buffer, uint32_t value);
void buffer_s32(struct buffer *buffer, int32_t value);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Room for `count` bytes at the end, to be written by the caller and then
 * counted in with buffer_commit(). NULL when memory ran out. */
uint8_t *buffer_reserve(struct buffer *buffer, size_t count);
void buffer_commit(struct buffer *buffer, size_t count);

/* Eats from the front. `count` must not exceed buffer_length(). */
void buffer_consume(struct buffer *buffer, size_t count);

/* Cuts the end so that `length` bytes stay. */
void buffer_truncate(struct buffer *buffer, size_t length);

/* Gives back what is more than `spare` bytes of memory beside the bytes; not
 * worth it for little. */
void buffer_trim(struct buffer *buffer, size_t spare);

/* Overwrites bytes already written; `offset` counts from the front. */
void buffer_put_u16(struct buffer *buffer, size_t offset, uint16_t value);
void buffer_put_u32(struct buffer *buffer, size_t offset, uint32_t value);

#endif
