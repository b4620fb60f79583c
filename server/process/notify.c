#include "server/process/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/server.h"

enum { NEVER_TOLD = -1, SHORTEST_US = 1000 };

/* '@' stands for the NUL that begins an abstract name. */
static bool set_address(struct notify *notify, const char *path)
{
	size_t length = strlen(path);

	if ((path[0] != '/' && path[0] != '@') || length < 2 ||
		length >= sizeof(notify->address.sun_path))
		return false;
	notify->address.sun_family = AF_UNIX;
	memcpy(notify->address.sun_path, path, length);
	if (path[0] == '@')
		notify->address.sun_path[0] = '\0';
	notify->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				     length + (path[0] == '/'));
	return true;
}

static uint64_t watchdog_from_environment(void)
{
	const char *text = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t us = text != NULL ? strtoull(text, NULL, 10) : 0;

	if (pid != NULL && strtol(pid, NULL, 10) != (long)getpid())
		return 0;
	return us < SHORTEST_US ? 0 : us;
}

void notify_open(struct notify *notify)
{
	const char *path = getenv("NOTIFY_SOCKET");

	notify->fd = -1;
	notify->told_viewers = NEVER_TOLD;
	if (path != NULL && set_address(notify, path))
		notify->fd = socket(
			AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	else if (path != NULL)
		log_warning(
			"NOTIFY_SOCKET: %s is neither a path nor an "
			"abstract name, nobody is told",
			path);
	if (notify->fd >= 0)
		notify->watchdog_us = watchdog_from_environment();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

static void tell(struct notify *notify, const char *text)
{
	if (notify->fd >= 0)
		sendto(notify->fd, text, strlen(text),
			MSG_NOSIGNAL | MSG_DONTWAIT,
			(struct sockaddr *)&notify->address, notify->length);
}

static void on_watchdog(uv_timer_t *timer)
{
	tell(timer->data, "WATCHDOG=1");
}

void notify_init(struct notify *notify, struct server *server)
{
	notify->server = server;
	uv_timer_init(&server->loop, &notify->watchdog);
	notify->watchdog.data = notify;
}

static void describe(const struct notify *notify, char *text, size_t size)
{
	const struct server *server = notify->server;
	int count = server->viewer_count;

	if (server->listener.port > 0)
		snprintf(text, size, "STATUS=port %d, %d viewer%s",
			server->listener.port, count, count == 1 ? "" : "s");
	else
		snprintf(text, size, "STATUS=%d viewer%s", count,
			count == 1 ? "" : "s");
}

void notify_ready(struct notify *notify)
{
	uint64_t half_ms = notify->watchdog_us / 2000;

	tell(notify, "READY=1");
	if (notify->watchdog_us > 0)
		uv_timer_start(&notify->watchdog, on_watchdog, 0,
			half_ms > 0 ? half_ms : 1);
}

void notify_turn(struct notify *notify)
{
	char text[64];

	if (notify->fd < 0 ||
		notify->told_viewers == notify->server->viewer_count ||
		notify->server->stopping)
		return;
	notify->told_viewers = notify->server->viewer_count;
	describe(notify, text, sizeof(text));
	tell(notify, text);
}

void notify_reloading(struct notify *notify)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		clock_us());
	tell(notify, text);
}

void notify_reloaded(struct notify *notify)
{
	tell(notify, "READY=1");
}

void notify_stopping(struct notify *notify)
{
	tell(notify, "STOPPING=1\nSTATUS=ending");
}

void notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}
