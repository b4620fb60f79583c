/* login_check.h - finds out whether a user name and a password belong together:
 * the server's answer to session_host.check_login. Whom -usersfile does not
 * name is for PAM to know, in the broker's process, where -pam says so.
 *
 * A password hash costs much CPU on purpose. So one is computed at a time, on a
 * worker, in the order in which they were asked: a flood of guesses takes one
 * worker's time and nobody's picture. Names that nobody has cost the same. The
 * file is read again when it has changed.
 *
 * Owner:   embedded in struct share.
 * Threads: the loop thread; the hash is a worker's.
 */
#ifndef SERVER_ACCESS_LOGIN_CHECK_H
#define SERVER_ACCESS_LOGIN_CHECK_H

#include <stdbool.h>

#include "server/access/user_file.h"
#include "server/file_stamp.h"

struct login_job;
struct share;
struct viewer;

struct login_check {
	struct share *share;
	struct user_file users;         /* of -usersfile; empty without */
	struct file_stamp read_as;      /* what they were read from */
	struct login_job *first, **end; /* waiting, in order */
	bool working;
};

/* False: a sentence was logged. */
bool login_check_init(struct login_check *check, struct share *share);
/* Reads -usersfile again. False: a sentence was logged, and who was in it
 * before stays. */
bool login_check_reload(struct login_check *check);
/* After all connections have gone. */
void login_check_finish(struct login_check *check);

/* Whether there is anybody to be known by name. */
bool login_check_knows_users(const struct login_check *check);

/* Ends in session_login_checked(), perhaps later, unless the viewer has gone.
 * `user` NULL: somebody who may not come in whatever the password. */
void login_check_begin(struct login_check *check, struct viewer *viewer,
	const char *user, const char *password);
/* The viewer is gone. */
void login_check_forget(struct login_check *check, struct viewer *viewer);

#endif
