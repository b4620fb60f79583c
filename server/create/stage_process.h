/* stage_process.h - the process that keeps a desktop of our own.
 *
 * It ends when the server does, however that ends: the socket between them
 * closes. Then it ends the session and whatever that left behind, the X server,
 * and removes the file with the cookie. Should it be killed itself, the kernel
 * ends its two children.
 *
 * With -reopen an X server that crashed and a session that ended are begun
 * anew, under the same number; else their end is the program's.
 *
 * Threads: a process of one thread.
 */
#ifndef SERVER_CREATE_STAGE_PROCESS_H
#define SERVER_CREATE_STAGE_PROCESS_H

#include <stdbool.h>

#include "server/create/session_choice.h"
#include "server/create/x_program.h"

/* What it says: one message when the X server is there, one when it gives up
 * or the session has ended. */
enum stage_news { STAGE_READY, STAGE_FAILED, STAGE_SESSION_ENDED };
enum { STAGE_MOST_PATH = 256 };

struct stage_message {
	int news; /* enum stage_news */
	int number;
	char authority[STAGE_MOST_PATH];
};

struct stage_plan {
	struct x_program program;
	struct session_choice session;
	bool again; /* -reopen */
	bool quiet; /* -bg without a log: the caller's streams are let go */
};

/* Serves until the other end of `socket` is closed, and exits. */
void stage_process_run(const struct stage_plan *plan, int socket)
	__attribute__((noreturn));

#endif
