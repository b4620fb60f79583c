#include "server/outbox.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/xmalloc.h"

enum {
	MOST_PIECES = 256,       /* in one call; rows are pieces */
	KEPT_BYTES = 256 << 10,  /* of an item that has become empty */
	LEAST_KEPT_BYTES = 4096, /* what is less is cheaply made anew */
	SPARE_BYTES = 512 << 10, /* of an item that waits */
};

struct outbox_item {
	struct outbox_item *next;
	struct buffer bytes; /* what has left is consumed */
	size_t passed;       /* bytes consumed: loans count from the start */
	struct loan_list loans;
	unsigned loan;      /* the first that has not left whole */
	size_t loan_passed; /* bytes of it that have */
};

static void item_free(struct outbox_item *item)
{
	buffer_finish(&item->bytes);
	loan_list_finish(&item->loans);
	free(item);
}

void outbox_finish(struct outbox *outbox)
{
	while (outbox->first != NULL) {
		struct outbox_item *item = outbox->first;

		outbox->first = item->next;
		item_free(item);
	}
	*outbox = (struct outbox){ 0 };
}

static bool item_is_empty(const struct outbox_item *item)
{
	return buffer_length(&item->bytes) == 0 &&
	       item->loan == item->loans.count;
}

/* Only an item that is kept for its memory is empty, and then it is alone. */
bool outbox_is_empty(const struct outbox *outbox)
{
	return outbox->first == NULL || item_is_empty(outbox->first);
}

static struct outbox_item *add_item(struct outbox *outbox)
{
	struct outbox_item *item = xcalloc(1, sizeof(*item));

	if (outbox->last != NULL)
		outbox->last->next = item;
	else
		outbox->first = item;
	outbox->last = item;
	return item;
}

void outbox_append(struct outbox *outbox, const void *bytes, size_t length)
{
	struct outbox_item *item = outbox->last;

	if (item == NULL)
		item = add_item(outbox);
	buffer_append(&item->bytes, bytes, length);
	outbox->failed |= item->bytes.failed;
}

void outbox_take(
	struct outbox *outbox, struct buffer *bytes, struct loan_list *loans)
{
	struct outbox_item *item;

	if (outbox_is_empty(outbox))
		outbox_finish(outbox);
	item = add_item(outbox);
	item->bytes = *bytes;
	item->loans = *loans;
	outbox->failed |= bytes->failed;
	*bytes = (struct buffer){ 0 };
	*loans = (struct loan_list){ 0 };
}

/* What comes next, in one piece: bytes up to the next loan, or pixels. */
static struct iovec next_piece(
	const struct outbox_item *item, unsigned loan, size_t passed, size_t at)
{
	uint8_t *bytes = buffer_bytes(&item->bytes); /* NULL: there are none */
	struct iovec piece = { bytes != NULL ? bytes + at : NULL,
		buffer_length(&item->bytes) - at };

	if (loan == item->loans.count)
		return piece;
	if (item->loans.items[loan].offset > item->passed + at) {
		piece.iov_len =
			item->loans.items[loan].offset - (item->passed + at);
		return piece;
	}
	piece.iov_base = (void *)loan_piece(
		&item->loans.items[loan], passed, &piece.iov_len);
	return piece;
}

/* Whether the piece that comes next is a loan's. */
static bool is_lent(const struct outbox_item *item, unsigned loan, size_t at)
{
	return loan < item->loans.count &&
	       item->loans.items[loan].offset == item->passed + at;
}

/* Up to `most` pieces of the item; 0 where nothing is left. */
static int item_pieces(
	const struct outbox_item *item, struct iovec *pieces, int most)
{
	unsigned loan = item->loan;
	size_t passed = item->loan_passed, at = 0;
	int count = 0;

	while (count < most && (loan < item->loans.count ||
				       at < buffer_length(&item->bytes))) {
		struct iovec piece = next_piece(item, loan, passed, at);

		pieces[count++] = piece;
		if (!is_lent(item, loan, at)) {
			at += piece.iov_len;
			continue;
		}
		passed += piece.iov_len;
		if (passed == loan_bytes(&item->loans.items[loan])) {
			loan++;
			passed = 0;
		}
	}
	return count;
}

/* Takes up to `count` bytes off its front; what is left of `count`. */
static size_t item_consume(struct outbox_item *item, size_t count)
{
	while (count > 0 && !item_is_empty(item)) {
		struct iovec piece =
			next_piece(item, item->loan, item->loan_passed, 0);
		size_t length = piece.iov_len < count ? piece.iov_len : count;

		count -= length;
		if (!is_lent(item, item->loan, 0)) {
			buffer_consume(&item->bytes, length);
			item->passed += length;
			continue;
		}
		item->loan_passed += length;
		if (item->loan_passed ==
			loan_bytes(&item->loans.items[item->loan])) {
			item->loan++;
			item->loan_passed = 0;
		}
	}
	return count;
}

static void drop_first(struct outbox *outbox)
{
	struct outbox_item *item = outbox->first;

	outbox->first = item->next;
	if (outbox->first == NULL)
		outbox->last = NULL;
	item_free(item);
}

static void consume(struct outbox *outbox, size_t count)
{
	while (outbox->first != NULL) {
		struct outbox_item *item = outbox->first;

		count = item_consume(item, count);
		if (!item_is_empty(item))
			break;
		if (item->next == NULL && item->loans.count == 0 &&
			item->bytes.capacity >= LEAST_KEPT_BYTES &&
			item->bytes.capacity <= KEPT_BYTES)
			break;
		drop_first(outbox);
	}
	assert(count == 0);
}

/* Cuts the pieces behind `most` bytes; how many pieces are left. */
static int cut(struct iovec *pieces, int count, size_t most, size_t *offered)
{
	int i;

	*offered = 0;
	for (i = 0; i < count && *offered < most; i++) {
		if (pieces[i].iov_len > most - *offered)
			pieces[i].iov_len = most - *offered;
		*offered += pieces[i].iov_len;
	}
	return i;
}

/* One call's worth; *whole: the socket took all that was offered. */
static ssize_t write_once(
	struct outbox *outbox, int fd, size_t most, int flags, bool *whole)
{
	struct iovec pieces[MOST_PIECES];
	struct msghdr message = { .msg_iov = pieces };
	const struct outbox_item *item = outbox->first;
	ssize_t written;
	size_t offered;
	int count = 0;

	for (; item != NULL && count < MOST_PIECES; item = item->next)
		count += item_pieces(item, pieces + count, MOST_PIECES - count);
	message.msg_iovlen = (size_t)cut(pieces, count, most, &offered);
	written = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT | flags);
	*whole = written >= 0 && (size_t)written == offered;
	if (written > 0)
		consume(outbox, (size_t)written);
	return written;
}

ssize_t outbox_write(struct outbox *outbox, int fd, size_t most)
{
	ssize_t sum = 0, written;
	bool whole = true;
	int why;

	while (whole && (size_t)sum < most && !outbox_is_empty(outbox)) {
		written = write_once(outbox, fd, most - (size_t)sum, 0, &whole);
		if (written < 0 && sum == 0)
			sum = -1;
		if (written < 0)
			break;
		sum += written;
	}
	/* It may wait for as long as its viewer does not read. */
	why = errno;
	if (!outbox_is_empty(outbox))
		buffer_trim(&outbox->first->bytes, SPARE_BYTES);
	errno = why;
	return sum;
}

ssize_t outbox_write_ahead(struct outbox *outbox, int fd)
{
	bool whole;

	return outbox_is_empty(outbox)
		       ? 0
		       : write_once(outbox, fd, SIZE_MAX, MSG_MORE, &whole);
}

ssize_t outbox_write_with(
	struct outbox *outbox, int fd, const void *bytes, size_t length)
{
	struct iovec pieces[MOST_PIECES];
	struct msghdr message = { .msg_iov = pieces };
	const struct outbox_item *item = outbox->first;
	size_t waiting = outbox_length(outbox), offered = 0;
	ssize_t written;
	int count = 0, i;

	for (; item != NULL && count < MOST_PIECES - 1; item = item->next)
		count += item_pieces(
			item, pieces + count, MOST_PIECES - 1 - count);
	for (i = 0; i < count; i++)
		offered += pieces[i].iov_len;
	if (offered < waiting)
		return outbox_write(outbox, fd, waiting);
	pieces[count++] = (struct iovec){ (void *)bytes, length };
	message.msg_iovlen = (size_t)count;
	written = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (written > 0)
		consume(outbox,
			(size_t)written < waiting ? (size_t)written : waiting);
	return written;
}

static size_t item_length(const struct outbox_item *item)
{
	size_t length = buffer_length(&item->bytes);

	for (unsigned i = item->loan; i < item->loans.count; i++)
		length += loan_bytes(&item->loans.items[i]);
	return length - item->loan_passed;
}

size_t outbox_length(const struct outbox *outbox)
{
	const struct outbox_item *item = outbox->first;
	size_t length = 0;

	for (; item != NULL; item = item->next)
		length += item_length(item);
	return length;
}

static void item_settle(struct outbox_item *item)
{
	struct buffer copy = { 0 };

	buffer_reserve(&copy, item_length(item));
	while (!item_is_empty(item) && !copy.failed) {
		struct iovec piece =
			next_piece(item, item->loan, item->loan_passed, 0);

		buffer_append(&copy, piece.iov_base, piece.iov_len);
		item_consume(item, piece.iov_len);
	}
	buffer_finish(&item->bytes);
	loan_list_finish(&item->loans);
	item->bytes = copy;
	item->passed = item->loan_passed = item->loan = 0;
}

bool outbox_settle(struct outbox *outbox)
{
	struct outbox_item *item = outbox->first;
	bool any = false;

	for (; item != NULL; item = item->next) {
		if (item->loans.count == 0)
			continue;
		any = true;
		item_settle(item);
		outbox->failed |= item->bytes.failed;
	}
	return any;
}
