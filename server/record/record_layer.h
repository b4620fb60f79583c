/* record_layer.h - between a WebSocket and what is above: writes down what goes
 * by (-record), and tells of it in the log (-traffic).
 *
 * Owner:   the connection.
 * Threads: the loop thread.
 */
#ifndef SERVER_RECORD_RECORD_LAYER_H
#define SERVER_RECORD_RECORD_LAYER_H

struct connection;

/* Pushes one, where the options want it. */
void record_layer_push(struct connection *connection);

#endif
