#include "server/relay/guide.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/relay/refusal.h"
#include "server/relay/relay_desk.h"
#include "server/relay/repeater_name.h"
#include "server/server.h"
#include "server/share/share_list.h"
#include "server/tls/tls_layer.h"
#include "websocket/websocket.h"

struct guide {
	struct layer layer;
	struct server *server;
	struct share *share; /* the desktop that it led to; NULL: none yet */
	struct buffer heard; /* not more than was read at once */
	struct repeater_name name; /* the tokens that are asked for */
	int next;                  /* of these */
	bool greeted;              /* as a repeater does */
	bool tells_wrong;          /* that there is no such ID, after a while */
	struct relay_ask ask;
};

static void refuse(struct guide *guide, const char *reason)
{
	guide->layer.connection->refused = true;
	refusal_tell(guide->layer.connection, WEBSOCKET_NORMAL, reason);
}

/* Browsers are asked for a password before they are relayed; nobody comes by
 * without. */
static bool is_bypass(
	const struct server *server, const struct relay_target *target)
{
	bool relayed = target != NULL ? target->kind != RELAY_DISPLAY
				      : server->shares == NULL;

	return relayed && server->web_users.count > 0;
}

/* Another layer takes our place, and what was heard. */
static void lead_to(struct guide *guide, const struct relay_target *target)
{
	struct connection *connection = guide->layer.connection;
	struct layer *top;

	if (is_bypass(guide->server, target)) {
		refuse(guide,
			"only browsers come in here, with a password "
			"(-auth-source)");
		return;
	}
	connection_replace_top(connection,
		relay_desk_seat(guide->server, guide->share, target, NULL));
	top = connection->top;
	connection_pause_reading(connection, false);
	top->ops->ready(top);
	if (connection->state == CONNECTION_OPEN &&
		buffer_length(&guide->heard) > 0)
		top->ops->receive(top, buffer_bytes(&guide->heard),
			buffer_length(&guide->heard));
}

static void ask_for_name(struct guide *guide)
{
	guide->greeted = true;
	connection_pause_reading(guide->layer.connection, false);
	layer_send_down(&guide->layer, REPEATER_NAME_GREETING,
		strlen(REPEATER_NAME_GREETING));
}

static bool knows_names(const struct server *server)
{
	return relay_desk_has_tokens(&server->relay_desk) ||
	       share_list_is_named(server);
}

static bool is_asked_for_name(const struct server *server)
{
	return knows_names(server) &&
	       (server->options->repeater || server->shares == NULL);
}

static void refuse_wrong(struct guide *guide)
{
	guide->tells_wrong = false;
	connection_set_tick(guide->layer.connection, 0);
	refuse(guide, "there is no such ID here");
}

/* An ID that is a token is a secret, unlike a desktop's name, and the name of a
 * host that TLS tells. */
static void refuse_name(struct guide *guide)
{
	struct connection *connection = guide->layer.connection;
	const char *id = guide->name.tokens[0];
	char shown[TOKEN_SHOWN_BYTES];
	unsigned delay_ms = 0;

	token_text_shorten(id, shown);
	log_info("#%lu %s: no target for the ID %s", connection->number,
		connection->peer_text, shown);
	if (relay_desk_has_tokens(&guide->server->relay_desk))
		delay_ms = door_wrong_token(
			&guide->server->door, &connection->peer, id);
	if (delay_ms == 0) {
		refuse_wrong(guide);
		return;
	}
	guide->tells_wrong = true;
	connection_set_tick(connection, delay_ms);
}

/* None of its names is a token. */
static void lead_nameless(struct guide *guide)
{
	if (guide->greeted) {
		refuse_name(guide);
	} else if (is_asked_for_name(guide->server)) {
		ask_for_name(guide);
	} else {
		lead_to(guide, NULL);
	}
}

static void ask_next(struct guide *guide);

/* "": the first. */
static bool find_share(struct guide *guide, const char *name)
{
	guide->share = name[0] != '\0' ? share_list_find(guide->server, name,
						 strlen(name))
				       : guide->server->shares;
	return guide->share != NULL;
}

/* Whoever gave too many wrong IDs learns of none whether it is right. */
static bool is_shut_out(struct guide *guide)
{
	const struct address *peer = &guide->layer.connection->peer;
	struct door *door = &guide->server->door;
	const char *reason = door_refusal(door, peer);

	if (reason == NULL ||
		!relay_desk_has_tokens(&guide->server->relay_desk))
		return false;
	door_count_refusal(door, peer);
	refuse(guide, reason);
	return true;
}

static void on_answer(struct relay_ask *ask)
{
	struct guide *guide =
		(struct guide *)((char *)ask - offsetof(struct guide, ask));

	if (guide->layer.connection->state != CONNECTION_OPEN ||
		is_shut_out(guide))
		return;
	if (ask->answer == TOKEN_UNKNOWN)
		ask_next(guide);
	else if (ask->answer == TOKEN_BROKEN)
		refuse(guide, "the IDs cannot be read now");
	else if (ask->target.kind == RELAY_DISPLAY &&
		 !find_share(guide, ask->target.place))
		refuse(guide, "the ID leads to a display, and there is none");
	else
		lead_to(guide, &ask->target);
}

/* A worker looks; nothing more is read until it has found. */
static void ask_next(struct guide *guide)
{
	const char *token;

	guide->ask.done = on_answer;
	connection_pause_reading(guide->layer.connection, true);
	if (is_shut_out(guide))
		return;
	while (guide->next < guide->name.count) {
		token = guide->name.tokens[guide->next++];
		if (!relay_desk_has_tokens(&guide->server->relay_desk)) {
			if (!find_share(guide, token))
				continue;
			lead_to(guide, NULL);
			return;
		}
		if (relay_desk_ask(&guide->server->relay_desk, &guide->ask,
			    token, strlen(token)))
			return;
	}
	lead_nameless(guide);
}

/* ---- the layer ---- */

static void ready(struct layer *layer)
{
	struct guide *guide = (struct guide *)layer;
	char host[REPEATER_NAME_BYTES + 1];

	if (knows_names(guide->server) && layer->below != NULL &&
		tls_layer_server_name(layer->below, host, sizeof(host)))
		repeater_name_from_host(&guide->name, host);
	ask_next(guide);
}

static void read_name(struct guide *guide)
{
	const uint8_t *bytes = buffer_bytes(&guide->heard);
	size_t length = buffer_length(&guide->heard);

	if (length > REPEATER_NAME_BYTES)
		length = REPEATER_NAME_BYTES;
	if (!repeater_name_may_be(bytes, length)) {
		refuse(guide, "say which ID you want (as to a repeater)");
		return;
	}
	if (length < REPEATER_NAME_BYTES)
		return;
	guide->next = 0;
	repeater_name_read(&guide->name, bytes);
	buffer_consume(&guide->heard, REPEATER_NAME_BYTES);
	ask_next(guide);
}

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct guide *guide = (struct guide *)layer;
	struct layer *top = layer->connection->top;

	if (top != layer) { /* the rest of what was read at once */
		top->ops->receive(top, bytes, length);
		return;
	}
	buffer_append(&guide->heard, bytes, length);
	if (guide->heard.failed)
		connection_close(
			layer->connection, "no memory for what it said early");
	else if (guide->greeted && !guide->ask.waits && !guide->tells_wrong)
		read_name(guide);
}

static const char *overdue(const struct layer *layer)
{
	const struct guide *guide = (const struct guide *)layer;

	return guide->ask.waits ? "its ID was not looked up in time"
				: "did not say in time which ID it wants";
}

static void tick(struct layer *layer)
{
	struct guide *guide = (struct guide *)layer;

	if (guide->tells_wrong)
		refuse_wrong(guide);
}

static void destroy(struct layer *layer)
{
	struct guide *guide = (struct guide *)layer;

	relay_desk_forget(&guide->ask);
	buffer_finish(&guide->heard);
	free(guide);
}

static const struct layer_ops guide_ops = {
	.name = "guide",
	.receive = receive,
	.ready = ready,
	.overdue = overdue,
	.tick = tick,
	.destroy = destroy,
	.reads_while_output_waits = true,
};

struct layer *guide_create(struct server *server, struct share *share)
{
	struct guide *guide;

	if (share != NULL || (server->shares != NULL && !knows_names(server)))
		return relay_desk_seat(server, share, NULL, NULL);
	guide = xcalloc(1, sizeof(*guide));
	guide->layer.ops = &guide_ops;
	guide->server = server;
	return &guide->layer;
}
