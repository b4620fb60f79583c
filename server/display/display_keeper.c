#include "server/display/display_keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/broker/broker.h"
#include "server/desktop_link.h"
#include "server/display/notice_picture.h"
#include "server/server.h"
#include "server/share/share.h"

enum {
	FIRST_PAUSE_MS = 50,
	MOST_PAUSE_MS = 1000, /* a user waits no longer for his picture */
	/* The X server of who has just sat down may still be starting; looking
	 * ends after twice this. */
	MOST_LOOK_PAUSE_MS = 16000,
	SEARCH_TIMEOUT_S = 30,
};

/* ---- the start ---- */

bool display_keeper_plan(struct display_keeper *keeper,
	const struct options *options, struct broker_plan *plan,
	unsigned desktop)
{
	struct broker_command *jobs = plan->jobs;

	keeper->report = (struct display_report){ -1, -1 };
	keeper->desktop = desktop;
	display_search_init(&keeper->search, options);
	keeper->keeps = options->reopen;
	keeper->follows = options->reopen && options->find;
	keeper->searches = options->reopen || options->wait_display ||
			   options->display_waits;
	if (!keeper->searches)
		return true;
	if (!display_report_open(&keeper->report)) {
		log_error("-reopen: cannot make a file in memory: %s",
			strerror(errno));
		return false;
	}
	jobs[BROKER_DISPLAY] =
		(struct broker_command){ "display", SEARCH_TIMEOUT_S, false };
	if (keeper->follows)
		jobs[BROKER_SEAT] = (struct broker_command){ "seat", 0, false };
	plan->displays[desktop] =
		(struct broker_display){ &keeper->search, &keeper->report };
	return true;
}

void display_keeper_init(struct display_keeper *keeper, struct share *share)
{
	keeper->share = share;
	uv_timer_init(&share->server->loop, &keeper->timer);
	keeper->timer.data = keeper;
}

void display_keeper_finish(struct display_keeper *keeper)
{
	frame_unref(keeper->notice);
	keeper->notice = NULL;
	display_target_reset(&keeper->target);
	display_report_close(&keeper->report);
}

static void search(struct display_keeper *keeper);
static void look(struct display_keeper *keeper);
static void follow(struct display_keeper *keeper);

static void leave(struct display_keeper *keeper)
{
	keeper->away = true;
	keeper->is_outdated = keeper->is_asked;
	keeper->is_shown = false;
	keeper->lost_ms = clock_ms();
	keeper->pause_ms = FIRST_PAUSE_MS;
}

static void begin_away(struct display_keeper *keeper)
{
	leave(keeper);
	search(keeper);
}

static void take_options(struct display_keeper *keeper)
{
	const struct options *options = keeper->share->options;

	display_target_set(&keeper->target,
		options->display != NULL ? xstrdup(options->display) : NULL,
		options->authority != NULL ? xstrdup(options->authority)
					   : NULL);
}

bool display_keeper_begin(struct display_keeper *keeper, char **error)
{
	const struct options *options = keeper->share->options;
	enum display_found answer = DISPLAY_FOUND;

	*error = NULL;
	if (options->wait_display || options->display_waits) {
		begin_away(keeper);
		return false;
	}
	if (display_search_is_open(&keeper->search))
		answer = display_search_run(&keeper->search, &keeper->target);
	else
		take_options(keeper);
	if (answer != DISPLAY_FOUND)
		*error = display_search_explain(&keeper->search, answer);
	return answer == DISPLAY_FOUND;
}

void display_keeper_ready(struct display_keeper *keeper)
{
	if (display_search_is_open(&keeper->search))
		log_info("%ssharing the display %s", keeper->share->whose,
			keeper->target.name);
	keeper->was_there = true;
	follow(keeper);
}

static void on_waited_enough(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

bool display_keeper_wait(struct display_keeper *keeper)
{
	struct share *share = keeper->share;
	uint64_t end_ms =
		clock_ms() + (uint64_t)share->options->wait_display_s * 1000;
	bool endless = share->options->wait_display_s == 0;

	if (!share->options->wait_display)
		return true;
	if (!endless)
		uv_timer_start(&share->server->farewell, on_waited_enough,
			end_ms - clock_ms(), 0);
	while (keeper->away && !share->server->stopping &&
		(endless || clock_ms() < end_ms)) {
		desktop_rest();
		uv_run(&share->server->loop, UV_RUN_ONCE);
	}
	if (!share->server->stopping)
		uv_timer_stop(&share->server->farewell);
	return !keeper->away || share->server->stopping;
}

/* ---- back ---- */

static void on_pause_over(uv_timer_t *timer)
{
	struct display_keeper *keeper = timer->data;

	if (keeper->away)
		search(keeper);
	else
		look(keeper);
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
	char *authority, *error = NULL;
	bool good;

	if (!display_report_read(&keeper->report, &keeper->target))
		return false;
	authority = display_report_authority(&keeper->report);
	keeper->opening = true;
	keeper->died = false;
	good = desktop_link_reopen(
		       keeper->share, keeper->target.name, authority, &error) &&
	       !keeper->died;
	keeper->opening = false;
	if (good)
		log_info("%sthe display %s is %s after %.1f s",
			keeper->share->whose, keeper->target.name,
			keeper->was_there ? "back" : "there",
			(double)(clock_ms() - keeper->lost_ms) / 1000);
	else if (error != NULL)
		log_warning("%s%s", keeper->share->whose, error);
	free(authority);
	free(error);
	return good;
}

static void come_back(struct display_keeper *keeper)
{
	struct share *share = keeper->share;

	keeper->away = false;
	keeper->was_there = true;
	keeper->told = DISPLAY_FOUND;
	frame_unref(keeper->notice);
	keeper->notice = NULL;
	desktop_link_back(share);
	follow(keeper);
}

/* Once, however often it is asked. */
static void tell_why_not(struct display_keeper *keeper, int status)
{
	enum display_found answer = (enum display_found)status;
	char *text;

	if (status >= DISPLAY_ANSWERS || answer == keeper->told)
		return;
	keeper->told = answer;
	text = display_search_explain(&keeper->search, answer);
	log_info("%swaiting for a display: %s", keeper->share->whose, text);
	free(text);
}

static void on_searched(
	struct display_keeper *keeper, enum broker_verdict verdict, int status)
{
	if (verdict == BROKER_DONE && status == DISPLAY_FOUND &&
		open_it(keeper)) {
		come_back(keeper);
		return;
	}
	if (verdict == BROKER_DONE && status != DISPLAY_FOUND)
		tell_why_not(keeper, status);
	pause_search(keeper);
}

/* ---- the seat ---- */

static void pause_look(struct display_keeper *keeper)
{
	if (keeper->pause_ms > MOST_LOOK_PAUSE_MS)
		return;
	uv_timer_start(&keeper->timer, on_pause_over, keeper->pause_ms, 0);
	keeper->pause_ms *= 2;
}

/* Somebody else sits at the screen: perhaps before another display. */
static void on_looked(
	struct display_keeper *keeper, enum broker_verdict verdict, int status)
{
	struct display_target found = { NULL, NULL };
	bool is_other = verdict == BROKER_DONE && status == DISPLAY_FOUND &&
			display_report_read(&keeper->report, &found) &&
			strcmp(found.name, keeper->target.name) != 0;

	if (is_other) {
		log_info("%sfollowing the seat from display %s to %s",
			keeper->share->whose, keeper->target.name, found.name);
		leave(keeper);
		desktop_link_away(keeper->share);
		on_searched(keeper, verdict, status);
	} else {
		pause_look(keeper);
	}
	display_target_reset(&found);
}

/* ---- asking the broker ---- */

static bool ask_for_display(struct display_keeper *keeper);

static void on_display(void *context, enum broker_verdict verdict, int status)
{
	struct display_keeper *keeper = context;

	keeper->is_asked = false;
	if (keeper->share->server->stopping ||
		(keeper->is_outdated && ask_for_display(keeper)))
		return;
	if (keeper->away)
		on_searched(keeper, verdict, status);
	else
		on_looked(keeper, verdict, status);
}

static uint32_t ask(
	struct display_keeper *keeper, enum broker_job job, broker_done *done)
{
	struct broker_request request = { .job = job,
		.desktop = keeper->desktop };

	return broker_ask(
		keeper->share->server->door.broker, &request, done, keeper);
}

/* One at a time: they write to the same place, and who looked first may be
 * through last. False: the broker is gone. */
static bool ask_for_display(struct display_keeper *keeper)
{
	keeper->is_outdated = keeper->is_asked;
	if (!keeper->is_asked)
		keeper->is_asked = ask(keeper, BROKER_DISPLAY, on_display) != 0;
	return keeper->is_asked;
}

static void search(struct display_keeper *keeper)
{
	struct share *share = keeper->share;

	if (!share->server->stopping && !ask_for_display(keeper))
		server_stop(share->server, EXIT_DISPLAY_LOST,
			"the display is away, and the broker process that "
			"looks for it, too");
}

static void look(struct display_keeper *keeper)
{
	ask_for_display(keeper);
}

static void on_seat(void *context, enum broker_verdict verdict, int status)
{
	struct display_keeper *keeper = context;

	keeper->is_following = false;
	if (verdict == BROKER_DONE && status == 0 &&
		!keeper->share->server->stopping)
		follow(keeper);
}

/* Looks after it watches: what happens in between is not missed. */
static void follow(struct display_keeper *keeper)
{
	if (!keeper->follows || keeper->away)
		return;
	if (!keeper->is_following)
		keeper->is_following = ask(keeper, BROKER_SEAT, on_seat) != 0;
	if (!keeper->is_following)
		return;
	keeper->pause_ms = FIRST_PAUSE_MS;
	look(keeper);
}

/* ---- away ---- */

static void on_lost_now(uv_timer_t *timer)
{
	struct display_keeper *keeper = timer->data;

	if (keeper->share->server->stopping)
		return;
	desktop_link_away(keeper->share);
	search(keeper);
}

bool display_keeper_lost(struct display_keeper *keeper, const char *reason)
{
	keeper->died = true;
	if (keeper->opening)
		return true;
	if (!keeper->keeps)
		return false;
	if (keeper->away)
		return true;
	log_warning("%s%s; viewers stay until it is back", keeper->share->whose,
		reason);
	leave(keeper);
	/* Not from inside of what is just being done with the desktop. */
	uv_timer_start(&keeper->timer, on_lost_now, 0, 0);
	return true;
}

bool display_keeper_is_away(const struct display_keeper *keeper)
{
	return keeper->away || keeper->share->ended;
}

struct frame *display_keeper_picture(
	struct display_keeper *keeper, struct region *changed)
{
	const struct desktop *desktop = keeper->share->desktop;

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
