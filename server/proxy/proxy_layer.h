/* proxy_layer.h - reads a PROXY header, tells the connection its real peer,
 * and makes way for a new sniffer.
 *
 * Owner:   the connection.
 * Threads: the loop thread.
 */
#ifndef SERVER_PROXY_PROXY_LAYER_H
#define SERVER_PROXY_PROXY_LAYER_H

struct layer;
struct server;

struct layer *proxy_layer_create(struct server *server);

#endif
