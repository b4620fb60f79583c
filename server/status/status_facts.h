/* status_facts.h - how it stands now, seen by looking.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_STATUS_STATUS_FACTS_H
#define SERVER_STATUS_STATUS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;
struct server;
struct share;

struct status_screen {
	bool up;           /* the display is there */
	int width, height; /* of what is shared; 0: there is no display */
};

struct status_facts {
	unsigned connections; /* open, logged in or not */
	unsigned encoding;    /* viewers whose update is with the workers */
	uint64_t queued_bytes;
	uint64_t uptime_s;
};

void status_facts_read(const struct server *server, struct status_facts *facts);
/* Of nobody (NULL) there is no display. */
struct status_screen status_facts_screen(const struct share *share);

/* "tcp+tls+websocket": below what speaks RFB. */
void status_facts_transport(
	const struct connection *connection, char *text, size_t size);

#endif
