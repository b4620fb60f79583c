/* DesktopName (-307). */
#include <string.h>

#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static bool is_due(const struct session *session)
{
	return session->notices.name &&
	       encoding_list_has(&session->encodings, ENCODING_DESKTOP_NAME);
}

static void write(struct session *session, struct rect_writer *to)
{
	const char *name = session->config->name;

	session->notices.name = false;
	rect_writer_begin(
		to, (struct rect){ 0, 0, 0, 0 }, ENCODING_DESKTOP_NAME);
	buffer_u32(&to->bytes, (uint32_t)strlen(name));
	buffer_text(&to->bytes, name);
}

const struct notice notice_desktop_name = {
	.is_due = is_due,
	.write = write,
};
