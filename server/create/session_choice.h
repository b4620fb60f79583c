/* session_choice.h - what runs on a desktop of our own.
 *
 * The words behind "--"; else $X11WSVNC_SESSION (for the shell), ~/.xsession,
 * or the first of some programs that is installed.
 *
 * Threads: any.
 */
#ifndef SERVER_CREATE_SESSION_CHOICE_H
#define SERVER_CREATE_SESSION_CHOICE_H

enum { SESSION_CHOICE_WORDS = 4 };

struct session_choice {
	char *const *words; /* NULL-ended; NULL: there is nothing to run */
	char *made[SESSION_CHOICE_WORDS];
};

/* `given` may be NULL; kept. */
void session_choice_make(struct session_choice *choice, char *const *given);
void session_choice_finish(struct session_choice *choice);

#endif
