/* pam_check.h - asks PAM whether this user has this password and may log in.
 *
 * Threads: none: it blocks for as long as the modules like, and runs in a
 *          process of its own (broker_child.c).
 * Errors:  PAM_CHECK_UNKNOWN; modules log on their own.
 */
#ifndef SERVER_BROKER_PAM_CHECK_H
#define SERVER_BROKER_PAM_CHECK_H

#include <stdbool.h>

/* Also the exit statuses of that process. A module that ends it, or a library
 * below one, has said neither: so they are none that a program ends with. */
enum pam_check_answer {
	PAM_CHECK_RIGHT = 80,
	PAM_CHECK_WRONG,
	PAM_CHECK_UNKNOWN, /* who knows could not be asked: nobody's fault here
			    */
};

/* Whether the program was built with PAM. */
bool pam_check_is_there(void);

/* `from` is the viewer's address, for the modules and their logs. */
enum pam_check_answer pam_check(const char *service, const char *user,
	const char *password, const char *from);

#endif
