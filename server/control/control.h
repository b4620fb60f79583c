/* control.h - the socket by which programs of the same user steer this one, and
 * are told what happens (doc/CONTROL.md).
 *
 * Owner:   embedded in struct server; control_close().
 * Threads: the loop thread.
 */
#ifndef SERVER_CONTROL_CONTROL_H
#define SERVER_CONTROL_CONTROL_H

#include <stdbool.h>
#include <uv.h>

struct control_peer;
struct server;

enum { CONTROL_MOST_PEERS = 16 };

struct control {
	struct server *server;
	uv_pipe_t listening;
	char *path; /* NULL: there is none */
	struct control_peer *peers;
	int peer_count;
};

/* After the display is open: its number names the socket where -control does
 * not. False: *error gets a sentence; not being able to listen where nobody
 * said to is none. */
bool control_open(struct control *control, struct server *server, char **error);
/* Takes the socket out of the file system and cuts everybody. */
void control_close(struct control *control);

#endif
