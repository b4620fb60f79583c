/* reach.h - goes to an address: looks its name up, tries what was found one
 * after the other, and gives a connected socket. The loop waits for none of it.
 *
 * Owner:   a reach frees itself after it has told; reach_cancel() ends it
 *          without a word, before it has told.
 * Threads: the loop thread.
 */
#ifndef SERVER_NETWORK_REACH_H
#define SERVER_NETWORK_REACH_H

#include <sys/socket.h>
#include <uv.h>

struct reach;

/* `fd` is the callee's; -1: `why` is of libuv, and there may be no address.
 * Told once, never from inside reach_begin() or reach_begin_local(). */
typedef void reach_done(
	void *context, int fd, const struct sockaddr *address, int why);

/* The name has `timeout_ms` to be looked up, and each address as much. Of
 * libuv's workers lookups take half at most; there must be two. */
struct reach *reach_begin(uv_loop_t *loop, const char *host, int port,
	unsigned timeout_ms, reach_done *done, void *context);
/* A socket in the file system. */
struct reach *reach_begin_local(
	uv_loop_t *loop, const char *path, reach_done *done, void *context);
void reach_cancel(struct reach *reach);

#endif
