/* hook.h - what commands are told about a viewer: x11vnc's RFB_* variables.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_ACCESS_HOOK_H
#define SERVER_ACCESS_HOOK_H

#include "server/broker/broker_wire.h"

struct viewer;

/* A request for that job, with the environment in it. */
void hook_request(struct broker_request *request, enum broker_job job,
	struct viewer *viewer);

/* Runs -afteraccept or -gone, if there is one; nobody waits for it. */
void hook_run(struct viewer *viewer, enum broker_job job);

#endif
