/* What we understand of keys and buttons beyond RFC 6143, told once by an empty
 * rectangle to those who listed it: QEMU Extended Key Event (-258),
 * ExtendedMouseButtons (-316) and, where -relative asks for it, QEMU Pointer
 * Motion Change (-257), whose x says whether places are absolute. */
#include "rfb/notice_types.h"
#include "rfb/session_state.h"

static bool lists(const struct session *session, int32_t number)
{
	return encoding_list_has(&session->encodings, number);
}

static void write_empty(struct rect_writer *to, int32_t number)
{
	rect_writer_begin(to, (struct rect){ 0, 0, 0, 0 }, number);
}

static bool keys_are_due(const struct session *session)
{
	return !session->told_keys && lists(session, ENCODING_QEMU_KEYS);
}

static void write_keys(struct session *session, struct rect_writer *to)
{
	session->told_keys = true;
	write_empty(to, ENCODING_QEMU_KEYS);
}

const struct notice notice_qemu_keys = {
	.is_due = keys_are_due,
	.write = write_keys,
};

static bool mouse_is_due(const struct session *session)
{
	return !session->told_mouse && lists(session, ENCODING_EXTENDED_MOUSE);
}

static void write_mouse(struct session *session, struct rect_writer *to)
{
	session->told_mouse = true;
	write_empty(to, ENCODING_EXTENDED_MOUSE);
}

const struct notice notice_extended_mouse = {
	.is_due = mouse_is_due,
	.write = write_mouse,
};

static bool mode_is_due(const struct session *session)
{
	return session->config->relative_pointer && !session->told_relative &&
	       lists(session, ENCODING_POINTER_MODE);
}

/* The size is the screen's, as in QEMU's. */
static void write_mode(struct session *session, struct rect_writer *to)
{
	session->told_relative = true;
	rect_writer_begin(to,
		(struct rect){ 0, 0, session->width, session->height },
		ENCODING_POINTER_MODE);
}

const struct notice notice_pointer_mode = {
	.is_due = mode_is_due,
	.write = write_mode,
};
