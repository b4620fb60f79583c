/* websocket.h - the server's side of RFC 6455, as bytes.
 *
 * To the layer above it is a byte stream: message borders mean nothing (CLIENTS
 * rule 7). Text messages are refused (1003). No extension is negotiated.
 *
 * Owner:   websocket_create() gives, websocket_destroy() frees; never from
 *          inside a callback.
 * Threads: the loop thread.
 */
#ifndef WEBSOCKET_WEBSOCKET_H
#define WEBSOCKET_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum websocket_code {
	WEBSOCKET_NORMAL = 1000,
	WEBSOCKET_GOING_AWAY = 1001,
	WEBSOCKET_PROTOCOL_ERROR = 1002,
	WEBSOCKET_UNSUPPORTED = 1003,
	WEBSOCKET_INVALID_DATA = 1007,
	WEBSOCKET_TOO_BIG = 1009,
	WEBSOCKET_SERVER_ERROR = 1011,
};

struct websocket_host {
	/* Borrowed bytes for the peer. */
	void (*send)(void *context, const void *bytes, size_t length);
	/* Payload from the peer, unmasked, as soon as it comes: a frame is not
	 * collected first, but of those that came together the payload is one
	 * piece. Borrowed. */
	void (*receive)(void *context, const uint8_t *bytes, size_t length);
	/* The conversation is over: our close frame has been handed to `send`
	 * (or the peer's was echoed). Close once sent. `reason` says who and
	 * why for the log, borrowed. Told once. */
	void (*closed)(void *context, int code, const char *reason);
};

struct websocket;

struct websocket *websocket_create(
	const struct websocket_host *host, void *context);
void websocket_destroy(struct websocket *websocket);

/* Unmasks in place, which also closes the gaps of the headers: the bytes are
 * the caller's but are written. */
void websocket_receive(
	struct websocket *websocket, uint8_t *bytes, size_t length);
/* Binary messages of a MiB at most, each in one frame: a browser keeps a
 * message until it is whole, and noVNC's queue ends at 40 MiB. Nothing after a
 * close. */
void websocket_send(
	struct websocket *websocket, const void *bytes, size_t length);
/* The header of one binary message alone, whose bytes the caller brings to the
 * peer himself: up to a MiB. Not after a close. */
void websocket_announce(struct websocket *websocket, size_t length);
/* Sends a close frame and tells `closed`. */
void websocket_close(struct websocket *websocket, int code, const char *reason);
/* Call every 25 s: sends a PING. After three without any byte from the peer
 * it closes and tells `closed`. While output waits (websocket_set_busy()) it
 * does nothing: the PING would wait behind it, and a peer that does not read
 * is the server's to cut. */
void websocket_tick(struct websocket *websocket);
/* PONGs are answered at once while the output is empty; while it is not, only
 * the newest PING is remembered (RFC 6455 section 5.5.3) and answered here. */
void websocket_drained(struct websocket *websocket);
void websocket_set_busy(struct websocket *websocket, bool output_waits);

#endif
