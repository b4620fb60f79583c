/* loan.h - pixels that stand in a message where a copy of them would stand.
 *
 * A message is bytes, and a list of what was lent to it: each loan goes in
 * front of the byte at its offset. Pixels go as they lie in the frame, row by
 * row.
 *
 * Owner:   whoever embeds the list; each loan holds one reference to its frame.
 *          A zeroed list is empty. loan_list_finish() gives all back.
 * Threads: one at a time.
 * Units:   offsets and lengths in bytes.
 */
#ifndef BASE_LOAN_H
#define BASE_LOAN_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/frame.h"

struct loan {
	size_t offset;
	struct frame *frame;
	struct rect area;
};

struct loan_list {
	struct loan *items; /* by offset */
	unsigned count;
};

void loan_list_finish(struct loan_list *list);

/* Shares the frame. `offset` is not before that of the last loan. */
void loan_list_add(struct loan_list *list, size_t offset, struct frame *frame,
	struct rect area);

/* Another list's loans behind its own, each further on by `shift`. */
void loan_list_append(
	struct loan_list *list, const struct loan_list *from, size_t shift);

static inline size_t loan_row_bytes(const struct loan *loan)
{
	return (size_t)loan->area.width * 4;
}

static inline size_t loan_bytes(const struct loan *loan)
{
	return loan_row_bytes(loan) * (size_t)loan->area.height;
}

/* Appends the message to `to`, with copies of what was lent. */
void loan_list_pour(const struct loan_list *list, const struct buffer *bytes,
	struct buffer *to);

/* What lies in one piece from byte `at` of the loan on; *length is never 0. */
const void *loan_piece(const struct loan *loan, size_t at, size_t *length);

#endif
