/* VeNCrypt's Plain (rfbproto): a user name and a password as they are, so never
 * without encryption around it. */
#include "base/reader.h"
#include "rfb/login.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"

enum { USER, PASSWORD, HEAD_BYTES = 8 };

static void take_both(struct session *session, const uint8_t *bytes)
{
	const size_t *lengths = session->security.lengths;

	login_check(session, bytes, lengths[USER], bytes + lengths[USER],
		lengths[PASSWORD]);
}

static void take_lengths(struct session *session, const uint8_t *bytes)
{
	size_t *lengths = session->security.lengths;
	struct reader reader;

	reader_init(&reader, bytes, HEAD_BYTES);
	lengths[USER] = reader_u32(&reader);
	lengths[PASSWORD] = reader_u32(&reader);
	if (lengths[USER] > LOGIN_MOST_BYTES ||
		lengths[PASSWORD] > LOGIN_MOST_BYTES)
		security_failed(session, "the name or password is too long");
	else if (lengths[USER] + lengths[PASSWORD] == 0)
		security_failed(session, "no name and no password came");
	else
		security_expect(
			session, lengths[USER] + lengths[PASSWORD], take_both);
}

static void start(struct session *session)
{
	security_expect(session, HEAD_BYTES, take_lengths);
}

const struct security_type security_plain = {
	.number = 256,
	.name = "Plain",
	.needs = SECURITY_ENCRYPTED,
	.needs_some = SECURITY_LOGIN,
	.start = start,
};
