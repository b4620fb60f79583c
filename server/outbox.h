/* outbox.h - what waits to be taken by a socket: bytes, and pixels lent by
 * frames, which nobody copies.
 *
 * Owner:   whoever embeds it; a zeroed struct is empty. outbox_finish() frees
 *          the bytes and gives the frames back.
 * Threads: the loop thread.
 * Errors:  running out of memory is sticky in `failed`: what is in it can no
 *          longer be whole.
 */
#ifndef SERVER_OUTBOX_H
#define SERVER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/loan.h"

struct outbox_item;

struct outbox {
	struct outbox_item *first, *last;
	bool failed;
};

void outbox_finish(struct outbox *outbox);

bool outbox_is_empty(const struct outbox *outbox);

/* That wait, lent ones too. */
size_t outbox_length(const struct outbox *outbox);

void outbox_append(struct outbox *outbox, const void *bytes, size_t length);

/* Takes both; they are empty then. */
void outbox_take(
	struct outbox *outbox, struct buffer *bytes, struct loan_list *loans);

/* What the socket takes at once, and at most `most`: how much that was, or -1
 * and errno. */
ssize_t outbox_write(struct outbox *outbox, int fd, size_t most);

/* All of it, where more follows at once that is not in it: they leave together.
 * 0 where it is empty. */
ssize_t outbox_write_ahead(struct outbox *outbox, int fd);

/* The same with bytes behind what is in it, in one call: a header goes out
 * together with what it is the header of. What of the bytes was not taken is
 * the caller's to append; how much was taken of both together, or -1. */
ssize_t outbox_write_with(
	struct outbox *outbox, int fd, const void *bytes, size_t length);

/* Copies what was lent: its frames are wanted elsewhere. False where nothing
 * was. */
bool outbox_settle(struct outbox *outbox);

#endif
