#include "rfb/notice.h"

#include <stddef.h>

#include "rfb/notice_types.h"
#include "rfb/session_state.h"
#include "rfb/update.h"

const struct notice *const notice_table[] = {
	&notice_extended_desktop_size,
	&notice_desktop_size,
	&notice_desktop_name,
	&notice_leds,
	&notice_qemu_keys,
	&notice_extended_mouse,
	&notice_pointer_mode,
	&notice_cursor,
	&notice_pointer_place,
	NULL,
};

bool notice_any_due(const struct session *session)
{
	int i;

	for (i = 0; notice_table[i] != NULL; i++)
		if (notice_table[i]->is_due(session))
			return true;
	return false;
}

static void send_alone(struct session *session, const struct notice *notice)
{
	struct rect_writer writer = { 0 };

	update_write_head(&writer);
	notice->write(session, &writer);
	update_write_count(&writer);
	session_send_buffer(session, &writer.bytes);
	rect_writer_finish(&writer);
}

bool notice_send_alone(struct session *session)
{
	bool sent = false;
	int i;

	for (i = 0; notice_table[i] != NULL; i++) {
		const struct notice *notice = notice_table[i];

		if (!notice->alone || !notice->is_due(session))
			continue;
		send_alone(session, notice);
		sent = true;
	}
	return sent;
}

void notice_write_due(struct session *session, struct rect_writer *to)
{
	int i;

	for (i = 0; notice_table[i] != NULL; i++)
		if (!notice_table[i]->alone && notice_table[i]->is_due(session))
			notice_table[i]->write(session, to);
}
