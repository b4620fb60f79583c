/* relay_target.h - where a connection is relayed to, as it is written.
 *
 *	host:port  [v6]:port  ::1:5900  unix_socket:/path  display  display/NAME
 *
 * Owner:   a plain value.
 * Threads: any; pure.
 * Source:  websockify's token files: the port stands behind the last colon.
 *          "display" is ours: the display of this process, the one of that
 *          name where there are several.
 */
#ifndef SERVER_RELAY_RELAY_TARGET_H
#define SERVER_RELAY_RELAY_TARGET_H

#include <stdbool.h>
#include <stddef.h>

enum {
	/* A name of DNS has 253 at most, and a socket's path fits too. */
	RELAY_TARGET_PLACE_BYTES = 256,
	RELAY_TARGET_TEXT_BYTES = RELAY_TARGET_PLACE_BYTES + 16,
};

enum relay_target_kind {
	RELAY_NOWHERE,
	RELAY_TCP,
	RELAY_LOCAL, /* a socket in the file system */
	RELAY_DISPLAY,
};

struct relay_target {
	enum relay_target_kind kind;
	char place[RELAY_TARGET_PLACE_BYTES]; /* host, path or desktop */
	int port;
};

/* False: it is none of these, and *target is RELAY_NOWHERE. */
bool relay_target_parse(
	struct relay_target *target, const char *text, size_t length);

/* A socket in the file system. False: its path is too long for one. */
bool relay_target_set_path(struct relay_target *target, const char *path);

/* As people write it: RELAY_TARGET_TEXT_BYTES. */
void relay_target_format(const struct relay_target *target, char *text);

#endif
