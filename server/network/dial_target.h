/* dial_target.h - a viewer that waits for us to come (-connect), as it is
 * written.
 *
 *	host[:port] host::port [v6]:port
 *	repeater=ID:n+host:port repeater://host:port+ID:n
 *	pre=TEXT+host:port pre250=TEXT+host:port
 *
 * Owner:   a plain value.
 * Threads: any.
 * Source:  x11vnc's -connect; a listening viewer's port is 5500. An UltraVNC
 *          repeater wants 250 bytes that begin with the ID before anything.
 */
#ifndef SERVER_NETWORK_DIAL_TARGET_H
#define SERVER_NETWORK_DIAL_TARGET_H

#include <stdbool.h>

enum {
	DIAL_TARGET_PORT = 5500,
	DIAL_TARGET_HOST_BYTES = 256,
	DIAL_TARGET_MOST_PREFIX = 1024,
};

struct dial_target {
	char host[DIAL_TARGET_HOST_BYTES];
	int port;
	/* Sent before the first byte of RFB; the rest of its size is 0. */
	char prefix[DIAL_TARGET_MOST_PREFIX];
	int prefix_bytes;
	bool waits; /* a repeater: the viewer may come much later */
};

/* False: it is none of these. */
bool dial_target_parse(struct dial_target *target, const char *text);

#endif
