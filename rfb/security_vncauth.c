/* VNC Authentication, RFC 6143 section 7.2.2: a challenge encrypted with DES,
 * the key being the first eight bytes of the password with the bits of each
 * byte mirrored. */
#include <nettle/des.h>
#include <nettle/memops.h>
#include <string.h>

#include "base/random.h"
#include "rfb/password_list.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"

enum { CHALLENGE_BYTES = sizeof(((struct session *)NULL)->challenge) };

static uint8_t mirror(uint8_t byte)
{
	uint8_t mirrored = 0;
	int bit;

	for (bit = 0; bit < 8; bit++)
		if (byte & 1 << bit)
			mirrored |= (uint8_t)(0x80 >> bit);
	return mirrored;
}

/* Constant time in what the viewer sent. An absent or empty password never
 * matches (HOSTILE row 2). */
static bool matches_one(const struct session *session, const char *password,
	size_t length, const uint8_t *response)
{
	uint8_t key[DES_KEY_SIZE] = { 0 }, expected[CHALLENGE_BYTES];
	struct des_ctx des;
	size_t i;

	for (i = 0; i < sizeof(key) && i < length; i++)
		key[i] = mirror((uint8_t)password[i]);
	/* The result is ignored: it warns of weak keys, which are passwords
	 * here and as good as any. */
	(void)des_set_key(&des, key);
	des_encrypt(&des, sizeof(expected), expected, session->challenge);
	return memeql_sec(expected, response, sizeof(expected));
}

static bool matches(const struct session *session, const char *passwords,
	const uint8_t *response)
{
	const char *password;
	size_t length;
	bool any = false;

	while ((password = password_list_next(&passwords, &length)) != NULL)
		any |= matches_one(session, password, length, response);
	return any;
}

static void answer(struct session *session, const uint8_t *response)
{
	bool full = matches(session, session->config->full_password, response);
	bool view = matches(session, session->config->view_password, response);

	memset(session->challenge, 0, sizeof(session->challenge));
	if (full || view)
		security_passed(session,
			full ? &session_all_rights : &session_watch_only);
	else
		security_failed(session, "wrong password");
}

static void start(struct session *session)
{
	random_bytes(session->challenge, sizeof(session->challenge));
	session_send(session, session->challenge, sizeof(session->challenge));
	security_expect(session, CHALLENGE_BYTES, answer);
}

const struct security_type security_vncauth = {
	.number = 2,
	.name = "VncAuth",
	.needs = SECURITY_PASSWORD,
	.start = start,
};
