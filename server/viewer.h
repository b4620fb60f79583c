/* viewer.h - the top layer of a connection that speaks RFB: an rfb/ session and
 * its surroundings.
 *
 * Owner:   the connection. share->viewers links those that are logged in and
 *          not gone.
 * Threads: the loop thread.
 */
#ifndef SERVER_VIEWER_H
#define SERVER_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "rfb/session.h"
#include "server/access/door.h"
#include "server/handshake_work.h"
#include "server/input/pointer_seat.h"
#include "server/layer.h"
#include "server/lifetime.h"
#include "server/view/look.h"

struct server;
struct share;

struct viewer {
	struct layer layer;
	struct server *server;
	struct share *share; /* what it looks at */
	struct session *session;
	struct look *look;
	struct viewer *previous, *next; /* share->viewers */
	/* For the clipboard exchange: forms it waits for, and whether it has
	 * the text that was copied last. */
	unsigned clip_wants;
	bool has_clip;
	struct knock knock;
	struct handshake_work_item work; /* a costly step of its login */
	uint32_t login_question;         /* to the broker, or 0 */
	bool started;                    /* its session is */
	struct guest guest;
	uint64_t told_input_ms; /* to the control socket */
	bool listed;
	struct pointer_right right;
	unsigned buttons; /* RFB's mask: what it holds on the screen */
	bool encoding;    /* its update is with the workers */
};

/* `target`: what a browser asked for, path and query, borrowed; NULL for others
 * and for everything. "?monitor=2" chooses what it sees. */
struct layer *viewer_create(struct share *share, const char *target);
/* NULL where the layer is none. */
struct viewer *viewer_of(struct layer *layer);

/* Why it cannot come in now, whoever it is, fit to be told; NULL: it can. A
 * literal. */
const char *viewer_refusal(const struct viewer *viewer);

/* It sees something else of the screen from now on, and is not told of it. */
void viewer_look(struct viewer *viewer, struct look_wish wish);

/* Before it is let in: it will see that monitor, and never anything else.
 * Borrows the name. */
void viewer_keep_to(struct viewer *viewer, const char *monitor);

/* It wants a picture and can take one now. */
bool viewer_is_ready(const struct viewer *viewer);

/* When that may have become true without anybody telling of it (clock_us());
 * UINT64_MAX: never. For one that is not ready. */
uint64_t viewer_again_us(struct viewer *viewer);

/* Handles more of what it has said, where something of that is left. */
void viewer_hear_more(struct viewer *viewer);

#endif
