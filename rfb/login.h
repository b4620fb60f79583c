/* login.h - whether a user name and a password may come in, for the security
 * types that carry both in the clear of an encrypted conversation.
 *
 * The passwords of the configuration count with their full length, whatever
 * name comes with them; who else may come in is the host's to say.
 *
 * Threads: the loop thread.
 */
#ifndef RFB_LOGIN_H
#define RFB_LOGIN_H

#include <stddef.h>
#include <stdint.h>

struct session;

/* Of a name and of a password: more is no login. TigerVNC's limit. */
enum { LOGIN_MOST_BYTES = 1024 };

/* Borrowed bytes, not ended. Ends in security_passed() or security_failed(),
 * perhaps later. */
void login_check(struct session *session, const uint8_t *user,
	size_t user_bytes, const uint8_t *password, size_t password_bytes);

#endif
