/* x_servers.h - the X servers that run on this machine, as their command lines
 * tell it.
 *
 * Owner:   x_servers_list() fills, x_servers_finish() frees.
 * Threads: any; reads files.
 */
#ifndef SERVER_DISPLAY_X_SERVERS_H
#define SERVER_DISPLAY_X_SERVERS_H

#include <stdbool.h>
#include <sys/types.h>

enum { X_SERVERS_MOST = 64 };

struct x_server {
	int number; /* of its display */
	int vt;     /* virtual terminal; 0: none, as of Xvfb */
	bool is_xwayland;
	uid_t owner;
	char *authority; /* its -auth; NULL: none */
};

struct x_servers {
	struct x_server list[X_SERVERS_MOST];
	int count;
};

/* `root` stands before every path: "" but in tests. Those on a terminal come
 * first, those inside of Wayland last, else by number. */
void x_servers_list(struct x_servers *servers, const char *root);
void x_servers_finish(struct x_servers *servers);

/* NULL: none of that number. */
const struct x_server *x_servers_find(
	const struct x_servers *servers, int number);

#endif
