#include "server/input_backlog.h"

#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"

static void on_turn(uv_idle_t *idle)
{
	struct share *share = idle->data;
	struct viewer *viewer, *next;

	/* Who has more left after this starts it again. */
	uv_idle_stop(idle);
	for (viewer = share->viewers; viewer != NULL; viewer = next) {
		next = viewer->next;
		viewer_hear_more(viewer);
	}
}

void input_backlog_init(struct input_backlog *backlog, struct share *share)
{
	uv_idle_init(&share->server->loop, &backlog->idle);
	backlog->idle.data = share;
}

void input_backlog_note(struct input_backlog *backlog)
{
	uv_idle_start(&backlog->idle, on_turn);
}
