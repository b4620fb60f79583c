#include "server/relay/relay_desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "server/relay/relay.h"
#include "server/server.h"
#include "server/viewer.h"

bool relay_desk_has_tokens(const struct relay_desk *desk)
{
	return desk->tokens.ops != NULL;
}

bool relay_desk_is_open(const struct relay_desk *desk)
{
	return relay_desk_has_tokens(desk) ||
	       desk->target.kind != RELAY_NOWHERE;
}

static bool set_target(struct relay_desk *desk, const struct options *options)
{
	const struct wrap *wrap = &desk->server->wrap;

	if (wrap->command != NULL)
		desk->target = (struct relay_target){
			.kind = RELAY_TCP,
			.place = "127.0.0.1",
			.port = wrap->port,
		};
	if (options->unix_target != NULL &&
		!relay_target_set_path(&desk->target, options->unix_target)) {
		log_error("-unix-target: the path '%s' is too long",
			options->unix_target);
		return false;
	}
	/* Checked when it was read. */
	if (options->target != NULL)
		relay_target_parse(&desk->target, options->target,
			strlen(options->target));
	return true;
}

bool relay_desk_open(struct relay_desk *desk, struct server *server)
{
	const struct options *options = server->options;
	char *error = NULL;

	desk->server = server;
	desk->host_is_token = options->host_token;
	if (!set_target(desk, options))
		return false;
	if (options->token_plugin == NULL)
		return true;
	if (token_source_open(&desk->tokens, options->token_plugin,
		    options->token_source, &error))
		return true;
	log_error("%s", error);
	free(error);
	return false;
}

void relay_desk_close(struct relay_desk *desk)
{
	token_source_close(&desk->tokens);
}

/* ---- questions ---- */

static void work(uv_work_t *request)
{
	struct relay_desk *desk = request->data;

	desk->answer =
		token_source_find(&desk->tokens, desk->token, &desk->found);
}

static void next(struct relay_desk *desk);

static void after_work(uv_work_t *request, int status)
{
	struct relay_desk *desk = request->data;
	struct relay_ask *ask = desk->asking;

	desk->working = false;
	desk->asking = NULL;
	if (ask != NULL) {
		ask->answer = status == 0 ? desk->answer : TOKEN_BROKEN;
		ask->target = desk->found;
		ask->waits = false;
		ask->answered = true;
		ask->done(ask);
	}
	next(desk);
}

static void next(struct relay_desk *desk)
{
	struct relay_ask *ask = desk->first;

	if (desk->working || ask == NULL)
		return;
	desk->first = ask->next;
	if (desk->first == NULL)
		desk->last = NULL;
	desk->asking = ask;
	desk->working = true;
	desk->work.data = desk;
	memcpy(desk->token, ask->token, sizeof(desk->token));
	uv_queue_work(&desk->server->loop, &desk->work, work, after_work);
}

bool relay_desk_ask(struct relay_desk *desk, struct relay_ask *ask,
	const char *token, size_t length)
{
	if (length == 0 || length >= sizeof(ask->token) ||
		memchr(token, '\0', length) != NULL)
		return false;
	memcpy(ask->token, token, length);
	ask->token[length] = '\0';
	ask->desk = desk;
	ask->next = NULL;
	ask->waits = true;
	ask->answered = false;
	if (desk->last != NULL)
		desk->last->next = ask;
	else
		desk->first = ask;
	desk->last = ask;
	next(desk);
	return true;
}

void relay_desk_forget(struct relay_ask *ask)
{
	struct relay_desk *desk = ask->desk;
	struct relay_ask **at, *before = NULL;

	if (!ask->waits)
		return;
	ask->waits = false;
	if (desk->asking == ask) {
		desk->asking = NULL;
		return;
	}
	for (at = &desk->first; *at != ask; at = &(*at)->next)
		before = *at;
	*at = ask->next;
	if (desk->last == ask)
		desk->last = before;
}

/* ---- who comes ---- */

struct layer *relay_desk_seat(struct server *server, struct share *share,
	const struct relay_target *target, const char *path)
{
	if (target == NULL && server->shares == NULL)
		target = &server->relay_desk.target;
	if (target == NULL || target->kind == RELAY_DISPLAY)
		return viewer_create(
			share != NULL ? share : server->shares, path);
	return relay_create(server, target);
}
