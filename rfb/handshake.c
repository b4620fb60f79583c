#include "rfb/handshake.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"
#include "rfb/tight_capabilities.h"

enum { VERSION_BYTES = 12 };

static int newest_version(const struct session *session)
{
	return session->config->version != 0 ? session->config->version : 8;
}

void handshake_start(struct session *session)
{
	const int version = newest_version(session);
	char greeting[VERSION_BYTES + 1];

	session->stage = STAGE_VERSION;
	snprintf(greeting, sizeof(greeting), "RFB 003.%03d\n", version);
	session_send(session, greeting, VERSION_BYTES);
	asked_line_greets(&session->asked_line, clock_us());
}

static int number_of(const char digits[3])
{
	int i, number = 0;

	for (i = 0; i < 3; i++) {
		if (!isdigit((unsigned char)digits[i]))
			return -1;
		number = number * 10 + digits[i] - '0';
	}
	return number;
}

/* CLIENTS rule 14: libvncclient echoes odd servers' versions, Apple says
 * 3.889, later majors speak 3.8. */
int handshake_version(const char bytes[VERSION_BYTES])
{
	int major, minor;

	if (memcmp(bytes, "RFB ", 4) != 0 || bytes[7] != '.' ||
		bytes[11] != '\n')
		return 0;
	major = number_of(bytes + 4);
	minor = number_of(bytes + 8);
	if (major > 3 && minor >= 0)
		return 8;
	if (major != 3 || minor < 3)
		return 0;
	if (minor < 7)
		return 3;
	return minor == 7 ? 7 : 8;
}

static void append_reason(struct buffer *to, const char *reason)
{
	buffer_u32(to, (uint32_t)strlen(reason));
	buffer_text(to, reason);
}

static void refuse(struct session *session, const char *reason)
{
	struct buffer message = { 0 };

	if (session->version == 3)
		buffer_u32(&message, 0);
	else
		buffer_u8(&message, 0);
	append_reason(&message, reason);
	session_send_buffer(session, &message);
	session->refused = true;
	session_close(session, "refused: %s", reason);
}

/* Where the server decides: what every viewer of RFB 3.3 knows. */
static void decide_security(
	struct session *session, const struct security_list *types)
{
	const struct security_type *type = security_list_find(types, 2);
	struct buffer message = { 0 };

	if (type == NULL)
		type = security_list_find(types, 1);
	if (type == NULL) {
		refuse(session,
			"RFB 3.3 cannot log in here: a newer viewer is needed");
		return;
	}
	buffer_u32(&message, type->number);
	session_send_buffer(session, &message);
	security_start(session, type);
}

static const char *what_would_do(const struct session_config *config)
{
	if (config->tls_anonymous || config->tls_x509)
		return "only encrypted log-ins are taken here: use https, or a "
		       "viewer that knows TLS";
	return "only encrypted log-ins are taken here, and there is no TLS: "
	       "come through an SSH tunnel, or with a viewer that knows "
	       "RSA-AES";
}

static void offer_security(struct session *session)
{
	struct security_list types, subtypes;
	struct buffer message = { 0 };
	int i;

	security_offer(session->config, &session->transport, &types, &subtypes);
	if (session->refusal != NULL || types.count == 0) {
		refuse(session, session->refusal
					? session->refusal
					: what_would_do(session->config));
		return;
	}
	if (session->version == 3) {
		decide_security(session, &types);
		return;
	}
	buffer_u8(&message, (uint8_t)types.count);
	for (i = 0; i < types.count; i++)
		buffer_u8(&message, (uint8_t)types.types[i]->number);
	session_send_buffer(session, &message);
	session_enter(session, STAGE_SECURITY_TYPE);
}

static void send_result(struct session *session, uint32_t status)
{
	struct buffer message = { 0 };

	buffer_u32(&message, status);
	session_send_buffer(session, &message);
}

/* Before 3.8 there is no result after None. */
static bool has_result(const struct session *session)
{
	return session->version == 8 ||
	       session->security.type != &security_none;
}

void handshake_let_in(struct session *session)
{
	security_forget(session);
	if (has_result(session))
		send_result(session, 0);
	session_enter(session, STAGE_CLIENT_INIT);
}

void handshake_turn_away(struct session *session, const char *reason)
{
	struct buffer message = { 0 };

	if (has_result(session)) {
		buffer_u32(&message, 1);
		if (session->version == 8)
			append_reason(&message, reason);
		session_send_buffer(session, &message);
	}
	session->refused = true;
	session_close(session, "login failed: %s", reason);
}

/* RFC 6143 section 7.3.2. */
static void send_server_init(struct session *session)
{
	struct buffer message = { 0 };

	session->width = session->layout.width;
	session->height = session->layout.height;
	session_forget_picture(session);
	session->format = pixel_format_default();
	session_choose_settings(session);
	buffer_u16(&message, (uint16_t)session->width);
	buffer_u16(&message, (uint16_t)session->height);
	pixel_format_write(&session->format, &message);
	append_reason(&message, session->config->name);
	if (session->wants_capabilities)
		tight_capabilities_write(&message);
	session_send_buffer(session, &message);
}

static bool take_version(struct session *session)
{
	if (buffer_length(&session->input) < VERSION_BYTES)
		return false;
	session->version =
		handshake_version((const char *)buffer_bytes(&session->input));
	buffer_consume(&session->input, VERSION_BYTES);
	asked_line_greeted(&session->asked_line, clock_us());
	if (session->version > newest_version(session))
		session->version = newest_version(session);
	if (session->version == 0) {
		session_close(session, "does not speak an RFB version we know");
		return false;
	}
	offer_security(session);
	return true;
}

static bool take_security_type(struct session *session)
{
	struct security_list types, subtypes;
	const struct security_type *type;
	uint8_t number;

	if (buffer_length(&session->input) < 1)
		return false;
	number = buffer_bytes(&session->input)[0];
	buffer_consume(&session->input, 1);
	security_offer(session->config, &session->transport, &types, &subtypes);
	type = security_list_find(&types, number);
	if (type == NULL) {
		session_close(session,
			"chose security type %u, which was not offered",
			number);
		return false;
	}
	security_start(session, type);
	return true;
}

/* What is behind it waits as well. */
static void queue(struct session *session)
{
	session->security.costly = false;
	session->stage = STAGE_QUEUEING;
	session->host->costs(session->context);
}

void session_take_turn(struct session *session)
{
	if (session->stage != STAGE_QUEUEING)
		return;
	session->stage = STAGE_SECURITY;
	session_continue(session);
}

static bool take_step(struct session *session)
{
	uint8_t bytes[SECURITY_MOST_BYTES];
	size_t length = session->security.bytes;

	assert(length > 0);
	if (buffer_length(&session->input) < length)
		return false;
	if (session->security.costly) {
		queue(session);
		return false;
	}
	/* It may be a password, of which nothing stays behind. */
	memcpy(bytes, buffer_bytes(&session->input), length);
	explicit_bzero(buffer_bytes(&session->input), length);
	buffer_consume(&session->input, length);
	session->security.bytes = 0;
	session->security.take(session, bytes);
	explicit_bzero(bytes, length);
	return true;
}

static bool take_client_init(struct session *session)
{
	bool shared;

	if (buffer_length(&session->input) < 1)
		return false;
	shared = buffer_bytes(&session->input)[0] != 0;
	buffer_consume(&session->input, 1);
	send_server_init(session);
	if (!session_enter(session, STAGE_RUNNING))
		return false;
	session->host->logged_in(session->context, !shared);
	return true;
}

bool handshake_step(struct session *session)
{
	switch (session->stage) {
	case STAGE_VERSION:
		return take_version(session);
	case STAGE_SECURITY_TYPE:
		return take_security_type(session);
	case STAGE_SECURITY:
		return take_step(session);
	case STAGE_CLIENT_INIT:
		return take_client_init(session);
	default:
		return false;
	}
}
