/* web_users.h - who may fetch the page and open a WebSocket, where HTTP asks
 * for it (-auth-source): "user:password", kept as salted hashes.
 *
 * Owner:   embedded; web_users_finish() frees.
 * Threads: the loop thread.
 * Errors:  false: *error gets a sentence with the file and the reason, the
 *          caller's; it never has a password in it.
 */
#ifndef SERVER_ACCESS_WEB_USERS_H
#define SERVER_ACCESS_WEB_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/file_stamp.h"

enum { WEB_USERS_HASH = 32 };

struct web_users {
	char *file; /* NULL: the words were given */
	struct file_stamp read_as;
	uint8_t salt[WEB_USERS_HASH];
	uint8_t (*hashes)[WEB_USERS_HASH];
	size_t count; /* 0: nobody is asked */
};

/* `source` is "user:password", or a file of such lines; '#' begins a comment.
 * An error does not name the option that it came from. */
bool web_users_load(struct web_users *users, const char *source, char **error);
bool web_users_is_file(const char *source);
/* Reads the file again: only where there is one. Of one that is not right
 * nothing is taken. */
bool web_users_reload(struct web_users *users, char **error);
/* The same if it has changed; the log tells. */
void web_users_refresh(struct web_users *users);
void web_users_finish(struct web_users *users);

/* Takes as long whoever it is. */
bool web_users_have(
	const struct web_users *users, const void *credentials, size_t length);

#endif
