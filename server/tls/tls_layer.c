#include "server/tls/tls_layer.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/connection_io.h"
#include "server/server.h"
#include "server/tls/client_certificate.h"
#include "server/tls/tls_identity.h"
#include "websocket/websocket.h"

struct tls_layer {
	struct layer layer;
	struct tls_identity *identity; /* outlives the files it came from */
	gnutls_session_t session;
	struct buffer input; /* ciphertext not yet taken by GnuTLS */
	bool shaken;         /* the handshake is complete */
	bool browser;
	struct tls_context *context;                  /* NULL: a client's */
	gnutls_certificate_credentials_t credentials; /* a client's */
	struct handshake_work_item work; /* a step of the handshake */
	char *refusal, *client_name; /* of the peer's certificate, or NULL */
};

enum {
	/* More than a peer's hello and its chain of certificates. */
	MOST_HANDSHAKE_BYTES = 65536,
	MOST_WAITING_BYTES = 2 * MOST_HANDSHAKE_BYTES,
};

static ssize_t pull(gnutls_transport_ptr_t context, void *to, size_t room)
{
	struct tls_layer *tls = context;
	size_t length = buffer_length(&tls->input);

	if (length == 0) {
		gnutls_transport_set_errno(tls->session, EAGAIN);
		return -1;
	}
	if (length > room)
		length = room;
	memcpy(to, buffer_bytes(&tls->input), length);
	buffer_consume(&tls->input, length);
	return (ssize_t)length;
}

static ssize_t push(
	gnutls_transport_ptr_t context, const void *bytes, size_t length)
{
	struct tls_layer *tls = context;

	layer_send_down(&tls->layer, bytes, length);
	return (ssize_t)length;
}

static int pull_timeout(gnutls_transport_ptr_t context, unsigned ms)
{
	struct tls_layer *tls = context;

	(void)ms;
	return buffer_length(&tls->input) > 0;
}

static void fail(struct tls_layer *tls, const char *when, int status)
{
	char reason[360];

	if (status == GNUTLS_E_NO_CERTIFICATE_FOUND ||
		status == GNUTLS_E_CERTIFICATE_REQUIRED)
		tls->refusal =
			xstrdup("the peer showed no certificate "
				"(-sslverify)");
	snprintf(reason, sizeof(reason), "TLS %s: %s", when,
		tls->refusal ? tls->refusal : gnutls_strerror(status));
	connection_finish(
		tls->layer.connection, WEBSOCKET_PROTOCOL_ERROR, reason);
}

static void shake_hands(struct tls_layer *tls)
{
	gnutls_datum_t protocol;
	int status = gnutls_handshake(tls->session);

	if (status == GNUTLS_E_AGAIN || status == GNUTLS_E_INTERRUPTED)
		return;
	if (status < 0 && !gnutls_error_is_fatal(status))
		return; /* a warning alert; the next bytes go on */
	if (status < 0) {
		gnutls_alert_send_appropriate(tls->session, status);
		fail(tls, "handshake", status);
		return;
	}
	tls->shaken = true;
	if (tls->client_name != NULL)
		log_info("#%lu %s shows the certificate of '%s'",
			tls->layer.connection->number,
			tls->layer.connection->peer_text, tls->client_name);
	tls->browser =
		gnutls_alpn_get_selected_protocol(tls->session, &protocol) == 0;
	if (tls->layer.above->ops->ready != NULL)
		tls->layer.above->ops->ready(tls->layer.above);
}

static void read_records(struct tls_layer *tls)
{
	uint8_t plain[16384];

	while (tls->layer.connection->state == CONNECTION_OPEN) {
		size_t before = buffer_length(&tls->input);
		ssize_t got =
			gnutls_record_recv(tls->session, plain, sizeof(plain));

		if (got > 0) {
			layer_receive_up(&tls->layer, plain, (size_t)got);
			explicit_bzero(plain, (size_t)got); /* passwords */
			continue;
		}
		/* Behind a server's ticket there may be more. */
		if (got == GNUTLS_E_AGAIN &&
			buffer_length(&tls->input) != before)
			continue;
		if (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED)
			return;
		if (got == 0)
			connection_finish(tls->layer.connection,
				WEBSOCKET_NORMAL, "the peer closed TLS");
		else if (gnutls_error_is_fatal((int)got) ||
			 got == GNUTLS_E_REHANDSHAKE)
			fail(tls, "record", (int)got);
	}
}

/* The handshake's turn has come. */
static void run(struct handshake_work_item *item)
{
	struct tls_layer *tls =
		(struct tls_layer *)((char *)item -
				     offsetof(struct tls_layer, work));
	struct connection *connection = tls->layer.connection;

	if (connection->state != CONNECTION_OPEN)
		return;
	shake_hands(tls);
	if (tls->shaken)
		read_records(tls);
	if (connection->state != CONNECTION_CLOSED)
		connection_update_poll(connection);
}

/* Of a client; a server signs, which is dear, and waits for its turn. */
static void shake_hands_now(struct tls_layer *tls)
{
	shake_hands(tls);
	if (tls->shaken)
		read_records(tls);
}

static void receive(struct layer *layer, uint8_t *bytes, size_t length)
{
	struct tls_layer *tls = (struct tls_layer *)layer;

	buffer_append(&tls->input, bytes, length);
	if (tls->input.failed) {
		connection_close(layer->connection, "no memory for TLS input");
		return;
	}
	if (tls->shaken)
		read_records(tls);
	else if (buffer_length(&tls->input) > MOST_WAITING_BYTES)
		connection_close(layer->connection,
			"sent too much before TLS was there");
	else if (tls->context == NULL)
		shake_hands_now(tls);
	else
		handshake_work_add(
			&layer->connection->server->handshake_work, &tls->work);
}

static void send_plain(struct layer *layer, const void *bytes, size_t length)
{
	struct tls_layer *tls = (struct tls_layer *)layer;
	const uint8_t *next = bytes;

	while (length > 0) {
		ssize_t sent = gnutls_record_send(tls->session, next, length);

		if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
			continue; /* push() never waits */
		if (sent < 0) {
			connection_close(
				layer->connection, gnutls_strerror((int)sent));
			return;
		}
		next += sent;
		length -= (size_t)sent;
	}
}

static void drained(struct layer *layer)
{
	if (layer->above->ops->drained != NULL)
		layer->above->ops->drained(layer->above);
}

static void finish(struct layer *layer, int code, const char *reason)
{
	struct tls_layer *tls = (struct tls_layer *)layer;

	(void)code;
	(void)reason;
	if (tls->shaken)
		gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}

static void gone(struct layer *layer)
{
	struct tls_layer *tls = (struct tls_layer *)layer;

	if (tls->context != NULL)
		handshake_work_remove(
			&layer->connection->server->handshake_work, &tls->work);
}

static void destroy(struct layer *layer)
{
	struct tls_layer *tls = (struct tls_layer *)layer;

	gnutls_deinit(tls->session);
	if (tls->context != NULL)
		tls_identity_unref(tls->identity);
	else
		gnutls_certificate_free_credentials(tls->credentials);
	buffer_finish(&tls->input);
	free(tls->refusal);
	free(tls->client_name);
	free(tls);
}

static const char *overdue(const struct layer *layer)
{
	const struct tls_layer *tls = (const struct tls_layer *)layer;

	return tls->shaken ? NULL : "no whole TLS handshake in time";
}

static const struct layer_ops tls_ops = {
	.name = "tls",
	.encrypts = true,
	.receive = receive,
	.send = send_plain,
	.drained = drained,
	.overdue = overdue,
	.finish = finish,
	.gone = gone,
	.destroy = destroy,
};

static int verify_client(gnutls_session_t session)
{
	struct tls_layer *tls = gnutls_session_get_ptr(session);

	tls->refusal = client_certificate_refusal(session,
		tls_context_client_names(tls->context), &tls->client_name);
	return tls->refusal != NULL ? GNUTLS_E_CERTIFICATE_ERROR : 0;
}

static void set_transport(struct tls_layer *tls)
{
	gnutls_session_set_ptr(tls->session, tls);
	gnutls_handshake_set_max_packet_length(
		tls->session, MOST_HANDSHAKE_BYTES);
	gnutls_handshake_set_timeout(tls->session, 0); /* ours is stricter */
	gnutls_transport_set_ptr(tls->session, tls);
	gnutls_transport_set_push_function(tls->session, push);
	gnutls_transport_set_pull_function(tls->session, pull);
	gnutls_transport_set_pull_timeout_function(tls->session, pull_timeout);
}

static bool set_up(
	struct tls_layer *tls, struct tls_context *context, enum tls_kind kind)
{
	static const gnutls_datum_t http = { (unsigned char *)"http/1.1", 8 };

	if (gnutls_init(&tls->session,
		    GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return false;
	tls_context_equip(context, kind, tls->session, tls->identity);
	if (tls_context_asks_clients(context))
		gnutls_session_set_verify_function(tls->session, verify_client);
	gnutls_alpn_set_protocols(tls->session, &http, 1, 0);
	set_transport(tls);
	return true;
}

static void begin_as_client(struct layer *layer)
{
	shake_hands((struct tls_layer *)layer);
}

static const struct layer_ops tls_client_ops = {
	.name = "tls",
	.encrypts = true,
	.receive = receive,
	.send = send_plain,
	.ready = begin_as_client,
	.drained = drained,
	.overdue = overdue,
	.finish = finish,
	.gone = gone,
	.destroy = destroy,
};

static bool set_up_client(struct tls_layer *tls)
{
	if (gnutls_init(&tls->session,
		    GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return false;
	set_transport(tls);
	return gnutls_certificate_allocate_credentials(&tls->credentials) >=
		       0 &&
	       gnutls_set_default_priority(tls->session) >= 0 &&
	       gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE,
		       tls->credentials) >= 0;
}

struct layer *tls_layer_create_client(void)
{
	struct tls_layer *tls = xcalloc(1, sizeof(*tls));

	tls->layer.ops = &tls_client_ops;
	if (!set_up_client(tls)) {
		log_error("TLS: there is no client's session to be had");
		abort();
	}
	return &tls->layer;
}

struct layer *tls_layer_create(struct tls_context *context, enum tls_kind kind)
{
	struct tls_layer *tls = xcalloc(1, sizeof(*tls));

	tls->layer.ops = &tls_ops;
	tls->context = context;
	tls->work.run = run;
	tls->identity = tls_identity_ref(tls_context_identity(context));
	if (!tls_context_offers(context, kind) || !set_up(tls, context, kind)) {
		tls_identity_unref(tls->identity);
		free(tls);
		return NULL;
	}
	return &tls->layer;
}

bool tls_layer_is_browser(const struct layer *layer)
{
	return ((const struct tls_layer *)layer)->browser;
}

bool tls_layer_server_name(const struct layer *layer, char *name, size_t size)
{
	const struct tls_layer *tls = (const struct tls_layer *)layer;
	size_t length = size;
	unsigned type;

	if (gnutls_server_name_get(tls->session, name, &length, &type, 0) !=
			GNUTLS_E_SUCCESS ||
		type != GNUTLS_NAME_DNS || length >= size ||
		memchr(name, '\0', length) != NULL)
		return false;
	name[length] = '\0';
	return length > 0;
}
