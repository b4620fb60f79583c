#include "server/input/viewer_pointer.h"

#include "base/clock.h"
#include "server/control/control_event.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"

static bool has_turn(struct viewer *viewer, unsigned buttons)
{
	struct share *share = viewer->share;

	switch (pointer_seat_ask(
		&share->pointer_seat, &viewer->right, buttons, clock_us())) {
	case POINTER_SEAT_NO:
		return false;
	case POINTER_SEAT_TAKEN:
		desktop_nudge(share->desktop, 0, 0, 0);
		break;
	case POINTER_SEAT_YES:
		break;
	}
	return true;
}

/* What it holds from now on. */
static void hold(struct viewer *viewer, unsigned buttons)
{
	if ((buttons & ~viewer->buttons) != 0)
		frame_clock_hurry(&viewer->share->clock);
	viewer->buttons = buttons;
}

void viewer_pointer_point(struct viewer *viewer, int x, int y, unsigned buttons)
{
	struct share *share = viewer->share;

	lifetime_touched(&share->server->lifetime, &viewer->guest);
	metrics_add(&share->server->metrics, METRICS_POINTERS, 1);
	control_event_input(viewer);
	look_point_back(viewer->look, &x, &y);
	if (!has_turn(viewer, buttons))
		return;
	if (looks_stop_pointer(&share->looks, x, y)) {
		/* What is held there can be let go. */
		viewer->buttons &= buttons;
		desktop_nudge(share->desktop, 0, 0, viewer->buttons);
		return;
	}
	hold(viewer, buttons);
	desktop_point(share->desktop, x, y, buttons);
	pointer_news_place(&share->pointer_news, x, y);
}

/* The pointer is on a blackened part. */
static bool is_stopped(struct share *share)
{
	int x, y;

	return desktop_pointer(share->desktop, &x, &y) &&
	       looks_stop_pointer(&share->looks, x, y);
}

void viewer_pointer_nudge(
	struct viewer *viewer, int dx, int dy, unsigned buttons)
{
	struct share *share = viewer->share;

	lifetime_touched(&share->server->lifetime, &viewer->guest);
	metrics_add(&share->server->metrics, METRICS_POINTERS, 1);
	control_event_input(viewer);
	if (!has_turn(viewer, buttons))
		return;
	viewer->buttons &= buttons;
	desktop_nudge(share->desktop, dx, dy, viewer->buttons);
	if (viewer->buttons != buttons && !is_stopped(share)) {
		hold(viewer, buttons);
		desktop_nudge(share->desktop, 0, 0, buttons);
	}
	pointer_news_moved(&share->pointer_news);
}
