#include "rfb/rect_writer.h"

#include <assert.h>
#include <string.h>

void rect_writer_finish(struct rect_writer *writer)
{
	buffer_finish(&writer->bytes);
	loan_list_finish(&writer->loans);
	buffer_finish(&writer->lossy);
	writer->count = 0;
}

void rect_writer_begin(
	struct rect_writer *writer, struct rect rect, int32_t encoding)
{
	if (writer->count == RECT_WRITER_MOST) {
		writer->bytes.failed = true;
		return;
	}
	writer->count++;
	writer->begun = buffer_length(&writer->bytes);
	buffer_u16(&writer->bytes, (uint16_t)rect.x);
	buffer_u16(&writer->bytes, (uint16_t)rect.y);
	buffer_u16(&writer->bytes, (uint16_t)rect.width);
	buffer_u16(&writer->bytes, (uint16_t)rect.height);
	buffer_s32(&writer->bytes, encoding);
}

void rect_writer_lend(
	struct rect_writer *writer, const struct frame *frame, struct rect area)
{
	/* Its references are nobody's secret. */
	loan_list_add(&writer->loans, buffer_length(&writer->bytes),
		(struct frame *)frame, area);
}

size_t rect_writer_length(const struct rect_writer *writer)
{
	size_t length = buffer_length(&writer->bytes);

	for (unsigned i = 0; i < writer->loans.count; i++)
		length += loan_bytes(&writer->loans.items[i]);
	return length;
}

void rect_writer_append(struct rect_writer *writer,
	const struct rect_writer *from, size_t skip_bytes, unsigned skip_count)
{
	unsigned count = from->count - skip_count;

	if (from->bytes.failed || writer->count + count > RECT_WRITER_MOST) {
		writer->bytes.failed = true;
		return;
	}
	writer->count += count;
	loan_list_append(&writer->loans, &from->loans,
		buffer_length(&writer->bytes) - skip_bytes);
	buffer_append(&writer->bytes, buffer_bytes(&from->bytes) + skip_bytes,
		buffer_length(&from->bytes) - skip_bytes);
	writer->lossy_bytes += from->lossy_bytes;
	buffer_append(&writer->lossy, buffer_bytes(&from->lossy),
		buffer_length(&from->lossy));
}

void rect_writer_add_lossy(struct rect_writer *writer, struct rect rect)
{
	writer->lossy_bytes += buffer_length(&writer->bytes) - writer->begun;
	buffer_append(&writer->lossy, &rect, sizeof(rect));
}

unsigned rect_writer_lossy_count(const struct rect_writer *writer)
{
	return (unsigned)(buffer_length(&writer->lossy) / sizeof(struct rect));
}

struct rect rect_writer_lossy(const struct rect_writer *writer, unsigned index)
{
	struct rect rect;

	assert(index < rect_writer_lossy_count(writer));
	memcpy(&rect, buffer_bytes(&writer->lossy) + index * sizeof(rect),
		sizeof(rect));
	return rect;
}
