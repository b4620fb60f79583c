#include "base/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 512, LARGE_CAPACITY = 1 << 20 };

void buffer_finish(struct buffer *buffer)
{
	free(buffer->start);
	*buffer = (struct buffer){ 0 };
}

void buffer_wipe(struct buffer *buffer)
{
	if (buffer->start != NULL)
		explicit_bzero(buffer->start, buffer->capacity);
	buffer_clear(buffer);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->head = buffer->tail = 0;
	buffer->failed = false;
}

static bool grow(struct buffer *buffer, size_t needed)
{
	size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
	uint8_t *start;

	if (needed > SIZE_MAX / 2)
		return false;
	while (capacity < needed && capacity < LARGE_CAPACITY)
		capacity *= 2;
	if (capacity < needed) /* a picture: twice as much would be waste */
		capacity = needed + needed / 8;
	start = realloc(buffer->start, capacity);
	if (start == NULL)
		return false;
	buffer->start = start;
	buffer->capacity = capacity;
	return true;
}

uint8_t *buffer_reserve(struct buffer *buffer, size_t count)
{
	size_t length = buffer_length(buffer);

	if (buffer->failed || count > SIZE_MAX - length) {
		buffer->failed = true;
		return NULL;
	}
	if (count > buffer->capacity - buffer->tail && buffer->head > 0) {
		memmove(buffer->start, buffer_bytes(buffer), length);
		buffer->head = 0;
		buffer->tail = length;
	}
	if (count > buffer->capacity - buffer->tail &&
		!grow(buffer, length + count)) {
		buffer->failed = true;
		return NULL;
	}
	return buffer->start + buffer->tail;
}

void buffer_commit(struct buffer *buffer, size_t count)
{
	assert(count <= buffer->capacity - buffer->tail);
	buffer->tail += count;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t count)
{
	uint8_t *room;

	if (count == 0)
		return;
	room = buffer_reserve(buffer, count);
	if (room == NULL)
		return;
	memcpy(room, bytes, count);
	buffer->tail += count;
}

void buffer_u8(struct buffer *buffer, uint8_t value)
{
	buffer_append(buffer, &value, 1);
}

void buffer_u16(struct buffer *buffer, uint16_t value)
{
	uint8_t bytes[] = { (uint8_t)(value >> 8), (uint8_t)value };

	buffer_append(buffer, bytes, sizeof(bytes));
}

void buffer_u32(struct buffer *buffer, uint32_t value)
{
	uint8_t bytes[] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
		(uint8_t)(value >> 8), (uint8_t)value };

	buffer_append(buffer, bytes, sizeof(bytes));
}

void buffer_s32(struct buffer *buffer, int32_t value)
{
	buffer_u32(buffer, (uint32_t)value);
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0) {
		buffer->failed = true;
		return;
	}
	buffer_append(buffer, text, (size_t)length);
	free(text);
}

void buffer_consume(struct buffer *buffer, size_t count)
{
	assert(count <= buffer_length(buffer));
	buffer->head += count;
	if (buffer->head == buffer->tail)
		buffer->head = buffer->tail = 0;
}

void buffer_truncate(struct buffer *buffer, size_t length)
{
	assert(length <= buffer_length(buffer));
	buffer->tail = buffer->head + length;
}

void buffer_trim(struct buffer *buffer, size_t spare)
{
	size_t length = buffer_length(buffer);
	uint8_t *start;

	if (length == 0 || buffer->capacity - length <= spare)
		return;
	memmove(buffer->start, buffer_bytes(buffer), length);
	buffer->head = 0;
	buffer->tail = length;
	start = realloc(buffer->start, length);
	if (start == NULL)
		return; /* as large as it was */
	buffer->start = start;
	buffer->capacity = length;
}

void buffer_put_u16(struct buffer *buffer, size_t offset, uint16_t value)
{
	uint8_t *bytes;

	if (buffer->failed)
		return;
	assert(offset + 2 <= buffer_length(buffer));
	bytes = buffer_bytes(buffer) + offset;
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

void buffer_put_u32(struct buffer *buffer, size_t offset, uint32_t value)
{
	if (buffer->failed)
		return;
	buffer_put_u16(buffer, offset, (uint16_t)(value >> 16));
	buffer_put_u16(buffer, offset + 2, (uint16_t)value);
}
