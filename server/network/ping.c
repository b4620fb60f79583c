#include "server/network/ping.h"

#include "base/region.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"

static void ping_all(struct share *share)
{
	struct viewer *viewer = share->viewers;
	struct move_list nothing = { 0 };
	struct region pixel;

	region_init(&pixel);
	region_add_rect(&pixel, (struct rect){ 0, 0, 1, 1 });
	for (; viewer != NULL; viewer = viewer->next)
		session_damage(viewer->session, &pixel, &nothing);
	region_finish(&pixel);
	frame_clock_wake(&share->clock);
}

static void on_due(uv_timer_t *timer)
{
	struct ping *ping = timer->data;
	struct share *share = ping->server->shares;

	for (; share != NULL; share = share->next)
		if (share->viewers != NULL)
			ping_all(share);
}

void ping_start(struct ping *ping, struct server *server)
{
	uint64_t interval = (uint64_t)server->options->ping_s * 1000;

	ping->server = server;
	uv_timer_init(&server->loop, &ping->timer);
	ping->timer.data = ping;
	if (interval > 0)
		uv_timer_start(&ping->timer, on_due, interval, interval);
}
