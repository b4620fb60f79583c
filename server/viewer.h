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

enum { VIEWER_MOST_WORKS = 8 };

/* One part of its update, on a worker. */
struct viewer_work {
	uv_work_t work;
	struct viewer *viewer;
	int part;
};

struct viewer {
	struct layer layer;
	struct server *server;
	struct session *session;
	struct viewer *previous, *next; /* server->viewers */
	bool listed;
	struct update *update; /* on workers; NULL: none */
	struct viewer_work works[VIEWER_MOST_WORKS];
	int working; /* of them */
};

struct layer *viewer_create(struct server *server);

/* It wants a picture and can take one now. */
bool viewer_is_ready(const struct viewer *viewer);
/* Begins its next update, if there is anything to send. */
void viewer_start_update(struct viewer *viewer, struct frame *frame);
/* Begins to send losslessly what it has only nearly and what is quiet. */
void viewer_start_refresh(struct viewer *viewer, struct frame *frame);

#endif
