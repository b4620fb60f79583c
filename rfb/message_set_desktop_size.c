/* SetDesktopSize (rfbproto): not granted yet, but always answered, because
 * libvncclient stops asking for updates until it is (CLIENTS rule 31). */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

enum { HEAD_BYTES = 8, SCREEN_BYTES = 16 };
enum { STATUS_PROHIBITED = 1 };

static size_t body_bytes(const uint8_t *head)
{
	return (size_t)head[6] * SCREEN_BYTES;
}

static void handle(struct session *session, struct reader *reader)
{
	(void)reader;
	if (!encoding_list_has(
		    &session->encodings, ENCODING_EXTENDED_DESKTOP_SIZE))
		return;
	session->notices.layout = true;
	session->notices.layout_reason = LAYOUT_BY_THIS_VIEWER;
	session->notices.layout_status = STATUS_PROHIBITED;
	session_announce(session);
}

const struct message message_set_desktop_size = {
	.type = 251,
	.name = "SetDesktopSize",
	.head_bytes = HEAD_BYTES,
	.body_bytes = body_bytes,
	.handle = handle,
};
