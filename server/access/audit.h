/* audit.h - who came in, who was turned away, who left, and how: one line each,
 * made for programs.
 *
 * A line has event (login, refused, end, or left: before it had logged in),
 * id, from, port, how (the layers:
 * tcp+tls+websocket+rfb), target (of a relay), and as far as they are known
 * security, user, rights, seconds, in, out (bytes), reason. It goes to the log
 * as "audit event=...", and with -audit FILE there too, with the time, whatever
 * -q says. Passwords, paths and queries are in no line, nor are control
 * characters.
 *
 * Owner:   embedded in struct server; audit_close() closes the file.
 * Threads: the loop thread.
 */
#ifndef SERVER_ACCESS_AUDIT_H
#define SERVER_ACCESS_AUDIT_H

#include <stdbool.h>

struct connection;
struct options;
struct viewer;

struct audit {
	int file; /* of -audit; -1: none */
	bool json;
};

/* False: a sentence was logged. */
bool audit_open(struct audit *audit, const struct options *options);
/* The file once more, by its name; where that fails the old one goes on. */
void audit_reopen(struct audit *audit, const struct options *options);
void audit_close(struct audit *audit);

void audit_login(struct viewer *viewer);
/* A connection's way to its target is there. */
void audit_relayed(struct connection *connection);
/* A connection that ends. `viewer` is NULL where it has not become one. */
void audit_end(struct connection *connection, struct viewer *viewer,
	const char *reason);

#endif
