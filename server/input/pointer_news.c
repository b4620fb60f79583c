#include "server/input/pointer_news.h"

#include "base/clock.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"
#include "x11/desktop.h"

enum { PAUSE_US = 16000, POLL_MS = 33 };

void pointer_news_init(struct pointer_news *news, struct share *share)
{
	news->share = share;
	uv_timer_init(&share->server->loop, &news->timer);
	news->timer.data = news;
}

static bool is_wanted(const struct share *share)
{
	const struct viewer *viewer = share->viewers;

	for (; viewer != NULL; viewer = viewer->next)
		if (session_wants_pointer(viewer->session))
			return true;
	return false;
}

void pointer_news_place(struct pointer_news *news, int x, int y)
{
	struct viewer *viewer = news->share->viewers;

	for (; viewer != NULL; viewer = viewer->next) {
		int there_x = x, there_y = y;

		if (!session_wants_pointer(viewer->session))
			continue;
		look_point(viewer->look, &there_x, &there_y);
		session_set_pointer(viewer->session, there_x, there_y);
	}
}

static void ask(struct pointer_news *news)
{
	int x, y;

	news->asked_us = clock_us();
	if (desktop_pointer(news->share->desktop, &x, &y))
		pointer_news_place(news, x, y);
}

static void on_timer(uv_timer_t *timer);

/* Where the X server tells of motion, nothing wakes us while there is none. */
static void go_on(struct pointer_news *news)
{
	if (!news->told)
		uv_timer_start(&news->timer, on_timer, POLL_MS, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct pointer_news *news = timer->data;

	if (!is_wanted(news->share)) {
		news->watching = false;
		desktop_watch_pointer(news->share->desktop, false);
		return;
	}
	ask(news);
	go_on(news);
}

void pointer_news_want(struct pointer_news *news)
{
	if (news->watching || news->share->server->stopping)
		return;
	news->watching = true;
	news->told = desktop_watch_pointer(news->share->desktop, true);
	ask(news);
	go_on(news);
}

void pointer_news_restart(struct pointer_news *news)
{
	uv_timer_stop(&news->timer);
	news->watching = false;
	if (is_wanted(news->share))
		pointer_news_want(news);
}

void pointer_news_moved(struct pointer_news *news)
{
	uint64_t since_us = clock_us() - news->asked_us;

	if (!news->watching || news->share->server->stopping ||
		uv_is_active((uv_handle_t *)&news->timer))
		return;
	if (since_us >= PAUSE_US)
		on_timer(&news->timer);
	else
		uv_timer_start(&news->timer, on_timer,
			(PAUSE_US - since_us + 999) / 1000, 0);
}
