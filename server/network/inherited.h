/* inherited.h - sockets that systemd opened for us (socket activation).
 *
 * Threads: before there are any.
 * Source:  sd_listen_fds(3), whose protocol is an interface of its own: three
 *          variables of the environment.
 */
#ifndef SERVER_NETWORK_INHERITED_H
#define SERVER_NETWORK_INHERITED_H

#include <stdbool.h>

/* The first one's descriptor; the others follow. */
enum { INHERITED_FIRST = 3 };

/* How many sockets are ours. Takes them out of the environment, so that no
 * program that we start thinks they are its own. */
int inherited_take(void);

bool inherited_is_socket(int fd);

/* A listening one (Accept=no), or a connection (Accept=yes, and inetd). */
bool inherited_is_listening(int fd);

/* After a fork: what was for the process `before` is for this one. */
void inherited_follow(long before);

#endif
