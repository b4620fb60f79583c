/* TightVNC's security type (rfbproto): a list of tunnels, which is empty, a
 * list of ways to log in, and after ServerInit a list of what we can do. For
 * xtightvncviewer and noVNC 1.3, which prefer it. */
#include "base/reader.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"
#include "rfb/tight_capabilities.h"

enum { CODE_BYTES = 4, WAYS = 2 };

static const struct {
	struct tight_capability capability;
	const struct security_type *type;
} ways[WAYS] = {
	{ { 1, "STDV", "NOAUTH__" }, &security_none },
	{ { 2, "STDV", "VNCAUTH_" }, &security_vncauth },
};

static bool is_offered(const struct session *session, int way)
{
	return security_suits(
		ways[way].type, session->config, &session->transport);
}

static void take_way(struct session *session, const uint8_t *bytes)
{
	struct reader reader;
	int32_t code;
	int i;

	reader_init(&reader, bytes, CODE_BYTES);
	code = reader_s32(&reader);
	for (i = 0; i < WAYS; i++)
		if (ways[i].capability.code == code && is_offered(session, i)) {
			session->wants_capabilities = true;
			security_start(session, ways[i].type);
			return;
		}
	session_close(session,
		"chose %ld inside Tight security, which was not offered",
		(long)code);
}

static void start(struct session *session)
{
	struct buffer message = { 0 };
	uint32_t count = 0;
	int i;

	for (i = 0; i < WAYS; i++)
		count += is_offered(session, i);
	buffer_u32(&message, 0); /* tunnels: then none is asked for */
	buffer_u32(&message, count);
	for (i = 0; i < WAYS; i++)
		if (is_offered(session, i))
			tight_capability_write(&ways[i].capability, &message);
	session_send_buffer(session, &message);
	security_expect(session, CODE_BYTES, take_way);
}

const struct security_type security_tight = {
	.number = 16,
	.name = "Tight",
	.needs_some = SECURITY_OPEN | SECURITY_PASSWORD,
	.start = start,
};
