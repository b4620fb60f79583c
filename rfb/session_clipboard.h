/* session_clipboard.h - one viewer's copy and paste: what it may be told, and
 * how, and the cut text message that is on its way in.
 *
 * Others' copies are announced where the viewer understands that (Extended
 * Clipboard), and fetched when it asks. Others want the text itself: those
 * that list no Extended Clipboard in Latin-1, and those that list it but never
 * answer our capabilities (libvncclient) in a Provide nobody asked for. A
 * viewer has had its chance to answer once it asks for a picture after one
 * that came behind our capabilities: until then an offer waits.
 *
 * Owner:   embedded in the session; session_clipboard_finish() frees.
 * Threads: the loop thread.
 */
#ifndef RFB_SESSION_CLIPBOARD_H
#define RFB_SESSION_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "rfb/extended_clipboard.h"

struct session;

struct session_clipboard {
	/* the message that comes in */
	size_t left; /* bytes of it that are still to come */
	bool extended;
	struct buffer incoming;

	/* what the viewer can */
	bool followed; /* a picture went out behind our capabilities */
	bool settled;  /* and was answered: it has none of its own, or sent
			  them */
	bool has_caps;
	struct extended_clipboard_caps caps;

	/* to the viewer */
	unsigned offered; /* forms that others have */
	bool news;        /* it was not told of them yet */
	unsigned missing; /* forms it wants that the host was asked for */
	struct clipboard_parts parts; /* forms it wants that are here */

	/* from the viewer */
	unsigned fresh; /* forms it announced, and no Provide came since */
	unsigned asked; /* forms we asked it for */
};

void session_clipboard_finish(struct session_clipboard *clipboard);

/* A cut text message begins. Too long or not allowed: it will be skipped. */
void session_clipboard_begin(
	struct session *session, bool extended, uint32_t length);
/* Moves what has arrived of it out of the session's input; false where more
 * has to come. */
bool session_clipboard_collect(struct session *session);

/* The viewer said which encodings it knows. */
void session_clipboard_announce(struct session *session);
/* A picture was sent; and the viewer asked for another. */
void session_clipboard_followed(struct session *session);
void session_clipboard_settle(struct session *session);

/* The output is idle: sends what waits. */
void session_clipboard_flush(struct session *session);

#endif
