/* ClientCutText, RFC 6143 section 7.5.6: Latin-1 with LF line ends. A negative
 * length is the Extended Clipboard's. What follows the head is taken as it
 * comes, because how much of it is allowed depends on the session. */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

static void handle(struct session *session, struct reader *reader)
{
	uint32_t length;

	reader_skip(reader, 3);
	length = reader_u32(reader);
	if (length > INT32_MAX)
		session_clipboard_begin(session, true, -length);
	else
		session_clipboard_begin(session, false, length);
}

const struct message message_cut_text = {
	.type = 6,
	.name = "ClientCutText",
	.head_bytes = 8,
	.handle = handle,
};
