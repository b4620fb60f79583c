/* KeyEvent, RFC 6143 section 7.5.4, and what QEMU made of it. */
#include "rfb/message_types.h"
#include "rfb/session_state.h"

static void take_key(struct session *session, struct held_key key, bool down)
{
	if (session_may(session, SESSION_KEYS) &&
		held_input_key(&session->held, key, down))
		session->host->key(
			session->context, key.keysym, key.scancode, down);
}

static void handle(struct session *session, struct reader *reader)
{
	bool down = reader_u8(reader) != 0;
	struct held_key key = { 0, 0 };

	reader_skip(reader, 2);
	key.keysym = reader_u32(reader);
	take_key(session, key, down);
}

const struct message message_key = {
	.type = 4,
	.name = "KeyEvent",
	.head_bytes = 8,
	.handle = handle,
};

/* QEMU's messages all have type 255. The first of them is the QEMU Extended
 * Key Event (rfbproto): a keysym, which may be 0, and the key's scan code. */
enum { QEMU_KEY = 0, QEMU_KEY_BYTES = 10 };

/* XT set 1 has no more than 0x00..0xff, E0 folded into the highest bit; gtk-vnc
 * and older clients leave E0 in front (0xe01d for 0x9d). */
static uint32_t fold(uint32_t scancode)
{
	if (scancode >> 8 == 0xe0)
		scancode = (scancode & 0x7f) | 0x80;
	return scancode <= 0xff ? scancode : 0;
}

static size_t qemu_body_bytes(
	const struct session *session, const uint8_t *head)
{
	(void)session;
	return head[1] == QEMU_KEY ? QEMU_KEY_BYTES : 0;
}

static void handle_qemu(struct session *session, struct reader *reader)
{
	uint8_t kind = reader_u8(reader);
	struct held_key key;
	bool down;

	if (kind != QEMU_KEY) {
		session_close(session,
			"sent message 255 with the unknown subtype %u", kind);
		return;
	}
	down = reader_u16(reader) != 0;
	key.keysym = reader_u32(reader);
	key.scancode = fold(reader_u32(reader));
	take_key(session, key, down);
}

const struct message message_qemu = {
	.type = 255,
	.name = "QEMU",
	.head_bytes = 2,
	.body_bytes = qemu_body_bytes,
	.handle = handle_qemu,
};
