/* The pointer's shape, in the form that the viewer chose; an empty one where
 * the pointer is painted into its pictures from now on. */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static bool is_due(const struct session *session)
{
	return session->notices.no_cursor != NULL ||
	       (session->notices.cursor && session->cursor_form != NULL &&
		       session->cursor != NULL);
}

static void write_none(struct session *session, struct rect_writer *to)
{
	struct cursor_image *empty = cursor_image_create(0, 0);

	cursor_write(session->notices.no_cursor, empty,
		&session->settings.format, to);
	cursor_image_unref(empty);
	session->notices.no_cursor = NULL;
}

static void write(struct session *session, struct rect_writer *to)
{
	if (session->notices.no_cursor != NULL) {
		write_none(session, to);
		return;
	}
	session->notices.cursor = false;
	cursor_write(session->cursor_form, session->cursor,
		&session->settings.format, to);
}

const struct notice notice_cursor = {
	.is_due = is_due,
	.write = write,
};
