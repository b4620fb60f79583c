/* websocket_layer.h - a websocket/ WebSocket as a layer of a connection.
 *
 * Owner:   the connection.
 * Threads: the loop thread.
 */
#ifndef SERVER_WEBSOCKET_LAYER_H
#define SERVER_WEBSOCKET_LAYER_H

struct layer;

struct layer *websocket_layer_create(void);

#endif
