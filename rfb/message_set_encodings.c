/* SetEncodings, RFC 6143 section 7.5.2: replaces everything said before. */
#include "rfb/continuous_updates.h"
#include "rfb/fence.h"
#include "rfb/message_types.h"
#include "rfb/session_state.h"

static size_t body_bytes(const struct session *session, const uint8_t *head)
{
	(void)session;
	return (size_t)(head[2] << 8 | head[3]) * 4;
}

static void handle(struct session *session, struct reader *reader)
{
	bool knew_layout = encoding_list_has(
		&session->encodings, ENCODING_EXTENDED_DESKTOP_SIZE);
	bool knew_name =
		encoding_list_has(&session->encodings, ENCODING_DESKTOP_NAME);
	uint16_t count;

	reader_skip(reader, 1);
	count = reader_u16(reader);
	encoding_list_clear(&session->encodings);
	while (count-- > 0)
		encoding_list_add(&session->encodings, reader_s32(reader));
	session->encoder = encoder_choose(&session->encodings);
	session_choose_settings(session);
	session_choose_cursor(session);
	/* Capabilities are announced once a connection (CLIENTS rule 23). */
	if (!knew_layout && encoding_list_has(&session->encodings,
				    ENCODING_EXTENDED_DESKTOP_SIZE)) {
		session->notices.layout = true;
		session->notices.layout_reason = LAYOUT_BY_SERVER;
		session->notices.layout_status = 0;
	}
	if (!knew_name &&
		encoding_list_has(&session->encodings, ENCODING_DESKTOP_NAME))
		session->notices.name = true;
	fence_forget(session);
	fence_announce(session);
	continuous_updates_announce(session);
	session_clipboard_announce(session);
	session_announce(session);
}

const struct message message_set_encodings = {
	.type = 2,
	.name = "SetEncodings",
	.head_bytes = 4,
	.body_bytes = body_bytes,
	.handle = handle,
};
