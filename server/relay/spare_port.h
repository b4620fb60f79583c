/* spare_port.h - a TCP port that nobody has and nobody is given by chance, for
 * a server that we start.
 *
 * Connections that go out are given ports of a range of the kernel's
 * (ip_local_port_range), and a busy machine has used most of these within the
 * last minute: what listens there later, on all addresses, finds "address
 * already in use". So it is one outside of that range, while there is one.
 *
 * Threads: any.
 * Errors:  0: there is none.
 */
#ifndef SERVER_RELAY_SPARE_PORT_H
#define SERVER_RELAY_SPARE_PORT_H

/* Who takes it in the moment until the server does is on this machine. */
int spare_port_find(void);

#endif
