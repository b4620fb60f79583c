/* SetScale of UltraVNC and SetScaleFactor of PalmVNC: the viewer sees all at
 * one n-th of its size. Both look alike and differ in the answer. */
#include "rfb/message_types.h"
#include "rfb/scale_form.h"
#include "rfb/session_state.h"

enum { MOST_DIVISOR = 32 };
enum { TYPE_RESIZE = 4, TYPE_RESIZE_PALM = 15 };

struct scale_form {
	/* Appends the message for a picture of the session's size. */
	void (*write)(const struct session *session, struct buffer *to);
};

static void write_resize(const struct session *session, struct buffer *to)
{
	buffer_u8(to, TYPE_RESIZE);
	buffer_u8(to, 0);
	buffer_u16(to, (uint16_t)session->width);
	buffer_u16(to, (uint16_t)session->height);
}

/* The size of the desktop, then that of the picture. */
static void write_resize_palm(const struct session *session, struct buffer *to)
{
	buffer_u8(to, TYPE_RESIZE_PALM);
	buffer_u8(to, 0);
	buffer_u16(to, (uint16_t)session->width);
	buffer_u16(to, (uint16_t)session->height);
	buffer_u16(to, (uint16_t)session->width);
	buffer_u16(to, (uint16_t)session->height);
	buffer_u16(to, 0);
}

static const struct scale_form ultra_form = { .write = write_resize };
static const struct scale_form palm_form = { .write = write_resize_palm };

static bool knows_sizes(const struct session *session)
{
	return encoding_list_has(&session->encodings, ENCODING_DESKTOP_SIZE) ||
	       encoding_list_has(
		       &session->encodings, ENCODING_EXTENDED_DESKTOP_SIZE);
}

bool scale_form_tell(struct session *session)
{
	struct buffer message = { 0 };

	if (session->scale_form == NULL || !session->notices.size ||
		knows_sizes(session))
		return false;
	session->notices.size = false;
	session->width = session->layout.width;
	session->height = session->layout.height;
	session->scale_form->write(session, &message);
	session_send_buffer(session, &message);
	return true;
}

static void handle(struct session *session, struct reader *reader,
	const struct scale_form *form)
{
	int divisor = reader_u8(reader);

	if (divisor < 1 || divisor > MOST_DIVISOR) {
		session_close(
			session, "asked for a picture of one %dth", divisor);
		return;
	}
	session->scale_form = form;
	session->host->scale_asked(session->context, divisor);
}

static void handle_ultra(struct session *session, struct reader *reader)
{
	handle(session, reader, &ultra_form);
}

static void handle_palm(struct session *session, struct reader *reader)
{
	handle(session, reader, &palm_form);
}

const struct message message_set_scale = {
	.type = 8,
	.name = "SetScale",
	.head_bytes = 4,
	.handle = handle_ultra,
};

const struct message message_set_scale_palm = {
	.type = 15,
	.name = "SetScaleFactor",
	.head_bytes = 4,
	.handle = handle_palm,
};
