#include "rfb/session.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "rfb/handshake.h"
#include "rfb/message.h"
#include "rfb/notice.h"
#include "rfb/seal.h"
#include "rfb/security.h"
#include "rfb/session_state.h"
#include "rfb/update.h"

/* A viewer whose login is being decided has nothing to say but ClientInit and
 * what it asks for first. */
enum { MOST_EARLY_BYTES = 64 << 10 };

const struct session_rights session_all_rights = { true, true };
const struct session_rights session_watch_only = { false, false };

struct session *session_create(const struct session_config *config,
	const struct session_layout *layout, const struct session_host *host,
	void *context)
{
	struct session *session = xcalloc(1, sizeof(*session));

	session->config = config;
	session->host = host;
	session->context = context;
	session->layout = *layout;
	session->encoder = encoder_choose(&session->encodings);
	session->pointer_x = session->pointer_y = -1;
	session->told_x = session->told_y = -1;
	session->leds = session->told_leds = -1;
	region_init(&session->dirty);
	region_init(&session->unknown);
	lossy_init(&session->lossy);
	region_init(&session->requested);
	return session;
}

void session_destroy(struct session *session)
{
	int i;

	if (session == NULL)
		return;
	for (i = 0; i < ENCODER_COUNT; i++)
		if (session->encoder_states[i] != NULL)
			encoder_table[i]->state_destroy(
				session->encoder_states[i]);
	buffer_finish(&session->input);
	buffer_finish(&session->held_back);
	region_finish(&session->dirty);
	region_finish(&session->unknown);
	lossy_finish(&session->lossy);
	region_finish(&session->requested);
	cursor_image_unref(session->cursor);
	session_clipboard_finish(&session->clipboard);
	free(session->user);
	security_forget(session);
	seal_destroy(session->seal);
	free(session);
}

void session_send(struct session *session, const void *bytes, size_t length)
{
	struct buffer sealed = { 0 };

	if (session->stage == STAGE_CLOSED || length == 0)
		return;
	if (session->seal == NULL) {
		session->host->send(session->context, bytes, length);
		return;
	}
	eax_channel_seal(&session->seal->out, bytes, length, &sealed);
	if (sealed.failed)
		session_close(session, "no memory to encrypt for it");
	else
		session->host->send(session->context, buffer_bytes(&sealed),
			buffer_length(&sealed));
	buffer_finish(&sealed);
}

/* Half a message would be taken for the beginning of another. */
void session_send_buffer(struct session *session, struct buffer *bytes)
{
	if (bytes->failed)
		session_close(session, "no memory for what it is told");
	else
		session_send(
			session, buffer_bytes(bytes), buffer_length(bytes));
	buffer_finish(bytes);
}

/* A viewer that asks and asks and never reads. */
enum { MOST_UNREAD_BYTES = 256 << 10 };

void session_reply(struct session *session, struct buffer *bytes)
{
	size_t length = buffer_length(bytes);

	if (!session->host->output_is_idle(session->context) ||
		session->encoding)
		session->unread += length;
	if (session->unread > MOST_UNREAD_BYTES)
		session_close(session, "does not read what it asks for");
	if (!session->encoding) {
		session_send_buffer(session, bytes);
		return;
	}
	buffer_append(&session->held_back, buffer_bytes(bytes), length);
	session->held_back.failed |= bytes->failed;
	buffer_finish(bytes);
}

bool session_enter(struct session *session, enum session_stage stage)
{
	if (session->stage == STAGE_CLOSED)
		return false;
	session->stage = stage;
	return true;
}

void session_close(struct session *session, const char *format, ...)
{
	char reason[256];
	va_list list;

	if (session->stage == STAGE_CLOSED)
		return;
	session->stage = STAGE_CLOSED;
	va_start(list, format);
	vsnprintf(reason, sizeof(reason), format, list);
	va_end(list);
	session->host->closed(session->context, reason);
}

void session_abandon(struct session *session)
{
	session->stage = STAGE_CLOSED;
}

void session_set_transport(
	struct session *session, const struct session_transport *transport)
{
	session->transport = *transport;
}

void session_start(struct session *session)
{
	if (session->stage == STAGE_SILENT)
		handshake_start(session);
}

void session_start_refusing(struct session *session, const char *reason)
{
	session->refusal = reason;
	session_start(session);
}

/* One whole message; false where more bytes are needed or it has ended. */
static bool take_message(struct session *session)
{
	const char *behind = session->last ? session->last->name : "its login";
	const uint8_t *bytes = buffer_bytes(&session->input);
	const struct message *message;
	struct reader reader;
	size_t length;

	switch (message_parse(session, bytes, buffer_length(&session->input),
		&message, &length)) {
	case PARSE_MORE:
		return false;
	case PARSE_BAD:
		/* Which may have been longer than it said. */
		session_close(session,
			"sent a message of unknown type %u behind %s", bytes[0],
			behind);
		return false;
	case PARSE_DONE:
		break;
	}
	reader_init(&reader, bytes, length);
	reader_skip(&reader, 1);
	session->last = message;
	message->handle(session, &reader);
	buffer_consume(&session->input, length);
	return true;
}

static bool skip_discarded(struct session *session)
{
	size_t length = buffer_length(&session->input);

	if (session->discard == 0)
		return true;
	if (length > session->discard)
		length = session->discard;
	buffer_consume(&session->input, length);
	session->discard -= length;
	return session->discard == 0;
}

/* A handshake has few steps, and what comes behind them is not theirs. */
static bool step(struct session *session, int *messages)
{
	if (session->stage != STAGE_RUNNING)
		return handshake_step(session);
	if (*messages == SESSION_MESSAGES_A_TURN) {
		session->more_input = true;
		return false;
	}
	++*messages;
	return take_message(session);
}

void session_continue(struct session *session)
{
	int messages = 0;

	session->more_input = false;
	do {
		while (session->stage != STAGE_CLOSED &&
			skip_discarded(session) &&
			session_clipboard_collect(session) &&
			step(session, &messages))
			;
	} while (!session->more_input && session_open_message(session));
}

bool session_has_input(const struct session *session)
{
	return session->more_input && session->stage != STAGE_CLOSED;
}

void session_receive(
	struct session *session, const uint8_t *bytes, size_t length)
{
	struct buffer *to;

	if (session->stage == STAGE_CLOSED)
		return;
	to = session->seal != NULL ? &session->seal->raw : &session->input;
	buffer_append(to, bytes, length);
	if (to->failed)
		session_close(session, "no memory for what it sent");
	else
		session_continue(session);
	if (session->stage != STAGE_RUNNING &&
		buffer_length(&session->input) > MOST_EARLY_BYTES)
		session_close(session, "does not wait to be let in");
}

void session_let_in(struct session *session, bool view_only)
{
	if (session->stage != STAGE_ANSWERED)
		return;
	assert(session->answered_rightly);
	if (view_only)
		session->rights = session_watch_only;
	handshake_let_in(session);
	session_continue(session);
}

void session_turn_away(struct session *session, const char *reason)
{
	if (session->stage == STAGE_ANSWERED)
		handshake_turn_away(
			session, reason != NULL ? reason : session->failure);
}

const struct session_rights *session_rights(const struct session *session)
{
	return &session->rights;
}

bool session_was_refused(const struct session *session)
{
	return session->refused;
}

bool session_is_view_only(const struct session *session)
{
	return !session->rights.control;
}

const char *session_user(const struct session *session)
{
	return session->user;
}

const char *session_security_name(const struct session *session)
{
	return session->security.type ? session->security.type->name : NULL;
}

const char *session_encoding_name(const struct session *session)
{
	return session->encoder != NULL ? session->encoder->name : "none";
}

bool session_may(const struct session *session, enum session_input what)
{
	if (!session->rights.control)
		return session->config->watchers_input & what;
	return !(session->config->denied_input & what);
}

void session_set_view_only(struct session *session, bool view_only)
{
	if (session->stage != STAGE_RUNNING)
		return;
	if (view_only)
		session_release_input(session);
	session->rights = view_only ? session_watch_only : session_all_rights;
	session_choose_cursor(session);
	session_announce(session);
}

void session_release_input(struct session *session)
{
	struct held_input *held = &session->held;
	struct held_key key;

	while (held->key_count > 0) {
		key = held->keys[--held->key_count];
		session->host->key(
			session->context, key.keysym, key.scancode, false);
	}
	if (held->buttons != 0 && session->told_relative)
		session->host->nudge(session->context, 0, 0, 0);
	else if (held->buttons != 0)
		session->host->pointer(session->context, held->x, held->y, 0);
	held->buttons = 0;
}

void session_rename(struct session *session)
{
	session->notices.name = true;
}

void session_drained(struct session *session)
{
	session->unread = 0;
	if (session->stage != STAGE_RUNNING)
		return;
	session_clipboard_flush(session);
	if (session->bell)
		session_send(session, "\2", 1); /* Bell, 7.6.3 */
	session->bell = false;
	session_announce(session);
}

void session_bell(struct session *session)
{
	if (session->stage != STAGE_RUNNING)
		return;
	session->bell = true;
	if (session->host->output_is_idle(session->context))
		session_drained(session);
}
