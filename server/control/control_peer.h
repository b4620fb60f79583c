/* control_peer.h - a program that speaks to the control socket.
 *
 * Each line is a request, each is answered by a line; events come in between
 * where it asked for them. One that sends more than a line may be long, or does
 * not read what it is told, is cut: it is never waited for.
 *
 * Owner:   server->control's list; frees itself when its socket has closed.
 * Threads: the loop thread.
 */
#ifndef SERVER_CONTROL_CONTROL_PEER_H
#define SERVER_CONTROL_CONTROL_PEER_H

#include <jansson.h>
#include <stdbool.h>
#include <uv.h>

#include "base/buffer.h"

struct server;

struct control_peer {
	struct control_peer *next; /* server->control.peers */
	struct server *server;
	uv_pipe_t pipe;
	struct buffer input;
	unsigned events; /* it wants, see control_event.h */
	bool closing;
};

/* One that waits at `listening` and may come in; others are closed. */
void control_peer_accept(struct server *server, uv_stream_t *listening);
/* Cuts it. */
void control_peer_close(struct control_peer *peer);

/* Takes the object. */
void control_peer_send(struct control_peer *peer, json_t *object);

#endif
