#include "server/web_admission.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/share/share_list.h"
#include "server/status/status.h"
#include "websocket/basic_auth.h"
#include "websocket/host_name.h"
#include "websocket/http_peer.h"
#include "websocket/origin.h"

/* Why nobody from there is listened to; NULL: they are, or the time has come to
 * tell what was wrong. */
static const char *refusal(struct web_admission *self)
{
	struct server *server = self->server;
	const char *reason = NULL;

	if (!self->tells_wrong)
		reason = door_refusal(
			&server->door, &self->layer->connection->peer);
	if (reason != NULL)
		metrics_add(&server->metrics, METRICS_REFUSED_BLOCKED, 1);
	return reason;
}

/* The status, after so long: a tick calls admit again. */
static int tell_later(struct web_admission *self, int status, unsigned delay_ms)
{
	self->tells_wrong = delay_ms > 0;
	if (delay_ms == 0)
		return status;
	connection_set_tick(self->layer->connection, delay_ms);
	return HTTP_LATER;
}

static int refuse_wrong(struct web_admission *self, const char **problem)
{
	unsigned delay_ms = 0;

	if (!self->tells_wrong)
		delay_ms = door_wrong(
			&self->server->door, &self->layer->connection->peer);
	*problem = "User or password is wrong.";
	return tell_later(self, 401, delay_ms);
}

/* Any of these lets him in; reads files that have changed. */
static bool is_right(struct web_users *users, const struct basic_auth *auth)
{
	web_users_refresh(users);
	return web_users_have(users, auth->bytes, auth->length);
}

static bool is_of_any_share(struct share *share, const struct basic_auth *auth)
{
	bool right = false;

	for (; share != NULL; share = share->next)
		if (share->web_users.count > 0)
			right |= is_right(&share->web_users, auth);
	return right;
}

/* `users` NULL: those of any desktop. */
int web_admission_ask_password(struct web_admission *self,
	struct web_users *users, const struct http_request *request,
	const char **problem)
{
	struct server *server = self->server;
	struct basic_auth auth;
	bool right;

	*problem = refusal(self);
	if (*problem != NULL)
		return 403;
	if (!basic_auth_read(request, &auth)) {
		*problem = "User and password are needed.";
		return 401;
	}
	right = users != NULL ? is_right(users, &auth)
			      : is_of_any_share(server->shares, &auth);
	explicit_bzero(&auth, sizeof(auth));
	/* A right one is no fresh start: behind it a desktop's password can
	 * still be guessed. */
	return right ? HTTP_ADMITTED : refuse_wrong(self, problem);
}

static void on_token(struct relay_ask *ask)
{
	struct web_admission *self =
		(struct web_admission *)((char *)ask -
					 offsetof(struct web_admission, ask));

	if (self->layer->connection->state == CONNECTION_OPEN)
		http_peer_continue(self->http);
}

/* Whether he may come to the desktop that he chose. */
static int admit_to_share(struct web_admission *self,
	const struct http_request *request, bool upgrade, const char **problem)
{
	struct server *server = self->server;
	struct share *share = self->choice.share;
	bool named = share_list_is_named(server);
	const struct options *options =
		named ? share->options : server->options;
	struct web_users *users =
		named ? &share->web_users : &server->web_users;

	*problem = "This address may not open this desktop.";
	if (named && !share_admits(share, &self->layer->connection->peer)) {
		metrics_add(&server->metrics, METRICS_REFUSED_ADDRESS, 1);
		return 403;
	}
	if (users->count == 0 ||
		(!upgrade && (!options->web_auth ||
				     status_find(server, request) != NULL)))
		return HTTP_ADMITTED;
	return web_admission_ask_password(self, users, request, problem);
}

/* That of all. Before a token is looked up: whoever has no password learns
 * nothing of them. */
static int ask_page_password(struct web_admission *self,
	const struct http_request *request, const char **problem)
{
	if (self->server->web_users.count == 0)
		return HTTP_ADMITTED;
	return web_admission_ask_password(
		self, &self->server->web_users, request, problem);
}

/* Names are told to nobody who could open none. Whoever says who he is, is
 * asked whether that is so. */
static int admit_to_list(struct web_admission *self,
	const struct http_request *request, const struct http_policy *policy,
	const char **problem)
{
	const struct share *share = self->server->shares;
	struct basic_auth auth;
	bool said, any_open = false, any_shut = false;

	/* DNS rebinding */
	*problem =
		"This machine does not know the name it was asked by: use its "
		"address, or allow the name with -origin.";
	if (!origin_knows_host(request->host, policy->hosts, policy->origins))
		return 403;
	if (self->server->web_users.count > 0)
		return ask_page_password(self, request, problem);
	for (; share != NULL; share = share->next)
		*(share->web_users.count > 0 ? &any_shut : &any_open) = true;
	said = basic_auth_read(request, &auth);
	explicit_bzero(&auth, sizeof(auth));
	if (!any_shut || (!said && any_open))
		return HTTP_ADMITTED;
	return web_admission_ask_password(self, NULL, request, problem);
}

/* The token was looked up by a source, and leads to a display. */
static int follow_token(struct web_admission *self,
	const struct http_request *request, const char **problem)
{
	const char *name = self->ask.target.place;

	if (self->server->shares == NULL) {
		*problem = "The token leads to a display, and there is none.";
		return 404;
	}
	if (name[0] == '\0')
		return admit_to_share(self, request, true, problem);
	self->choice.share = share_list_find(self->server, name, strlen(name));
	if (self->choice.share == NULL) {
		*problem =
			"The token leads to a desktop, and there is none of "
			"that name.";
		return 404;
	}
	return admit_to_share(self, request, true, problem);
}

/* That there is none is as much as a wrong password, but where the name of the
 * host is the token, which is no secret. */
static int refuse_token(
	struct web_admission *self, const char *token, const char **problem)
{
	struct server *server = self->server;
	unsigned delay_ms = 0;

	if (!self->tells_wrong && !server->relay_desk.host_is_token)
		delay_ms = door_wrong_token(
			&server->door, &self->layer->connection->peer, token);
	*problem = "There is no such token here.";
	return tell_later(self, 404, delay_ms);
}

/* A broken source is our fault, and may be mended when he comes again. */
static int tell_token(struct web_admission *self,
	const struct http_request *request, const char **problem)
{
	const struct relay_ask *ask = &self->ask;
	char shown[TOKEN_SHOWN_BYTES];

	/* Many may have been asked for at once. */
	*problem = refusal(self);
	if (*problem != NULL)
		return 403;
	if (ask->answer == TOKEN_FOUND)
		return ask->target.kind == RELAY_DISPLAY
			       ? follow_token(self, request, problem)
			       : HTTP_ADMITTED;
	token_text_shorten(ask->token, shown);
	if (!self->tells_wrong)
		log_info("#%lu %s: no target for the token %s",
			self->layer->connection->number,
			self->layer->connection->peer_text, shown);
	if (ask->answer == TOKEN_UNKNOWN)
		return refuse_token(self, ask->token, problem);
	*problem = "The tokens cannot be read now.";
	return 503;
}

/* The caller's; NULL: none is there. */
static char *read_token(
	const struct web_admission *self, const struct http_request *request)
{
	const struct http_text whole = request->target.whole;
	struct host_name host;
	char *target, *token;

	if (self->server->relay_desk.host_is_token)
		return host_name_parse(request->host, &host)
			       ? xstrndup(host.name.at, host.name.length)
			       : NULL;
	target = xstrndup(whole.at, whole.length);
	token = http_target_query(target, "token");
	free(target);
	return token;
}

/* Where he wants to be relayed to: looked up by a worker, which calls for us
 * again. Without a token the display is meant, where there is one. */
static int ask_token(struct web_admission *self,
	const struct http_request *request, const char **problem)
{
	struct relay_desk *desk = &self->server->relay_desk;
	int status = HTTP_LATER;
	char *token;

	if (self->ask.answered)
		return tell_token(self, request, problem);
	token = read_token(self, request);
	if (token == NULL && self->server->shares != NULL)
		return admit_to_share(self, request, true, problem);
	self->ask.done = on_token;
	if (token == NULL || *token == '\0') {
		*problem = "A token is needed here: /websockify?token=NAME";
		status = 403;
	} else if ((*problem = refusal(self)) != NULL) {
		status = 403;
	} else if (!relay_desk_ask(desk, &self->ask, token, strlen(token))) {
		status = refuse_token(self, token, problem);
	}
	free(token);
	return status;
}

int web_admission_ask(struct web_admission *self,
	const struct http_request *request, const struct http_policy *policy,
	bool upgrade, const char **problem)
{
	struct server *server = self->server;
	const struct connection *connection = self->layer->connection;
	int status;

	/* Of others the sniffer has asked. */
	if (!address_equal(&connection->peer, &connection->via) ||
		connection_is_proxys_own(connection)) {
		*problem = "This address may not connect.";
		if (!door_admits(&server->door, &connection->peer)) {
			metrics_add(
				&server->metrics, METRICS_REFUSED_ADDRESS, 1);
			return 403;
		}
	}
	if (server->shares != NULL && self->choice.share == NULL) {
		*problem = "There is no desktop of that name here.";
		return 404;
	}
	if (self->choice.is_list)
		return admit_to_list(self, request, policy, problem);
	if (!upgrade || self->choice.is_below ||
		!relay_desk_has_tokens(&server->relay_desk))
		return admit_to_share(self, request, upgrade, problem);
	status = ask_page_password(self, request, problem);
	return status == HTTP_ADMITTED ? ask_token(self, request, problem)
				       : status;
}

struct layer *web_admission_seat(
	const struct web_admission *self, const char *path)
{
	return relay_desk_seat(self->server, self->choice.share,
		self->ask.answered ? &self->ask.target : NULL, path);
}
