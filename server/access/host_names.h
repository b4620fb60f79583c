/* host_names.h - the names that this machine goes by, as far as it knows
 * without asking anybody: a page that was opened by another name may be
 * somebody else's (DNS rebinding), and needs -origin.
 *
 * Owner:   embedded in struct server; host_names_finish() frees.
 * Threads: the loop thread.
 */
#ifndef SERVER_HOST_NAMES_H
#define SERVER_HOST_NAMES_H

enum { HOST_NAMES_MOST = 3 };

struct host_names {
	/* "host.example.org", "host", "host.local"; ended by NULL. */
	char *list[HOST_NAMES_MOST + 1];
};

void host_names_init(struct host_names *names);
void host_names_finish(struct host_names *names);

#endif
