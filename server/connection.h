/* connection.h - one accepted socket and the layers on it.
 *
 * Owner:   connection_accept() makes it; it frees itself when its handles have
 *          closed and no job of its viewer runs (connection_consider_free).
 *          connection_close() and connection_finish() only mark.
 * Threads: the loop thread.
 */
#ifndef SERVER_CONNECTION_H
#define SERVER_CONNECTION_H

#include <uv.h>

#include "server/access/address_book.h"
#include "server/layer.h"
#include "server/rate.h"
#include "server/outbox.h"

struct server;
struct share;

enum connection_state {
	CONNECTION_OPEN,
	CONNECTION_ENDING, /* the last bytes are on their way out */
	CONNECTION_CLOSED,
};

struct connection {
	struct server *server;
	struct share *share; /* whose port it came to; NULL: it says which */
	struct connection *previous, *next; /* server->connections */
	unsigned long number;               /* in the log: #7 */
	struct address peer;   /* as a trusted proxy tells it, else `via` */
	struct address via;    /* of the socket */
	bool has_proxy_header; /* which told it */
	bool behind_https;     /* a trusted proxy was asked by https */
	int peer_port;         /* -1 where there is none, or a proxy's */
	char peer_text[64];
	uint64_t opened_ms;
	uint64_t received_bytes, sent_bytes;
	enum connection_state state;
	bool logged_in; /* no longer counts as waiting */
	bool is_sole;   /* the server ends with it */
	bool refused;   /* its address may not connect */

	int fd;
	uv_poll_t poll;
	int poll_error;  /* of libuv, which does not watch it; 0: it does */
	int poll_events; /* as last started */
	uv_timer_t tick, deadline;
	const char *deadline_reason;
	uv_timer_t patience;  /* with a viewer that does not read */
	uint64_t taken_bytes; /* by its side, when that began */
	int handles;          /* not yet closed */
	unsigned jobs;        /* on workers, see connection_hold() */

	struct layer *top, *bottom;
	struct layer *retired; /* replaced; chained by `above` */
	struct outbox out;
	bool busy; /* something sent has not left yet */
	bool reading_paused;
	size_t read_bytes; /* at once, see read_some() */
	struct rate rate;  /* -maxrate */
	bool paced;        /* what waits, waits for that; see pace.h */
	bool flush_wanted;
	bool deaf;        /* what the peer still says is of no use to anybody */
	bool ends_output; /* our FIN is to be sent */
	bool shut_down;   /* it is */
	bool peer_ended;  /* its FIN has come */
};

/* Each takes the descriptor. The sniffer is the first layer of one that came
 * to us, a viewer the only one of one that we went to. */
void connection_accept(struct server *server, struct share *share, int fd,
	const struct sockaddr *peer);
/* The server ends with it. */
void connection_accept_sole(struct server *server, int fd);
/* `may_wait`: behind a repeater, where a viewer may come much later. */
void connection_reach(struct server *server, int fd,
	const struct sockaddr *peer, bool may_wait);

/* A way from here to somewhere, that is nobody's visit. */
void connection_go(struct server *server, int fd, const struct sockaddr *peer,
	struct layer *top, bool by_tls);

/* A trusted proxy has told whom it speaks for. */
void connection_set_peer(
	struct connection *connection, const struct address *peer);
/* A trusted proxy that has not told so, or speaks for itself. */
bool connection_is_proxys_own(const struct connection *connection);

/* Layers. Both take the layer; connection_replace_top() retires the old one. */
void connection_push(struct connection *connection, struct layer *layer);
void connection_replace_top(struct connection *connection, struct layer *layer);
/* Puts `layer` directly below `above`. */
void connection_insert_below(struct connection *connection, struct layer *above,
	struct layer *layer);

/* Appends to the output; it leaves before the loop sleeps. */
void connection_send(
	struct connection *connection, const void *bytes, size_t length);
/* The same for a message with pixels lent by frames in it, which takes both:
 * for the bottom layer alone. */
void connection_send_lent(struct connection *connection, struct buffer *bytes,
	struct loan_list *loans);
/* Frames are wanted back: what still waits of lent pixels is copied. False
 * where nothing was lent. */
bool connection_settle(struct connection *connection);
/* Whether its socket is left alone until what was read has been used up. */
void connection_pause_reading(struct connection *connection, bool pause);
/* Called by the server before the loop sleeps. */
void connection_flush(struct connection *connection);

/* Sends what waits and then FIN, and goes on reading: for TCP alone. */
void connection_end_output(struct connection *connection);

/* Sends what waits and the layers' good-byes, then closes. */
void connection_finish(
	struct connection *connection, int code, const char *reason);
/* Closes now. */
void connection_close(struct connection *connection, const char *reason);

/* Calls each layer's `tick` every interval; 0 stops. */
void connection_set_tick(struct connection *connection, unsigned interval_ms);
/* Ends the connection after so long, unless set again; 0 means never. The
 * reason is a literal; NULL: its layers say it when the time is over. */
void connection_set_deadline(
	struct connection *connection, unsigned after_ms, const char *reason);

/* The time that a peer has until it has logged in, from now on. */
void connection_await_login(struct connection *connection);

/* Counts jobs that still use a layer. */
void connection_hold(struct connection *connection);
void connection_release(struct connection *connection);

/* "tcp+tls+websocket+rfb" into `text`. */
void connection_describe(
	const struct connection *connection, char *text, size_t size);

#endif
