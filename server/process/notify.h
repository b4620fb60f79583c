/* notify.h - tells the service manager how it goes: ready, how many watch,
 * still alive, ending.
 *
 * Where it wants to hear that we are alive (WatchdogSec=) the loop says so at
 * half the interval: a loop that hangs is silent, and is started anew.
 *
 * Owner:   embedded in struct server; idle where nobody asked to be told.
 * Threads: the loop thread.
 * Source:  sd_notify(3), sd_watchdog_enabled(3).
 */
#ifndef SERVER_PROCESS_NOTIFY_H
#define SERVER_PROCESS_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/un.h>
#include <uv.h>

struct server;

struct notify {
	struct server *server;
	int fd; /* -1: nobody is to be told */
	struct sockaddr_un address;
	socklen_t length;
	uint64_t watchdog_us; /* 0: none */
	uv_timer_t watchdog;
	int told_viewers;
};

/* From the environment, which is then cleaned for those whom we start. Before
 * there are threads. */
void notify_open(struct notify *notify);
void notify_init(struct notify *notify, struct server *server);
/* Viewers can come now. */
void notify_ready(struct notify *notify);
/* Each turn of the loop: whether something is to be told. */
void notify_turn(struct notify *notify);
void notify_reloading(struct notify *notify);
void notify_reloaded(struct notify *notify);
void notify_stopping(struct notify *notify);
void notify_close(struct notify *notify);

#endif
