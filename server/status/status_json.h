/* status_json.h - how it stands, for programs: the same over HTTP and the
 * control socket.
 *
 * Owner:   each gives what the caller json_decref()s.
 * Threads: the loop thread.
 */
#ifndef SERVER_STATUS_STATUS_JSON_H
#define SERVER_STATUS_STATUS_JSON_H

#include <jansson.h>
#include <stddef.h>

struct buffer;
struct connection;
struct server;
struct share;
struct viewer;

/* `share` is the one that was asked about; NULL: all of it. */
json_t *status_json_make(
	const struct server *server, const struct share *share);
json_t *status_json_viewer(const struct viewer *viewer);
/* Of one that is relayed to another server. */
json_t *status_json_relay(const struct connection *connection);

/* Text from elsewhere: valid UTF-8 without control characters, not too long.
 * NULL gives null. */
json_t *status_json_text(const char *text);

/* status_json_make() as text. */
void status_json_write(const struct server *server, const struct share *share,
	struct buffer *to);

#endif
