/* The pointer's shape, in the form that the viewer chose. */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static bool is_due(const struct session *session)
{
	return session->notices.cursor && session->cursor_form != NULL &&
	       session->cursor != NULL;
}

static void write(struct session *session, struct rect_writer *to)
{
	session->notices.cursor = false;
	cursor_write(session->cursor_form, session->cursor,
		&session->settings.format, to);
}

const struct notice notice_cursor = {
	.name = "Cursor",
	.is_due = is_due,
	.write = write,
};
