/* tls_work.h - handshakes that wait for their turn.
 *
 * A handshake costs a thousand times what reading a key press costs, so a
 * crowd of them must not come between a viewer and its pictures: in each turn
 * of the loop only a few are done, in the order in which they came.
 *
 * Owner:   embedded; items are embedded in what waits.
 * Threads: the loop thread.
 */
#ifndef SERVER_TLS_WORK_H
#define SERVER_TLS_WORK_H

#include <stdbool.h>
#include <uv.h>

struct tls_work_item {
	struct tls_work_item *previous, *next;
	bool waits;
	void (*run)(struct tls_work_item *item);
};

struct tls_work {
	struct tls_work_item *first, *last;
	uv_idle_t awake; /* runs while something waits: no sleep */
};

void tls_work_init(struct tls_work *work, uv_loop_t *loop);
/* Once, however often it is added before it runs. */
void tls_work_add(struct tls_work *work, struct tls_work_item *item);
void tls_work_remove(struct tls_work *work, struct tls_work_item *item);
/* Called once a turn, before the loop sleeps. */
void tls_work_run(struct tls_work *work);

#endif
