/* KeyEvent, RFC 6143 section 7.5.4. */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

static void handle(struct session *session, struct reader *reader)
{
	bool down = reader_u8(reader) != 0;
	uint32_t keysym;

	reader_skip(reader, 2);
	keysym = reader_u32(reader);
	if (!session->rights.control)
		return;
	if (held_input_key(&session->held, keysym, down))
		session->host->key(session->context, keysym, down);
}

const struct message message_key = {
	.type = 4,
	.name = "KeyEvent",
	.head_bytes = 8,
	.handle = handle,
};
