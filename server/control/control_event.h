/* control_event.h - what happens, for the programs that asked to be told.
 *
 * Costs nothing while nobody did.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_CONTROL_CONTROL_EVENT_H
#define SERVER_CONTROL_CONTROL_EVENT_H

#include <jansson.h>
#include <stdbool.h>

struct connection;
struct server;
struct share;
struct viewer;

/* Their names are in control_event.c. */
enum control_event {
	CONTROL_VIEWER_CAME,
	CONTROL_VIEWER_WENT,
	CONTROL_VIEWER_REFUSED,
	CONTROL_VIEWER_ASKS, /* it waits for somebody to answer for it */
	CONTROL_INPUT,       /* at most once a second and viewer */
	CONTROL_VIEW_ONLY,
	CONTROL_DISPLAY_LOST,
	CONTROL_DISPLAY_BACK,
	CONTROL_RESIZED,
	CONTROL_SETTING,
	CONTROL_STOPPING,
	CONTROL_EVENTS
};

const char *control_event_name(enum control_event event);
/* -1: there is none of that name. */
int control_event_find(const char *name);
bool control_event_is_wanted(
	const struct server *server, enum control_event event);

/* Takes `more`, whose members it gets; may be NULL. */
void control_event_tell(
	struct server *server, enum control_event event, json_t *more);
void control_event_viewer(enum control_event event, struct viewer *viewer);
/* Somebody who is relayed to another server. */
void control_event_relay(
	enum control_event event, const struct connection *connection);
/* Somebody who went or was refused, and why. `viewer` may be NULL. */
void control_event_end(enum control_event event,
	const struct connection *connection, const struct viewer *viewer,
	const char *reason);
/* The viewer pressed a key or moved its pointer. */
void control_event_input(struct viewer *viewer);
/* The screen's size now. */
void control_event_size(struct share *share);
/* Something happened to a desktop. */
void control_event_share(enum control_event event, struct share *share);

#endif
