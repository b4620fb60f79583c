#include "rfb/login.h"

#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"
#include "rfb/handshake.h"
#include "rfb/password_list.h"
#include "rfb/security.h"
#include "rfb/session_state.h"

static const char wrong[] = "wrong user name or password";

static void digest(
	const char *text, size_t length, uint8_t to[SHA256_DIGEST_SIZE])
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, length, (const uint8_t *)text);
	sha256_digest(&sha, SHA256_DIGEST_SIZE, to);
	explicit_bzero(&sha, sizeof(sha));
}

/* Takes the same time whichever it is, and wherever they differ. An absent or
 * empty password never matches (HOSTILE row 2). */
static bool matches(const char *secrets, const char *given)
{
	uint8_t one[SHA256_DIGEST_SIZE], other[SHA256_DIGEST_SIZE];
	const char *secret;
	size_t length;
	bool same = false;

	digest(given, strlen(given), other);
	while ((secret = password_list_next(&secrets, &length)) != NULL) {
		digest(secret, length, one);
		same |= memeql_sec(one, other, sizeof(one));
	}
	explicit_bzero(one, sizeof(one));
	explicit_bzero(other, sizeof(other));
	return same;
}

static bool name_is_listed(const struct session *session, const char *user)
{
	const char *const *name = session->config->user_names;

	if (name == NULL)
		return true;
	for (; *name != NULL; name++)
		if (strcmp(*name, user) == 0 || strcmp(*name, "*") == 0)
			return true;
	return false;
}

static void check(struct session *session, const char *password)
{
	const struct session_config *config = session->config;
	bool listed = name_is_listed(session, session->user);
	bool full = matches(config->full_password, password);
	bool view = matches(config->view_password, password);

	if (listed && (full || view))
		security_passed(session,
			full ? &session_all_rights : &session_watch_only);
	else if (config->checks_users && session->user[0] != '\0' &&
		 password[0] != '\0') {
		session->stage = STAGE_CHECKING;
		session->host->check_login(session->context,
			listed ? session->user : NULL, password);
	} else
		security_failed(session, wrong);
}

void login_check(struct session *session, const uint8_t *user,
	size_t user_bytes, const uint8_t *password, size_t password_bytes)
{
	char *secret;

	if (memchr(user, '\0', user_bytes) != NULL ||
		memchr(password, '\0', password_bytes) != NULL) {
		security_failed(session, wrong);
		return;
	}
	session->user = xstrndup((const char *)user, user_bytes);
	secret = xstrndup((const char *)password, password_bytes);
	check(session, secret);
	explicit_bzero(secret, password_bytes);
	free(secret);
}

void session_login_unknown(struct session *session, const char *reason)
{
	if (session->stage == STAGE_CHECKING)
		handshake_turn_away(session, reason);
}

void session_login_checked(
	struct session *session, const struct session_rights *rights)
{
	if (session->stage != STAGE_CHECKING)
		return;
	if (rights == NULL)
		security_failed(session, wrong);
	else
		security_passed(session, rights);
}
