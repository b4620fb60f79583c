/* peer_owner.h - which user of this machine has the other end of a connection.
 *
 * That a connection comes from this machine says little: a web proxy hands on
 * what strangers ask it for, and other users sit at the machine, too. Linux
 * tells the owner of each TCP socket.
 *
 * Owner:   peer_owner_open() before a sandbox hides /proc, peer_owner_close().
 * Threads: the loop thread.
 * Source:  Linux, Documentation/networking/proc_net_tcp.rst.
 */
#ifndef SERVER_STATUS_PEER_OWNER_H
#define SERVER_STATUS_PEER_OWNER_H

#include <stdbool.h>

struct peer_owner {
	int tables[2]; /* of IPv4 and IPv6; -1: there is none */
};

void peer_owner_open(struct peer_owner *owner);
void peer_owner_close(struct peer_owner *owner);

/* Whether the other end of this TCP connection is a socket of this machine that
 * belongs to the user who runs us, or to root. */
bool peer_owner_is_us(const struct peer_owner *owner, int fd);

#endif
