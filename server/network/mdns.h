/* mdns.h - -avahi: tells the network by mDNS that there is a VNC server here
 * (_rfb._tcp). The telling is Avahi's, which is asked through the system bus
 * (mdns_avahi.c; without libsystemd mdns_absent.c). It forgets us when our
 * connection to the bus ends, however that comes.
 *
 * Owner:   mdns_open() gives, or NULL where -avahi is not given or does not
 *          work; mdns_close() takes (NULL too), while the loop still runs.
 * Threads: the loop thread; nothing waits for an answer.
 * Errors:  told in the log: the server does without.
 * Source:  org.freedesktop.Avahi.Server and .EntryGroup; RFC 6763 for names.
 */
#ifndef SERVER_NETWORK_MDNS_H
#define SERVER_NETWORK_MDNS_H

struct mdns;
struct server;

/* When the port is open, and before the sandbox. */
struct mdns *mdns_open(struct server *server);
void mdns_close(struct mdns *mdns);

#endif
