#include "server/sniffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/connection_io.h"
#include "server/server.h"
#include "server/sniff.h"
#include "server/proxy/proxy_layer.h"
#include "server/relay/guide.h"
#include "server/tls/tls_layer.h"
#include "server/web_page.h"

enum {
	/* Longer than the longest opening in sniff.c: the rest of a chunk is
	 * passed on, not collected. */
	MOST_OPENING_BYTES = 16,
	/* A browser opens spare connections while it loads a page. So a silent
	 * one is taken for that for so long after the last request of its
	 * address, longer while one of its HTTP connections is open; */
	HTTP_MEMORY_MS = 5000,
	HTTP_OPEN_MEMORY_MS = 15000,
	/* but not for ever: a viewer beside the browser waits for us. */
	HTTP_SILENCE_MS = 10000,
	AGAIN_MS = 250, /* to look again, where no wait is configured */
};

struct sniffer {
	struct layer layer;
	struct server *server;
	uint8_t opening[MOST_OPENING_BYTES];
	size_t length;
	bool inside_tls, browser; /* by ALPN */
	uint64_t ready_ms;
};

/* -only: "tls" allows every kind inside TLS, and TLS itself is never
 * forbidden: what is inside decides. */
static bool kind_is_allowed(const struct sniffer *sniffer, const char *kind)
{
	const char *only = sniffer->server->options->port_kind;

	if (only == NULL || strcmp(only, kind) == 0)
		return true;
	return strcmp(only, "tls") == 0 && sniffer->inside_tls;
}

static bool refuse_address(struct connection *connection)
{
	if (door_admits(&connection->server->door, &connection->peer))
		return false;
	connection->refused = true;
	metrics_add(&connection->server->metrics, METRICS_REFUSED_ADDRESS, 1);
	connection_close(connection,
		"this address may not connect (-allow, -HostsFile)");
	return true;
}

static void become_viewer(struct sniffer *sniffer)
{
	struct connection *connection = sniffer->layer.connection;

	if (connection_is_proxys_own(connection) && refuse_address(connection))
		return;
	if (!kind_is_allowed(sniffer, "rfb")) {
		connection_close(connection, "RFB is not served here (-only)");
		return;
	}
	connection_set_tick(connection, 0);
	address_book_spoke_rfb(&sniffer->server->addresses, &connection->peer);
	connection_replace_top(
		connection, guide_create(sniffer->server, connection->share));
	connection->top->ops->ready(connection->top);
}

static void become_page(struct sniffer *sniffer)
{
	struct connection *connection = sniffer->layer.connection;

	if (!kind_is_allowed(sniffer, "http")) {
		connection_close(connection, "HTTP is not served here (-only)");
		return;
	}
	/* A proxy opens no spare connections, and others may be beside it. */
	if (!connection_is_proxys_own(connection))
		address_book_spoke_http(
			&sniffer->server->addresses, &connection->peer);
	connection_replace_top(connection,
		web_page_create(sniffer->server, sniffer->inside_tls));
	connection->top->ops->ready(connection->top);
}

static void become_proxy_reader(struct sniffer *sniffer)
{
	struct connection *connection = sniffer->layer.connection;

	if (connection->has_proxy_header || sniffer->inside_tls ||
		!connection_is_proxys_own(connection)) {
		connection_close(connection,
			connection->has_proxy_header || sniffer->inside_tls
				? "a PROXY header in the wrong place"
				: "a PROXY header from an address that "
				  "-trustproxy does not name");
		return;
	}
	connection_set_tick(connection, 0);
	connection_replace_top(connection, proxy_layer_create(sniffer->server));
}

static bool start_tls(struct sniffer *sniffer)
{
	struct connection *connection = sniffer->layer.connection;
	struct layer *tls;

	if (sniffer->inside_tls || sniffer->server->tls == NULL) {
		connection_close(connection,
			sniffer->inside_tls
				? "TLS inside TLS"
				: "TLS asked for, but there is no -cert");
		return false;
	}
	connection_set_tick(connection, 0);
	tls = tls_layer_create(sniffer->server->tls, TLS_X509);
	if (tls == NULL) {
		connection_close(connection, "cannot begin TLS");
		return false;
	}
	sniffer->inside_tls = true;
	connection_insert_below(connection, &sniffer->layer, tls);
	return true;
}

/* Hands the bytes looked at so far, and then the rest, to a layer. */
static void pass_on(
	struct sniffer *sniffer, struct layer *to, uint8_t *rest, size_t length)
{
	struct connection *connection = sniffer->layer.connection;
	uint8_t opening[MOST_OPENING_BYTES];
	size_t count = sniffer->length;

	memcpy(opening, sniffer->opening, count);
	sniffer->length = 0;
	if (connection->state == CONNECTION_OPEN)
		to->ops->receive(to, opening, count);
	/* Those bytes may have changed the layers, never removed `to`'s. */
	if (connection->state == CONNECTION_OPEN && length > 0)
		to->ops->receive(to, rest, length);
}

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct sniffer *sniffer = (struct sniffer *)layer;
	struct connection *connection = layer->connection;
	size_t take = sizeof(sniffer->opening) - sniffer->length;

	if (take > length)
		take = length;
	memcpy(sniffer->opening + sniffer->length, bytes, take);
	sniffer->length += take;
	bytes += take;
	length -= take;
	switch (sniff(sniffer->opening, sniffer->length)) {
	case SNIFF_MORE:
		return;
	case SNIFF_UNKNOWN:
		connection_close(
			connection, "speaks neither RFB, HTTP nor TLS");
		return;
	case SNIFF_TLS:
		if (start_tls(sniffer))
			pass_on(sniffer, layer->below, bytes, length);
		return;
	case SNIFF_PROXY:
		become_proxy_reader(sniffer);
		break;
	case SNIFF_HTTP:
		become_page(sniffer);
		break;
	case SNIFF_RFB:
		become_viewer(sniffer);
		break;
	}
	pass_on(sniffer, connection->top, bytes, length);
}

static unsigned silence_ms(const struct sniffer *sniffer)
{
	const struct address_entry *entry = address_book_find(
		&sniffer->server->addresses, &sniffer->layer.connection->peer);
	unsigned wait = (unsigned)sniffer->server->options->sniff_wait_ms;

	if (entry != NULL && entry->rfb_ms > entry->http_ms)
		return wait / 4;
	/* A browser's first bytes came within 17 ms here (CLIENTS rule 1), and
	 * on one machine no packet is lost. */
	if (address_is_loopback(&sniffer->layer.connection->peer))
		return wait * 2 / 5;
	return wait;
}

static bool has_page_open(
	const struct server *server, const struct address *address)
{
	const struct connection *connection = server->connections;

	for (; connection != NULL; connection = connection->next)
		if (connection->state == CONNECTION_OPEN &&
			web_page_is(connection->top) &&
			address_equal(&connection->peer, address))
			return true;
	return false;
}

/* Whether a silent peer is more likely a browser's spare connection. */
static bool waits_like_a_browser(const struct sniffer *sniffer)
{
	const struct server *server = sniffer->server;
	const struct address *peer = &sniffer->layer.connection->peer;
	const struct address_entry *entry =
		address_book_find(&server->addresses, peer);
	uint64_t now = clock_ms();

	if (sniffer->inside_tls)
		return sniffer->browser;
	if (entry == NULL || entry->http_ms <= entry->rfb_ms ||
		now - sniffer->ready_ms >= HTTP_SILENCE_MS)
		return false;
	return now - entry->http_ms < (has_page_open(server, peer)
						      ? HTTP_OPEN_MEMORY_MS
						      : HTTP_MEMORY_MS);
}

/* Silence lasts long enough to mean RFB, where RFB may be meant. */
static void tick(struct layer *layer)
{
	struct sniffer *sniffer = (struct sniffer *)layer;

	/* After a long turn the timers run before what has come is read. */
	if (sniffer->length == 0 && kind_is_allowed(sniffer, "rfb") &&
		!waits_like_a_browser(sniffer) &&
		!connection_has_unread(layer->connection))
		become_viewer(sniffer);
}

/* Called for the bare socket, and again when TLS has shaken hands. */
static void ready(struct layer *layer)
{
	struct sniffer *sniffer = (struct sniffer *)layer;
	const char *only = sniffer->server->options->port_kind;
	unsigned wait = silence_ms(sniffer);

	/* Whom a proxy speaks for it tells later. */
	if (!connection_is_proxys_own(layer->connection) &&
		refuse_address(layer->connection))
		return;
	sniffer->ready_ms = clock_ms();
	if (sniffer->inside_tls)
		sniffer->browser = tls_layer_is_browser(layer->below);
	if (only != NULL && strcmp(only, "rfb") == 0)
		wait = 0;
	if (wait == 0 && !sniffer->browser && kind_is_allowed(sniffer, "rfb"))
		become_viewer(sniffer);
	else
		connection_set_tick(layer->connection, wait ? wait : AGAIN_MS);
}

static const char *overdue(const struct layer *layer)
{
	const struct sniffer *sniffer = (const struct sniffer *)layer;

	return sniffer->length == 0 ? "said nothing in time"
				    : "did not say in time what it speaks";
}

static void destroy(struct layer *layer)
{
	free(layer);
}

static const struct layer_ops sniffer_ops = {
	.name = "sniffing",
	.receive = receive,
	.ready = ready,
	.overdue = overdue,
	.tick = tick,
	.destroy = destroy,
	.reads_while_output_waits = true,
};

struct layer *sniffer_create(struct server *server)
{
	struct sniffer *sniffer = xcalloc(1, sizeof(*sniffer));

	sniffer->layer.ops = &sniffer_ops;
	sniffer->server = server;
	return &sniffer->layer;
}
