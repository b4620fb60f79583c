/* layer.h - one layer of a connection: bytes are pushed up by receive, pushed
 * down by send; a layer knows no neighbour.
 *
 *     viewer | web_page | sniffer      top: consumes bytes
 *     websocket, tls                   middle: each may be there or not
 *     connection                       bottom: the socket
 *
 * Owner:   the connection owns its layers, from connection_push() or
 *          connection_insert() on, and destroys them when it is freed: nothing
 *          is freed inside a callback.
 * Threads: the loop thread.
 */
#ifndef SERVER_LAYER_H
#define SERVER_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;
struct layer;

struct layer_ops {
	const char *name; /* in the log: "tcp+tls+websocket+rfb" */
	bool encrypts, is_websocket;
	/* Bytes from below; may be overwritten. */
	void (*receive)(struct layer *layer, uint8_t *bytes, size_t length);
	/* Bytes from above; middle layers only. */
	void (*send)(struct layer *layer, const void *bytes, size_t length);
	/* Where all bytes from below are sent, as they are: the layer that
	 * would send them. NULL: nowhere, or not now. */
	struct layer *(*onward)(struct layer *layer);
	/* Sends what stands before so many bytes that come from elsewhere, not
	 * more than can be read at once. NULL: they have to be sent. */
	void (*announce)(struct layer *layer, size_t length);
	/* What is below can carry bytes now (it was put on an open socket, or
	 * TLS has shaken hands). NULL: does not care. */
	void (*ready)(struct layer *layer);
	/* Everything sent has left. NULL: does not care. */
	void (*drained)(struct layer *layer);
	/* What was sent does not leave at once; `drained` will come. Told to
	 * the top layer. NULL: does not care. */
	void (*stuck)(struct layer *layer);
	/* The peer will say no more, and it is the top layer's to end the
	 * connection: true. False, or NULL: it ends now. */
	bool (*ended)(struct layer *layer);
	/* The time to log in is over: what the peer, or somebody else, still
	 * owed this layer, for the log; a literal. NULL returned, or no such
	 * function: nothing. The lowest layer that says something is believed:
	 * what is above had to wait for that. */
	const char *(*overdue)(const struct layer *layer);
	/* The connection's tick, see connection_set_tick(). NULL: none. */
	void (*tick)(struct layer *layer);
	/* The connection is about to end: say good-bye on the wire. `code` is
	 * an enum websocket_code. NULL: nothing to say. */
	void (*finish)(struct layer *layer, int code, const char *reason);
	/* The connection ends or has broken; nothing can be sent any more.
	 * Called once. NULL: does not care. */
	void (*gone)(struct layer *layer);
	void (*destroy)(struct layer *layer);
	/* Keep reading from the socket while output waits. Where replies are
	 * larger than requests this must be false. */
	bool reads_while_output_waits;
};

struct layer {
	const struct layer_ops *ops;
	struct layer *above, *below; /* NULL: none; below all is the socket */
	struct connection *connection;
};

void layer_send_down(struct layer *layer, const void *bytes, size_t length);
void layer_receive_up(struct layer *layer, uint8_t *bytes, size_t length);

#endif
