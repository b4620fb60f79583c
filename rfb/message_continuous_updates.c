/* EnableContinuousUpdates and EndOfContinuousUpdates (rfbproto): we push
 * updates of an area without being asked for each. */
#include "rfb/continuous_updates.h"
#include "rfb/message_types.h"
#include "rfb/session_state.h"

enum { TYPE = 150, HEAD_BYTES = 10 };

static void say_end(struct session *session)
{
	struct buffer message = { 0 };

	buffer_u8(&message, TYPE);
	session_reply(session, &message);
}

/* Before the first update, or TigerVNC never enables it; and once, or noVNC
 * falls back to asking (CLIENTS rule 32). */
void continuous_updates_announce(struct session *session)
{
	if (session->told_continuous || !encoding_list_has(&session->encodings,
						ENCODING_CONTINUOUS_UPDATES))
		return;
	session->told_continuous = true;
	say_end(session);
}

static void handle(struct session *session, struct reader *reader)
{
	bool enable = reader_u8(reader) != 0;
	struct rect area;

	area.x = reader_u16(reader);
	area.y = reader_u16(reader);
	area.width = reader_u16(reader);
	area.height = reader_u16(reader);
	if (!session->told_continuous) {
		session_close(session,
			"enabled continuous updates without listing them");
		return;
	}
	if (!enable && session->continuous)
		say_end(session); /* behind the update under way, if any */
	session->continuous = enable;
	session->continuous_area = area;
	if (enable)
		region_add_named(&session->requested, area);
	else if (!session->waiting)
		region_clear(&session->requested);
	session_announce(session);
}

const struct message message_continuous_updates = {
	.type = TYPE,
	.name = "EnableContinuousUpdates",
	.head_bytes = HEAD_BYTES,
	.handle = handle,
};
