/* notice.h - what an update tells besides pixels: pseudo-rectangles.
 *
 * Adding one is one file with one descriptor, and one line in the table in
 * notice.c.
 *
 * Threads: the loop thread.
 * Source:  RFC 6143 section 7.8; rfbproto, "Pseudo-encodings".
 */
#ifndef RFB_NOTICE_H
#define RFB_NOTICE_H

#include <stdbool.h>

#include "rfb/rect_writer.h"

struct session;

struct notice {
	/* Goes in an update of its own, without pixel data, before them. */
	bool alone;
	/* Whether the viewer lacks it and understands it. */
	bool (*is_due)(const struct session *session);
	/* Writes it, and remembers that the viewer has it. */
	void (*write)(struct session *session, struct rect_writer *to);
};

/* Ended by NULL, in the order of sending. */
extern const struct notice *const notice_table[];

bool notice_any_due(const struct session *session);

/* Sends a message of its own for each due notice that wants that. True:
 * something was sent, which answers a viewer's request. */
bool notice_send_alone(struct session *session);

/* Writes all other due ones into an update that is being made. */
void notice_write_due(struct session *session, struct rect_writer *to);

#endif
