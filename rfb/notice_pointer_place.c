/* Where the pointer is, when somebody else moved it: PointerPos (-232), or
 * VMware's Cursor Position. A viewer's own motion is not echoed: it would jump
 * back to where the mouse was a round trip ago. */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static int32_t form(const struct session *session)
{
	static const int32_t forms[] = { ENCODING_VMWARE_POINTER_PLACE,
		ENCODING_POINTER_PLACE };
	int i;

	for (i = 0; i < 2; i++)
		if (encoding_list_has(&session->encodings, forms[i]))
			return forms[i];
	return 0;
}

bool notice_pointer_place_is_known(const struct session *session)
{
	return !session->config->hide_pointer_place && form(session) != 0;
}

static bool is_due(const struct session *session)
{
	return notice_pointer_place_is_known(session) &&
	       session->pointer_x >= 0 && session->pointer_x < session->width &&
	       session->pointer_y < session->height &&
	       (session->pointer_x != session->told_x ||
		       session->pointer_y != session->told_y);
}

static void write(struct session *session, struct rect_writer *to)
{
	session->told_x = session->pointer_x;
	session->told_y = session->pointer_y;
	rect_writer_begin(to,
		(struct rect){ session->told_x, session->told_y, 0, 0 },
		form(session));
}

const struct notice notice_pointer_place = {
	.is_due = is_due,
	.write = write,
};
