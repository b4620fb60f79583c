/* broker_plan.h - what the broker is for: fixed before the network is opened.
 *
 * Owner:   embedded; borrows its strings from the options.
 * Threads: any; constant once made.
 */
#ifndef SERVER_BROKER_BROKER_PLAN_H
#define SERVER_BROKER_BROKER_PLAN_H

#include <stdbool.h>

#include "server/broker/broker_wire.h"

struct display_report;
struct display_search;

struct broker_command {
	const char *text; /* for sh -c; NULL: nothing to run */
	int timeout_s;    /* 0: none */
	/* Nobody waits for it, and it may outlive us. */
	bool is_hook;
};

/* What is searched for, and where it is told. */
struct broker_display {
	const struct display_search *search;
	const struct display_report *report; /* NULL: nobody wants to know */
};

struct broker_plan {
	/* By enum broker_job; for BROKER_PAM the text is the service. */
	struct broker_command jobs[BROKER_JOBS];
	/* Of BROKER_DISPLAY, by the request's `desktop`. */
	struct broker_display *displays; /* the door's; NULL: none */
	unsigned display_count;
	const char *log_file; /* where what commands print goes; NULL: nowhere,
				 once BROKER_LOG was asked for */
	/* The window of BROKER_QUERY. */
	bool query_mouse, query_keys, query_view;
	bool query_placed;
	int query_x, query_y;
};

/* Whether it has anything to do. */
bool broker_plan_is_empty(const struct broker_plan *plan);

#endif
