#include "server/announce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "server/process/standard_streams.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/tls/tls_context.h"

static bool is_loopback_name(const char *name)
{
	return strcmp(name, "localhost") == 0 || strcmp(name, "::1") == 0 ||
	       strncmp(name, "127.", 4) == 0;
}

bool announce_is_only_local(const struct options *options)
{
	char **listen = options->listen;

	if (listen == NULL)
		return options->localhost;
	while (*listen != NULL && is_loopback_name(*listen))
		listen++;
	return *listen == NULL;
}

static void host_for_url(const struct options *options, char *host, size_t size)
{
	const char *listen = options->listen ? options->listen[0] : NULL;
	bool any = listen == NULL || strcmp(listen, "0.0.0.0") == 0 ||
		   strcmp(listen, "::") == 0;

	if (announce_is_only_local(options))
		snprintf(host, size, "localhost");
	else if (!any)
		snprintf(host, size, strchr(listen, ':') ? "[%s]" : "%s",
			listen);
	else if (gethostname(host, size) < 0)
		snprintf(host, size, "localhost");
	host[size - 1] = '\0';
}

/* Inside one machine a browser trusts plain http, and asks nothing; from
 * elsewhere the password would travel in the open. */
static bool prefers_https(const struct server *server)
{
	const struct options *options = server->options;

	return server->tls != NULL &&
	       (!announce_is_only_local(options) || options->tls_only ||
		       !tls_context_is_self_signed(server->tls));
}

static void announce_certificate(const struct server *server, FILE *out)
{
	char text[TLS_CONTEXT_FINGERPRINT_BYTES];

	if (server->tls == NULL)
		return;
	tls_context_fingerprint(server->tls, text);
	fprintf(out, "%s certificate, SHA-256 %s\n",
		tls_context_is_self_signed(server->tls)
			? "Browsers ask once about the self-signed"
			: "TLS",
		text);
}

static void announce_relay(
	const struct server *server, const char *host, FILE *out)
{
	const struct relay_desk *desk = &server->relay_desk;
	char where[RELAY_TARGET_TEXT_BYTES];

	relay_target_format(&desk->target, where);
	if (relay_desk_has_tokens(desk))
		fprintf(out,
			"Relays %s://%s:%d/websockify?token=NAME as %s says\n",
			prefers_https(server) ? "wss" : "ws", host,
			server->listener.port, desk->tokens.place);
	else
		fprintf(out, "Relays %s:%d to %s\n", host,
			server->listener.port, where);
}

/* The fragment never leaves the browser, so no log can keep it. */
static void announce_share(const struct server *server,
	const struct share *share, const char *host, FILE *out)
{
	const char *password =
		share->password_is_invented ? share->passwords.full : "";
	bool named = share->name != NULL;

	fprintf(out, "Open %s://%s:%d/%s%s%s%s%s\n",
		prefers_https(server) ? "https" : "http", host,
		server->listener.port, named ? "d/" : "",
		named ? share->name : "", named ? "/" : "",
		password[0] != '\0' ? "#password=" : "", password);
}

/* Of several, viewers get the first one at the port of all. */
static void announce_viewer(
	const struct share *share, int port, const char *host, FILE *out)
{
	const char *password =
		share->password_is_invented ? share->passwords.full : "";

	fprintf(out, "or point a VNC viewer at %s::%d%s%s", host, port,
		password[0] != '\0' ? ", password " : "", password);
	if (share->name != NULL)
		fprintf(out, " (%s)", share->name);
	fprintf(out, "\n");
}

static void announce_addresses(const struct server *server, FILE *out)
{
	const struct share *share = server->shares;
	char host[256];

	host_for_url(server->options, host, sizeof(host));
	if (share == NULL) {
		announce_relay(server, host, out);
		return;
	}
	for (; share != NULL; share = share->next)
		announce_share(server, share, host, out);
	announce_viewer(server->shares, server->listener.port, host, out);
}

/* Ports of their own, with or without that of all. */
static void announce_own_ports(const struct server *server, FILE *out)
{
	const struct share *share = server->shares;
	char host[256];

	host_for_url(server->options, host, sizeof(host));
	for (; share != NULL; share = share->next) {
		if (share->listener.port == 0)
			continue;
		fprintf(out, "DESKTOP=%s PORT=%d\n", share->name,
			share->listener.port);
		announce_viewer(share, share->listener.port, host, out);
	}
}

/* A port of nobody's is of no danger. */
static void warn_open(const struct server *server)
{
	const struct share *share = server->shares;

	if (announce_is_only_local(server->options))
		return;
	for (; share != NULL; share = share->next) {
		int port = server->listener.port > 0 ? server->listener.port
						     : share->listener.port;

		if (share->options->no_password && port > 0)
			log_warning(
				"-nopw: anybody who reaches port %d can see "
				"%s%s%s; -localhost keeps others out",
				port,
				share->options->view_only ? "" : "and control ",
				share->name != NULL ? "the desktop "
						    : "this desktop",
				share->name != NULL ? share->name : "");
	}
}

void announce(const struct server *server)
{
	const struct options *options = server->options;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		return;
	if (server->listener.port > 0) {
		fprintf(out, "PORT=%d\n", server->listener.port);
		announce_addresses(server, out);
		announce_certificate(server, out);
	}
	if (options->local_socket != NULL)
		fprintf(out, "SOCKET=%s\n", options->local_socket);
	announce_own_ports(server, out);
	fclose(out);
	standard_streams_print(text, length);
	free(text);
	warn_open(server);
}
