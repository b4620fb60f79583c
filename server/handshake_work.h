/* handshake_work.h - handshakes that wait for their turn.
 *
 * What a private key is used for (TLS, RSA-AES) costs a thousand times what
 * reading a key press costs, so a crowd of it must not come between a viewer
 * and its pictures: in each turn of the loop only a few are done, in the order
 * in which they came.
 *
 * Owner:   embedded in struct server; items are embedded in what waits.
 * Threads: the loop thread.
 */
#ifndef SERVER_HANDSHAKE_WORK_H
#define SERVER_HANDSHAKE_WORK_H

#include <stdbool.h>
#include <uv.h>

struct handshake_work_item {
	struct handshake_work_item *previous, *next;
	bool waits;
	void (*run)(struct handshake_work_item *item);
};

struct handshake_work {
	struct handshake_work_item *first, *last;
	uv_idle_t awake; /* runs while something waits: no sleep */
};

void handshake_work_init(struct handshake_work *work, uv_loop_t *loop);
/* Once, however often it is added before it runs. */
void handshake_work_add(
	struct handshake_work *work, struct handshake_work_item *item);
void handshake_work_remove(
	struct handshake_work *work, struct handshake_work_item *item);
/* Called once a turn, before the loop sleeps. */
void handshake_work_run(struct handshake_work *work);

#endif
