#include "server/display/display_keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/log.h"
#include "server/broker/broker.h"
#include "server/desktop_link.h"
#include "server/display/notice_picture.h"
#include "server/server.h"

enum {
	FIRST_PAUSE_MS = 50,
	MOST_PAUSE_MS = 1000, /* a user waits no longer for his picture */
	SEARCH_TIMEOUT_S = 30,
};

bool display_keeper_plan(struct display_keeper *keeper,
	const struct options *options, struct broker_plan *plan)
{
	keeper->report = (struct display_report){ -1, -1 };
	display_search_init(&keeper->search, options);
	keeper->on = options->reopen;
	if (!keeper->on)
		return true;
	if (!display_report_open(&keeper->report)) {
		log_error("-reopen: cannot make a file in memory: %s",
			strerror(errno));
		return false;
	}
	plan->jobs[BROKER_DISPLAY] =
		(struct broker_command){ "display", SEARCH_TIMEOUT_S, false };
	plan->search = &keeper->search;
	plan->report = &keeper->report;
	return true;
}

void display_keeper_init(struct display_keeper *keeper, struct server *server)
{
	keeper->server = server;
	uv_timer_init(&server->loop, &keeper->timer);
	keeper->timer.data = keeper;
}

/* Xlib finds the cookies of whichever display it will be there. */
void display_keeper_ready(struct display_keeper *keeper)
{
	char *authority;

	if (!keeper->on)
		return;
	authority = display_report_authority(&keeper->report);
	setenv("XAUTHORITY", authority, 1);
	free(authority);
}

void display_keeper_finish(struct display_keeper *keeper)
{
	frame_unref(keeper->notice);
	keeper->notice = NULL;
	display_report_close(&keeper->report);
}

/* ---- back ---- */

static void search(struct display_keeper *keeper);

static void on_pause_over(uv_timer_t *timer)
{
	search(timer->data);
}

static void pause_search(struct display_keeper *keeper)
{
	uv_timer_start(&keeper->timer, on_pause_over, keeper->pause_ms, 0);
	keeper->pause_ms += keeper->pause_ms / 2;
	if (keeper->pause_ms > MOST_PAUSE_MS)
		keeper->pause_ms = MOST_PAUSE_MS;
}

/* It has just answered another process, so this does not wait for long. */
static bool open_it(struct display_keeper *keeper)
{
	char *name = display_report_read(&keeper->report), *error = NULL;
	bool good;

	if (name == NULL)
		return false;
	keeper->opening = true;
	keeper->died = false;
	good = desktop_link_reopen(keeper->server, name, &error) &&
	       !keeper->died;
	keeper->opening = false;
	if (good)
		log_info("the display %s is back after %.1f s", name,
			(double)(clock_ms() - keeper->lost_ms) / 1000);
	else if (error != NULL)
		log_warning("%s", error);
	free(error);
	free(name);
	return good;
}

static void come_back(struct display_keeper *keeper)
{
	struct server *server = keeper->server;

	keeper->away = false;
	frame_unref(keeper->notice);
	keeper->notice = NULL;
	desktop_link_back(server);
}

static void on_found(void *context, enum broker_verdict verdict, int status)
{
	struct display_keeper *keeper = context;

	if (keeper->server->stopping)
		return;
	if (verdict == BROKER_DONE && status == 0 && open_it(keeper))
		come_back(keeper);
	else
		pause_search(keeper);
}

static void search(struct display_keeper *keeper)
{
	struct server *server = keeper->server;
	struct broker_request request = { .job = BROKER_DISPLAY };

	if (server->stopping)
		return;
	if (broker_ask(server->door.broker, &request, on_found, keeper) == 0)
		server_stop(server, EXIT_DISPLAY_LOST,
			"the display is away, and the broker process that "
			"looks for it, too");
}

/* ---- away ---- */

static void on_lost_now(uv_timer_t *timer)
{
	struct display_keeper *keeper = timer->data;

	if (keeper->server->stopping)
		return;
	desktop_link_away(keeper->server);
	search(keeper);
}

bool display_keeper_lost(struct display_keeper *keeper, const char *reason)
{
	if (!keeper->on)
		return false;
	keeper->died = true;
	if (keeper->opening || keeper->away)
		return true;
	log_warning("%s; viewers stay until it is back", reason);
	keeper->away = true;
	keeper->is_shown = false;
	keeper->lost_ms = clock_ms();
	keeper->pause_ms = FIRST_PAUSE_MS;
	/* Not from inside of what is just being done with the desktop. */
	uv_timer_start(&keeper->timer, on_lost_now, 0, 0);
	return true;
}

bool display_keeper_is_away(const struct display_keeper *keeper)
{
	return keeper->away;
}

struct frame *display_keeper_picture(
	struct display_keeper *keeper, struct region *changed)
{
	const struct desktop *desktop = keeper->server->desktop;

	if (keeper->notice == NULL)
		keeper->notice = notice_picture_create(
			desktop_width(desktop), desktop_height(desktop));
	if (keeper->notice == NULL)
		return NULL;
	if (!keeper->is_shown)
		region_add_rect(changed, frame_rect(keeper->notice));
	keeper->is_shown = true;
	return frame_ref(keeper->notice);
}
