/* FramebufferUpdateRequest, RFC 6143 section 7.5.3. */
#include "base/clock.h"
#include "rfb/message_types.h"
#include "rfb/session_state.h"

static void handle(struct session *session, struct reader *reader)
{
	bool incremental = reader_u8(reader) != 0;
	struct rect area;

	area.x = reader_u16(reader);
	area.y = reader_u16(reader);
	area.width = reader_u16(reader);
	area.height = reader_u16(reader);
	/* Partly outside is cropped (rfbproto): the screen may have shrunk
	 * meanwhile. */
	area = rect_intersect(area, session_picture(session));
	if (!session->encoding)
		asked_line_asked(&session->asked_line, clock_us());
	session->waiting = true;
	region_add_named(&session->requested, area);
	if (!incremental) {
		region_add_named(&session->dirty, area);
		session->forced |= !rect_is_empty(area);
		if (encoding_list_has(&session->encodings,
			    ENCODING_EXTENDED_DESKTOP_SIZE) &&
			!session->notices.layout) {
			session->notices.layout = true;
			session->notices.layout_reason = LAYOUT_BY_SERVER;
			session->notices.layout_status = 0;
		}
	}
	session_clipboard_settle(session);
	session_announce(session);
}

const struct message message_update_request = {
	.type = 3,
	.name = "FramebufferUpdateRequest",
	.head_bytes = 10,
	.handle = handle,
};
