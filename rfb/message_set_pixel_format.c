/* SetPixelFormat, RFC 6143 section 7.5.1. */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

static void handle(struct session *session, struct reader *reader)
{
	struct pixel_format format;
	const char *why = NULL;

	reader_skip(reader, 3);
	format = pixel_format_read(reader);
	if (!pixel_format_is_sane(&format, &why)) {
		session_close(session, "asked for a pixel format with %s", why);
		return;
	}
	session->format = format;
	session_choose_settings(session);
	if (!format.true_colour) {
		struct buffer map = { 0 };

		pixel_format_write_colour_map(&map);
		session_reply(session, &map);
	}
	/* A cursor in the viewer's own format (-239) is stale now. */
	session->notices.cursor = session->cursor_form != NULL;
}

const struct message message_set_pixel_format = {
	.type = 0,
	.name = "SetPixelFormat",
	.head_bytes = 4 + PIXEL_FORMAT_BYTES,
	.handle = handle,
};
