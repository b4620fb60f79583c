/* share_list.h - server->shares: all desktops of this program, in the order in
 * which they were named. The first one is meant where nobody says which.
 *
 * Threads: the loop thread; up to share_list_stage() before there is any other.
 */
#ifndef SERVER_SHARE_SHARE_LIST_H
#define SERVER_SHARE_SHARE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct options;
struct server;
struct share;

/* Those that the options name; none where they only relay. */
void share_list_create(struct server *server, struct options *options);
/* Begins the desktops of -create. False: it was logged. */
bool share_list_stage(struct server *server);
/* Opens all of them, and their ports. EXIT_OK, or the exit code of what failed,
 * after it was logged. */
int share_list_open(struct server *server);
int share_list_listen(struct server *server);
void share_list_start(struct server *server);
void share_list_destroy(struct server *server);

/* Whether they have names, by which they are asked for. */
bool share_list_is_named(const struct server *server);
/* NULL: there is none of that name. */
struct share *share_list_find(
	const struct server *server, const char *name, size_t length);

#endif
