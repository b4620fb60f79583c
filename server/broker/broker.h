/* broker.h - the server's end of the broker: asks for jobs, and is told how
 * they ended. Nothing here waits.
 *
 * Owner:   broker_start() gives; broker_destroy() frees. Callers' contexts are
 *          kept until the answer came or broker_forget() was called.
 * Threads: the loop thread, and before there is any other.
 * Errors:  without a broker, or when it has died, every job ends in
 *          BROKER_FAILED: what depends on it is refused.
 */
#ifndef SERVER_BROKER_BROKER_H
#define SERVER_BROKER_BROKER_H

#include <uv.h>

#include "server/broker/broker_plan.h"

struct broker;

typedef void broker_done(
	void *context, enum broker_verdict verdict, int status);

/* Forks: before threads and before the network. The plan and what it borrows
 * must outlive it. NULL: errno says why. */
struct broker *broker_start(const struct broker_plan *plan);
void broker_destroy(struct broker *broker);

/* From here on the loop listens to it. */
void broker_attach(struct broker *broker, uv_loop_t *loop);

/* Sends the request, whose number is filled in; `done` (or NULL, if nobody
 * wants to know) is called once, later. The number, or 0: it could not be sent
 * and `done` will not be called. `broker` may be NULL. */
uint32_t broker_ask(struct broker *broker, struct broker_request *request,
	broker_done *done, void *context);
/* Its stderr, and that of the commands it runs, becomes the log's file as it is
 * now called, or nothing where there is none. `broker` may be NULL. */
void broker_reopen_log(struct broker *broker);
/* Nobody waits for that job any more: it is killed, `done` is not called. */
void broker_forget(struct broker *broker, uint32_t number);

#endif
