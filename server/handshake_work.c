#include "server/handshake_work.h"

#include <stddef.h>

#include "base/clock.h"

/* One or two handshakes with ECDSA; always one, however long it takes. A turn
 * without anything else costs some microseconds, so there is little to gain by
 * more, and viewers wait for the rest of it. */
enum { TURN_US = 500 };

void handshake_work_init(struct handshake_work *work, uv_loop_t *loop)
{
	work->first = work->last = NULL;
	uv_idle_init(loop, &work->awake);
}

void handshake_work_add(
	struct handshake_work *work, struct handshake_work_item *item)
{
	if (item->waits)
		return;
	item->waits = true;
	item->next = NULL;
	item->previous = work->last;
	if (work->last != NULL)
		work->last->next = item;
	else
		work->first = item;
	work->last = item;
}

void handshake_work_remove(
	struct handshake_work *work, struct handshake_work_item *item)
{
	if (!item->waits)
		return;
	item->waits = false;
	if (item->previous != NULL)
		item->previous->next = item->next;
	else
		work->first = item->next;
	if (item->next != NULL)
		item->next->previous = item->previous;
	else
		work->last = item->previous;
}

static void stay_awake(uv_idle_t *idle)
{
	(void)idle;
}

void handshake_work_run(struct handshake_work *work)
{
	uint64_t end;

	if (work->first == NULL)
		return;
	end = clock_us() + TURN_US;
	do {
		struct handshake_work_item *item = work->first;

		handshake_work_remove(work, item);
		item->run(item);
	} while (work->first != NULL && clock_us() < end);
	if (work->first != NULL)
		uv_idle_start(&work->awake, stay_awake);
	else
		uv_idle_stop(&work->awake);
}
