/* broker_child.h - the process of one job.
 *
 * Threads: the broker's.
 */
#ifndef SERVER_BROKER_BROKER_CHILD_H
#define SERVER_BROKER_BROKER_CHILD_H

#include <sys/types.h>

#include "server/broker/broker_plan.h"

/* Forks. The child leads a process group, so that all of it can be killed, and
 * has no descriptors but 0 (/dev/null), 1 and 2 (the log). -1: it could not. */
pid_t broker_child_start(
	const struct broker_plan *plan, const struct broker_request *request);

#endif
