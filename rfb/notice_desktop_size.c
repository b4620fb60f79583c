/* DesktopSize (-223): only for viewers without ExtendedDesktopSize (CLIENTS
 * rule 31). */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static bool is_due(const struct session *session)
{
	return session->notices.size &&
	       encoding_list_has(&session->encodings, ENCODING_DESKTOP_SIZE) &&
	       !encoding_list_has(
		       &session->encodings, ENCODING_EXTENDED_DESKTOP_SIZE);
}

static void write(struct session *session, struct rect_writer *to)
{
	session->width = session->layout.width;
	session->height = session->layout.height;
	session->notices.size = false;
	rect_writer_begin(to, session_picture(session), ENCODING_DESKTOP_SIZE);
}

const struct notice notice_desktop_size = {
	.alone = true,
	.is_due = is_due,
	.write = write,
};
