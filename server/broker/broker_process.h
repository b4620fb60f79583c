/* broker_process.h - the broker itself: a small process, forked before there
 * are threads and a network, that starts a child for each job.
 *
 * It ends when the server does: the socket between them closes. Jobs that
 * somebody waits for are killed then; hooks go on.
 *
 * Threads: a process of one thread.
 */
#ifndef SERVER_BROKER_BROKER_PROCESS_H
#define SERVER_BROKER_BROKER_PROCESS_H

#include "server/broker/broker_plan.h"

/* At once; more are refused. */
enum {
	BROKER_MOST_JOBS = 64,
	BROKER_MOST_QUERIES = 3,
	BROKER_MOST_PAM = 32, /* strangers can ask for these */
};

/* Serves until the other end of `socket` is closed, and exits. */
void broker_process_run(const struct broker_plan *plan, int socket)
	__attribute__((noreturn));

#endif
