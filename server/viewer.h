/* viewer.h - the top layer of a connection that speaks RFB: an rfb/ session and
 * its surroundings.
 *
 * Owner:   the connection. server->viewers links those that are logged in and
 *          not gone.
 * Threads: the loop thread; its update is encoded on a worker.
 */
#ifndef SERVER_VIEWER_H
#define SERVER_VIEWER_H

#include <stdbool.h>
#include <uv.h>

#include "rfb/session.h"
#include "server/layer.h"

struct server;

struct viewer {
	struct layer layer;
	struct server *server;
	struct session *session;
	struct viewer *previous, *next; /* server->viewers */
	bool listed;
	uv_work_t work;
	struct update *update; /* on a worker; NULL: none */
};

struct layer *viewer_create(struct server *server);

/* It wants a picture and can take one now. */
bool viewer_is_ready(const struct viewer *viewer);
/* Begins its next update, if there is anything to send. */
void viewer_start_update(struct viewer *viewer, struct frame *frame);
/* Begins to send losslessly what it has only nearly and what is quiet. */
void viewer_start_refresh(struct viewer *viewer, struct frame *frame);

#endif
