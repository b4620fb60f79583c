/* wrap.h - the command behind "--": a VNC server that we start, and that
 * everybody is relayed to.
 *
 * The broker runs it. When it ends, -wrap-mode says whether we end too, go on
 * (it has put itself into the background), or start it again.
 *
 * Owner:   embedded in struct server.
 * Threads: the loop thread.
 */
#ifndef SERVER_RELAY_WRAP_H
#define SERVER_RELAY_WRAP_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct broker_plan;
struct server;

struct wrap {
	struct server *server;
	char *command; /* NULL: there is none */
	int port;      /* where it listens */
	uv_timer_t timer;
	uint64_t started_ms;
	unsigned wait_ms; /* before it is started again */
};

/* Before the broker is there. False: a sentence was logged. */
bool wrap_plan(
	struct wrap *wrap, struct server *server, struct broker_plan *plan);
/* Everything is open. */
void wrap_start(struct wrap *wrap);
/* After the broker. */
void wrap_finish(struct wrap *wrap);

#endif
