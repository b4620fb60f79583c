/* PointerEvent, RFC 6143 section 7.5.5. Viewers that were told of
 * ExtendedMouseButtons (rfbproto) say by the highest bit that a byte with more
 * buttons follows; to all others that bit is a button we have no use for. To
 * those that were told to send how far the mouse moved (QEMU Pointer Motion
 * Change) x and y are distances from 0x7fff. */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

enum { EXTENDED = 0x80, EXTENDED_BUTTONS = 0x03, NO_MOTION = 0x7fff };

static size_t body_bytes(const struct session *session, const uint8_t *head)
{
	return session->told_mouse && head[1] & EXTENDED ? 1 : 0;
}

/* Those a viewer may not press count as up. */
static unsigned read_more_buttons(
	struct session *session, struct reader *reader, unsigned buttons)
{
	bool more = session->told_mouse && (buttons & EXTENDED) != 0;

	buttons &= EXTENDED - 1;
	if (more)
		buttons |= (reader_u8(reader) & EXTENDED_BUTTONS) << 7;
	return session_may(session, SESSION_BUTTONS) ? buttons : 0;
}

static int limit(int value, int most)
{
	return value > most ? most : value;
}

static void point(struct session *session, int x, int y, unsigned buttons)
{
	struct held_input *held = &session->held;

	if (session_may(session, SESSION_MOTION)) {
		held->x = limit(x, session->layout.width - 1);
		held->y = limit(y, session->layout.height - 1);
	}
	held->buttons = buttons;
	session->told_x = held->x;
	session->told_y = held->y;
	session->host->pointer(session->context, held->x, held->y, buttons);
}

static void nudge(struct session *session, int x, int y, unsigned buttons)
{
	bool may_move = session_may(session, SESSION_MOTION);

	session->held.buttons = buttons;
	session->host->nudge(session->context, may_move ? x - NO_MOTION : 0,
		may_move ? y - NO_MOTION : 0, buttons);
}

static void handle(struct session *session, struct reader *reader)
{
	unsigned buttons = reader_u8(reader);
	int x = reader_u16(reader);
	int y = reader_u16(reader);

	buttons = read_more_buttons(session, reader, buttons);
	if (!session_may(session, SESSION_MOTION) &&
		!session_may(session, SESSION_BUTTONS))
		return;
	if (session->told_relative &&
		encoding_list_has(&session->encodings, ENCODING_POINTER_MODE))
		nudge(session, x, y, buttons);
	else
		point(session, x, y, buttons);
}

const struct message message_pointer = {
	.type = 5,
	.name = "PointerEvent",
	.head_bytes = 6,
	.body_bytes = body_bytes,
	.handle = handle,
};
