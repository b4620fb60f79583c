/* announce.h - what the operator reads first: the port, the URL, the password,
 * and a warning where everybody may come in.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_ANNOUNCE_H
#define SERVER_ANNOUNCE_H

#include <stdbool.h>

struct options;
struct server;

/* "PORT=5900" alone on a line of stdout, for scripts, and a line for people. */
void announce(const struct server *server);

/* Whether the port is for this machine alone. */
bool announce_is_only_local(const struct options *options);

#endif
