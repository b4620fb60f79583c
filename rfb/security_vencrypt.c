/* VeNCrypt version 0.2 (rfbproto): a version, a list of subtypes, a choice.
 * What follows is the subtype's. */
#include "base/reader.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"

enum { VERSION_BYTES = 2, SUBTYPE_BYTES = 4, MINOR = 2 };

static void take_subtype(struct session *session, const uint8_t *bytes)
{
	struct security_list types, subtypes;
	const struct security_type *type;
	struct reader reader;
	uint32_t number;

	reader_init(&reader, bytes, SUBTYPE_BYTES);
	number = reader_u32(&reader);
	security_offer(session->config, &session->transport, &types, &subtypes);
	type = security_list_find(&subtypes, number);
	if (type == NULL)
		session_close(session,
			"chose VeNCrypt subtype %lu, which was not offered",
			(unsigned long)number);
	else
		security_start(session, type);
}

/* TigerVNC and libvncclient say 0.2 whatever else they might know. */
static void take_version(struct session *session, const uint8_t *bytes)
{
	struct security_list types, subtypes;
	struct buffer message = { 0 };
	int i;

	if (bytes[0] != 0 || bytes[1] != MINOR) {
		session_send(session, "\1", 1);
		session_close(session, "speaks VeNCrypt %u.%u, not 0.2",
			bytes[0], bytes[1]);
		return;
	}
	security_offer(session->config, &session->transport, &types, &subtypes);
	buffer_u8(&message, 0);
	buffer_u8(&message, (uint8_t)subtypes.count);
	for (i = 0; i < subtypes.count; i++)
		buffer_u32(&message, subtypes.types[i]->number);
	session_send_buffer(session, &message);
	security_expect(session, SUBTYPE_BYTES, take_subtype);
}

static void start(struct session *session)
{
	static const uint8_t version[VERSION_BYTES] = { 0, MINOR };

	session_send(session, version, sizeof(version));
	security_expect(session, VERSION_BYTES, take_version);
}

/* Offered wherever a subtype is. */
const struct security_type security_vencrypt = {
	.number = 19,
	.name = "VeNCrypt",
	.start = start,
};
