/* connection_io.h - a connection's socket: what connection.c needs of
 * connection_io.c beside connection_send() and connection_flush().
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_CONNECTION_IO_H
#define SERVER_CONNECTION_IO_H

#include <stdbool.h>
#include <sys/types.h>

struct connection;

enum {
	/* Read at once, to begin with. */
	CONNECTION_READ_BYTES = 64 << 10,
};

/* Bytes have come that nobody has read yet. */
bool connection_has_unread(const struct connection *connection);

/* Asks the loop for what the connection can use now. */
void connection_update_poll(struct connection *connection);

/* What a call that writes to its socket has returned. False: the connection
 * broke and was closed. */
bool connection_count_sent(struct connection *connection, ssize_t written);

#endif
