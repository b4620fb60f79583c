/* control_fact.h - what can be asked by a name, beside the options: most are
 * x11vnc's words.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_CONTROL_CONTROL_FACT_H
#define SERVER_CONTROL_CONTROL_FACT_H

#include <jansson.h>

struct control_call;

/* Gives a string or number. NULL: there is none of that name. */
json_t *control_fact_get(const struct control_call *call, const char *name);

#endif
