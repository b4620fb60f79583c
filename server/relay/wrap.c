#include "server/relay/wrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/broker/broker.h"
#include "server/relay/spare_port.h"
#include "server/relay/wrap_command.h"
#include "server/server.h"

enum {
	/* One that ends sooner is started again only after a while, which
	 * doubles. */
	SOON_MS = 10000,
	LEAST_WAIT_MS = 500,
	MOST_WAIT_MS = 30000,
};

bool wrap_plan(
	struct wrap *wrap, struct server *server, struct broker_plan *plan)
{
	const char *const *words =
		(const char *const *)server->options->session;
	char *error = NULL;

	wrap->server = server;
	if (!server->options->wraps)
		return true;
	wrap->port = spare_port_find();
	if (wrap->port == 0) {
		log_error("--: no port is left for the command");
		return false;
	}
	wrap->command = wrap_command_write(words, wrap->port, &error);
	if (wrap->command == NULL) {
		log_error("%s", error);
		free(error);
		return false;
	}
	plan->jobs[BROKER_WRAP] =
		(struct broker_command){ wrap->command, 0, false };
	return true;
}

static void run(struct wrap *wrap);

static void on_timer(uv_timer_t *timer)
{
	run(timer->data);
}

static void start_again(struct wrap *wrap)
{
	bool soon = clock_ms() - wrap->started_ms < SOON_MS;

	wrap->wait_ms =
		!soon || wrap->wait_ms == 0 ? LEAST_WAIT_MS : wrap->wait_ms * 2;
	if (wrap->wait_ms > MOST_WAIT_MS)
		wrap->wait_ms = MOST_WAIT_MS;
	uv_timer_start(&wrap->timer, on_timer, wrap->wait_ms, 0);
}

static void on_ended(void *context, enum broker_verdict verdict, int status)
{
	struct wrap *wrap = context;
	const char *mode = wrap->server->options->wrap_mode;

	if (wrap->server->stopping)
		return;
	if (verdict != BROKER_DONE)
		status = EXIT_FAULT;
	log_info("the command behind -- has ended with status %d", status);
	if (mode != NULL && strcmp(mode, "respawn") == 0)
		start_again(wrap);
	else if (mode == NULL || strcmp(mode, "exit") == 0)
		server_stop(wrap->server, status,
			"the command behind -- has ended (-wrap-mode)");
}

static void run(struct wrap *wrap)
{
	struct broker_request request = { .job = BROKER_WRAP };

	wrap->started_ms = clock_ms();
	log_debug("--: %s", wrap->command);
	if (broker_ask(wrap->server->door.broker, &request, on_ended, wrap) ==
		0)
		on_ended(wrap, BROKER_FAILED, 0);
}

void wrap_start(struct wrap *wrap)
{
	if (wrap->command == NULL)
		return;
	uv_timer_init(&wrap->server->loop, &wrap->timer);
	wrap->timer.data = wrap;
	run(wrap);
}

void wrap_finish(struct wrap *wrap)
{
	free(wrap->command);
	wrap->command = NULL;
}
