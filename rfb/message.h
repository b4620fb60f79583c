/* message.h - what a logged-in viewer may say (RFC 6143 section 7.5).
 *
 * Adding a message is one file with one descriptor, and one line in the table
 * in message.c.
 *
 * Threads: the loop thread.
 */
#ifndef RFB_MESSAGE_H
#define RFB_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/parse.h"
#include "base/reader.h"

struct session;

struct message {
	uint8_t type;
	const char *name;  /* for sentences about it */
	size_t head_bytes; /* with the type byte */
	/* Bytes that follow a head like this, at most MESSAGE_MOST_BYTES; NULL
	 * for none. What the viewer was told may decide. */
	size_t (*body_bytes)(
		const struct session *session, const uint8_t *head);
	/* The reader holds the whole message, positioned behind the type
	 * byte; lengths were checked. */
	void (*handle)(struct session *session, struct reader *reader);
};

/* SetEncodings with 65 535 entries is the largest: cut text is taken as it
 * comes. */
enum { MESSAGE_MOST_BYTES = 4 + 65535 * 4 };

/* Looks at the message that begins `bytes`. PARSE_DONE: *message and *length
 * are set, and `length` bytes are there. PARSE_BAD: no such message. */
enum parse_result message_parse(const struct session *session,
	const uint8_t *bytes, size_t available, const struct message **message,
	size_t *length);

#endif
