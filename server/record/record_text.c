#include "server/record/record_text.h"

#include <assert.h>
#include <string.h>

/* In front of each note's bytes. */
struct head {
	uint32_t length, ms;
	uint8_t from;
};

void record_text_note(struct buffer *notes, enum record_from from, uint32_t ms,
	const void *bytes, size_t length)
{
	const struct head head = { (uint32_t)length, ms, (uint8_t)from };

	assert(length <= UINT32_MAX);
	buffer_append(notes, &head, sizeof(head));
	buffer_append(notes, bytes, length);
}

static void add_byte(struct buffer *text, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t escaped[] = { '\\', 'x', (uint8_t)digits[byte >> 4],
		(uint8_t)digits[byte & 15] };

	if (byte >= ' ' && byte < 0x7f && byte != '\'' && byte != '\\')
		buffer_u8(text, byte);
	else
		buffer_append(text, escaped, sizeof(escaped));
}

static void add_note(
	struct buffer *text, const struct head *head, const uint8_t *bytes)
{
	uint32_t i;

	buffer_printf(text, "'%c%u%c", head->from, head->ms, head->from);
	for (i = 0; i < head->length; i++)
		add_byte(text, bytes[i]);
	buffer_text(text, "',\n");
}

void record_text_write(struct buffer *text, struct buffer *notes, size_t about)
{
	size_t at = 0;

	while (at < buffer_length(notes) && buffer_length(text) < about &&
		!text->failed) {
		const uint8_t *note = buffer_bytes(notes) + at;
		struct head head;

		memcpy(&head, note, sizeof(head));
		add_note(text, &head, note + sizeof(head));
		at += sizeof(head) + head.length;
	}
	buffer_consume(notes, at);
}
