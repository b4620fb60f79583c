#include "base/loan.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xmalloc.h"

void loan_list_finish(struct loan_list *list)
{
	for (unsigned i = 0; i < list->count; i++)
		frame_unref(list->items[i].frame);
	free(list->items);
	*list = (struct loan_list){ 0 };
}

void loan_list_add(struct loan_list *list, size_t offset, struct frame *frame,
	struct rect area)
{
	assert(!rect_is_empty(area));
	if ((list->count & (list->count - 1)) == 0)
		list->items = xrealloc(
			list->items, (list->count > 0 ? list->count * 2 : 1) *
					     sizeof(*list->items));
	list->items[list->count++] =
		(struct loan){ offset, frame_ref(frame), area };
}

void loan_list_append(
	struct loan_list *list, const struct loan_list *from, size_t shift)
{
	for (unsigned i = 0; i < from->count; i++)
		loan_list_add(list, from->items[i].offset + shift,
			from->items[i].frame, from->items[i].area);
}

const void *loan_piece(const struct loan *loan, size_t at, size_t *length)
{
	const struct frame *frame = loan->frame;
	size_t row = loan_row_bytes(loan), within = at % row;
	const uint32_t *pixels =
		frame_row(frame, loan->area.y + (int)(at / row)) + loan->area.x;

	assert(at < loan_bytes(loan));
	/* Whole rows of the frame have nothing between them. */
	*length = row == frame->stride ? loan_bytes(loan) - at : row - within;
	return (const uint8_t *)pixels + within;
}

static void pour_loan(const struct loan *loan, struct buffer *to)
{
	size_t length;

	for (size_t at = 0; at < loan_bytes(loan); at += length) {
		const void *piece = loan_piece(loan, at, &length);

		buffer_append(to, piece, length);
	}
}

static void pour_bytes(
	const struct buffer *bytes, size_t at, size_t end, struct buffer *to)
{
	if (end > at)
		buffer_append(to, buffer_bytes(bytes) + at, end - at);
}

void loan_list_pour(const struct loan_list *list, const struct buffer *bytes,
	struct buffer *to)
{
	size_t at = 0;

	for (unsigned i = 0; i < list->count; i++) {
		const struct loan *loan = &list->items[i];

		pour_bytes(bytes, at, loan->offset, to);
		pour_loan(loan, to);
		at = loan->offset;
	}
	pour_bytes(bytes, at, buffer_length(bytes), to);
}
