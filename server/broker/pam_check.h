/* pam_check.h - asks PAM whether this user has this password and may log in.
 *
 * Threads: none: it blocks for as long as the modules like, and runs in a
 *          process of its own (broker_child.c).
 * Errors:  false; modules log on their own.
 */
#ifndef SERVER_BROKER_PAM_CHECK_H
#define SERVER_BROKER_PAM_CHECK_H

#include <stdbool.h>

/* Whether the program was built with PAM. */
bool pam_check_is_there(void);

/* `from` is the viewer's address, for the modules and their logs. */
bool pam_check(const char *service, const char *user, const char *password,
	const char *from);

#endif
