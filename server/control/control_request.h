/* control_request.h - one line of the control socket, parsed and never acted
 * upon: {"do": "disconnect", "who": "all", "id": 7}
 *
 * Owner:   control_request_finish() frees.
 * Threads: any; pure functions.
 * Errors:  false: `problem` is a sentence, a literal.
 */
#ifndef SERVER_CONTROL_CONTROL_REQUEST_H
#define SERVER_CONTROL_CONTROL_REQUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { CONTROL_MOST_LINE_BYTES = 8192 };

struct control_request {
	json_t *whole;       /* an object */
	const char *name;    /* of what to do; inside it */
	const json_t *id;    /* a string or number; NULL: none was given */
	const char *problem; /* where it is no request */
};

/* A line without its end. Values are scalars and lists of strings, nothing
 * deeper. The id is known as far as it was understood, also on failure. */
bool control_request_parse(
	struct control_request *request, const char *bytes, size_t length);
void control_request_finish(struct control_request *request);

#endif
