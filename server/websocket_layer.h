/* websocket_layer.h - a websocket/ WebSocket as a layer of a connection.
 *
 * Owner:   the connection.
 * Threads: the loop thread.
 */
#ifndef SERVER_WEBSOCKET_LAYER_H
#define SERVER_WEBSOCKET_LAYER_H

struct layer;

enum { WEBSOCKET_PING_MS = 25000 }; /* proxies drop what is silent for 60 s */

struct layer *websocket_layer_create(void);

#endif
