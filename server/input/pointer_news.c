#include "server/input/pointer_news.h"

#include "server/server.h"
#include "server/viewer.h"
#include "x11/desktop.h"

enum { PAUSE_MS = 16, POLL_MS = 33 };

void pointer_news_init(struct pointer_news *news, struct server *server)
{
	news->server = server;
	uv_timer_init(&server->loop, &news->timer);
	news->timer.data = news;
}

static bool is_wanted(const struct server *server)
{
	const struct viewer *viewer = server->viewers;

	for (; viewer != NULL; viewer = viewer->next)
		if (session_wants_pointer(viewer->session))
			return true;
	return false;
}

void pointer_news_place(struct pointer_news *news, int x, int y)
{
	struct viewer *viewer = news->server->viewers;

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

	news->due = false;
	if (desktop_pointer(news->server->desktop, &x, &y))
		pointer_news_place(news, x, y);
}

static void on_timer(uv_timer_t *timer);

static void pause_asking(struct pointer_news *news)
{
	uv_timer_start(
		&news->timer, on_timer, news->told ? PAUSE_MS : POLL_MS, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct pointer_news *news = timer->data;

	if (!is_wanted(news->server)) {
		news->watching = false;
		desktop_watch_pointer(news->server->desktop, false);
		return;
	}
	if (!news->due && news->told)
		return;
	ask(news);
	pause_asking(news);
}

void pointer_news_want(struct pointer_news *news)
{
	if (news->watching || news->server->stopping)
		return;
	news->watching = true;
	news->told = desktop_watch_pointer(news->server->desktop, true);
	ask(news);
	pause_asking(news);
}

void pointer_news_restart(struct pointer_news *news)
{
	uv_timer_stop(&news->timer);
	news->watching = false;
	if (is_wanted(news->server))
		pointer_news_want(news);
}

void pointer_news_moved(struct pointer_news *news)
{
	if (!news->watching || news->server->stopping)
		return;
	news->due = true;
	if (!uv_is_active((uv_handle_t *)&news->timer))
		on_timer(&news->timer);
}
