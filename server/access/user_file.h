/* user_file.h - who may log in by name: -usersfile.
 *
 * One user a line, `name:hash:rights`, as in /etc/shadow: the hash is what
 * crypt(3) makes ($y$ yescrypt, $6$ SHA-512 ...). Rights are words parted by
 * commas: view, control, clipboard; all of them where the third part is
 * missing. monitor=NAME among them lets see that monitor and no other. A hash
 * that begins with '*' or '!' lets nobody in. Lines that are empty or begin
 * with '#' say nothing.
 *
 * Owner:   whoever embeds struct user_file; user_file_finish() wipes and frees.
 * Threads: the loop thread; user_file_matches() any.
 * Errors:  false: a sentence was logged that names the file, the line and the
 *          reason.
 */
#ifndef SERVER_ACCESS_USER_FILE_H
#define SERVER_ACCESS_USER_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/input_file.h"
#include "rfb/session.h"

struct user {
	char *name, *hash;
	struct session_rights rights;
	char *monitor; /* a number from 1 on or a name; NULL: all of them */
};

struct user_file {
	bool passing; /* why it could not be read, see input_file.h */
	struct user *users;
	size_t count;
};

/* A file without any user is an error too. */
bool user_file_read(
	struct user_file *file, const char *path, enum input_file_when when);
void user_file_finish(struct user_file *file);

/* NULL if there is none of that name. */
const struct user *user_file_find(
	const struct user_file *file, const char *name);

/* What to compare a password with. For nobody (NULL), and for whom a locked
 * hash keeps out, it is another user's, because a missing hash would be told
 * from a wrong password by its speed. Of a file that has users. */
const char *user_file_hash(
	const struct user_file *file, const struct user *user);

/* Whether the password makes that hash. Takes tens of milliseconds of CPU on
 * purpose: never on the loop. */
bool user_file_matches(const char *hash, const char *password);

#endif
