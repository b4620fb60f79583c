/* control_client.h - the other end of the control socket: -R and -Q.
 *
 * Threads: a process with nothing else to do; it waits.
 */
#ifndef SERVER_CONTROL_CONTROL_CLIENT_H
#define SERVER_CONTROL_CONTROL_CLIENT_H

#include <stdbool.h>

struct options;

/* Whether the command line asks for it. */
bool control_client_is_asked(const struct options *options);
/* EXIT_OK, or EXIT_FAULT after a sentence on stderr: nobody is there, or it
 * said no. */
int control_client_run(const struct options *options);

#endif
