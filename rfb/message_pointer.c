/* PointerEvent, RFC 6143 section 7.5.5. */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

static void handle(struct session *session, struct reader *reader)
{
	unsigned buttons = reader_u8(reader) & 0x7f;
	int x = reader_u16(reader);
	int y = reader_u16(reader);

	if (!session->rights.control)
		return;
	if (x >= session->layout.width)
		x = session->layout.width - 1;
	if (y >= session->layout.height)
		y = session->layout.height - 1;
	session->held.buttons = buttons;
	session->held.x = x;
	session->held.y = y;
	session->host->pointer(session->context, x, y, buttons);
}

const struct message message_pointer = {
	.type = 5,
	.name = "PointerEvent",
	.head_bytes = 6,
	.handle = handle,
};
