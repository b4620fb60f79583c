/* sniffer.h - the first top layer: waits for the first bytes, or for silence to
 * mean RFB, and puts the right layers in its place.
 *
 * Browsers open spare connections that stay silent too. So how long silence
 * must last depends on what the address spoke before (address_book.h), and
 * inside TLS on ALPN, which every browser sends and no VNC viewer does.
 *
 * Owner:   the connection.
 * Threads: the loop thread.
 */
#ifndef SERVER_SNIFFER_H
#define SERVER_SNIFFER_H

struct layer;
struct server;

struct layer *sniffer_create(struct server *server);

#endif
