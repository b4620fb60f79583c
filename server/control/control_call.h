/* control_call.h - a request that is being done.
 *
 * Adding a request is a function in a file of its group, a line here and a line
 * in the table in control_table.c.
 *
 * Owner:   the peer that received it, for the time of the call.
 * Threads: the loop thread.
 */
#ifndef SERVER_CONTROL_CONTROL_CALL_H
#define SERVER_CONTROL_CONTROL_CALL_H

#include <jansson.h>
#include <stdbool.h>

struct control_peer;
struct server;
struct share;

struct control_call {
	struct server *server;
	struct share *share; /* the desktop that was named; NULL: none was */
	struct control_peer *peer;
	const json_t *arguments; /* the whole request */
	char *error;             /* a sentence, where it failed */
};

/* Gives the result; NULL: it failed, and call->error says why. */
typedef json_t *control_function(struct control_call *call);

struct control_entry {
	const char *name, *arguments, *sentence;
	control_function *run;
};

/* NULL: there is none of that name. */
const struct control_entry *control_table_find(const char *name);

/* The desktop that is told of: the first where none was named. NULL: there is
 * none at all. */
const struct share *control_call_shown(const struct control_call *call);
/* Whether what is done is done to that desktop: all where none was named. */
bool control_call_means(
	const struct control_call *call, const struct share *share);

/* NULL where it is not given, or no string. Borrowed. */
const char *control_call_text(
	const struct control_call *call, const char *name);
/* `normal` where it is not given. False, with an error: it is no number from
 * `least` on. */
bool control_call_number(struct control_call *call, const char *name,
	json_int_t least, json_int_t normal, json_int_t *number);
/* Returns NULL, for the caller to return. */
json_t *control_call_fail(struct control_call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* control_program.c */
control_function control_help, control_ping, control_status, control_reload,
	control_reopen_log, control_stop, control_subscribe, control_connect;
/* control_viewers.c */
control_function control_viewers, control_disconnect, control_view_only,
	control_accept;
/* control_blocks.c */
control_function control_block, control_unblock, control_blocked;
/* control_settings.c */
control_function control_get, control_set;

#endif
