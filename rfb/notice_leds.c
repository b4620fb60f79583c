/* The keyboard's lights, in QEMU's form (-261) or VMware's. noVNC types the
 * lock keys itself until ours are as its own: a stale state would cost the user
 * his Caps Lock, so every change is told (CLIENTS 2.8). */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static bool lists(const struct session *session, int32_t number)
{
	return encoding_list_has(&session->encodings, number);
}

static bool is_due(const struct session *session)
{
	return session->leds >= 0 && session->leds != session->told_leds &&
	       (lists(session, ENCODING_LED_STATE) ||
		       lists(session, ENCODING_VMWARE_LED_STATE));
}

static void write(struct session *session, struct rect_writer *to)
{
	static const struct rect nowhere = { 0, 0, 0, 0 };

	session->told_leds = session->leds;
	if (lists(session, ENCODING_LED_STATE)) {
		rect_writer_begin(to, nowhere, ENCODING_LED_STATE);
		buffer_u8(&to->bytes, (uint8_t)session->leds);
	} else {
		rect_writer_begin(to, nowhere, ENCODING_VMWARE_LED_STATE);
		buffer_u32(&to->bytes, (uint32_t)session->leds);
	}
}

const struct notice notice_leds = {
	.is_due = is_due,
	.write = write,
};
