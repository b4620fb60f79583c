/* ExtendedDesktopSize (-308): the size and the monitors, and the answer to
 * SetDesktopSize. */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static bool is_due(const struct session *session)
{
	return (session->notices.size || session->notices.layout) &&
	       encoding_list_has(
		       &session->encodings, ENCODING_EXTENDED_DESKTOP_SIZE);
}

/* The header's x and y are the reason and the status. On a refusal the size
 * is still the current one: libvncclient ignores the status. */
static void write(struct session *session, struct rect_writer *to)
{
	const struct session_layout *layout = &session->layout;
	struct session_notices *notices = &session->notices;
	int i;

	session->width = layout->width;
	session->height = layout->height;
	rect_writer_begin(to,
		(struct rect){ notices->layout ? notices->layout_reason : 0,
			notices->layout ? notices->layout_status : 0,
			layout->width, layout->height },
		ENCODING_EXTENDED_DESKTOP_SIZE);
	notices->size = notices->layout = false;
	buffer_u8(&to->bytes, (uint8_t)layout->count);
	buffer_append(&to->bytes, "\0\0\0", 3);
	for (i = 0; i < layout->count; i++) {
		const struct session_screen *screen = &layout->screens[i];

		buffer_u32(&to->bytes, screen->id);
		buffer_u16(&to->bytes, (uint16_t)screen->rect.x);
		buffer_u16(&to->bytes, (uint16_t)screen->rect.y);
		buffer_u16(&to->bytes, (uint16_t)screen->rect.width);
		buffer_u16(&to->bytes, (uint16_t)screen->rect.height);
		buffer_u32(&to->bytes, screen->flags);
	}
}

const struct notice notice_extended_desktop_size = {
	.alone = true,
	.is_due = is_due,
	.write = write,
};
