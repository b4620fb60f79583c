/* share.h - one desktop that is shared: its display, those who look at it, and
 * what they are asked for and may do.
 *
 * What the process has once (the loop, the port, TLS, the door, the log) is the
 * server's; what a desktop has of its own hangs here.
 *
 * Owner:   share_create() makes it, a member of server->shares; it lives as
 *          long as the server. share_destroy() frees.
 * Threads: the loop thread; share_create() before there is any other.
 */
#ifndef SERVER_SHARE_SHARE_H
#define SERVER_SHARE_SHARE_H

#include <stdbool.h>
#include <uv.h>

#include "rfb/session.h"
#include "server/access/host_list.h"
#include "server/access/login_check.h"
#include "server/access/password_file.h"
#include "server/access/security_order.h"
#include "server/access/web_users.h"
#include "server/clipboard_exchange.h"
#include "server/create/stage.h"
#include "server/display/display_keeper.h"
#include "server/frame_clock.h"
#include "server/input/pointer_news.h"
#include "server/input/pointer_seat.h"
#include "server/input_backlog.h"
#include "server/network/listener.h"
#include "server/options/options.h"
#include "server/status/metrics.h"
#include "server/status/screenshot.h"
#include "server/view/look.h"
#include "x11/desktop.h"

struct server;
struct viewer;

struct share {
	struct server *server;
	struct share *next; /* server->shares */
	const struct options *options;
	struct options *changing_options; /* the same, for who changes them */
	const char *name; /* in addresses; NULL: it is the only one */
	char *whose;      /* the same before what the log says: "lab1: "; "" */
	bool began_view_only; /* so it has looked at no keyboard */
	bool ended;           /* its display is gone for good */

	struct desktop *desktop;
	char *desktop_name;
	uv_poll_t *desktop_poll;  /* NULL: there is no display */
	uv_timer_t desktop_timer; /* desktop_due_us() */
	struct display_keeper display_keeper;
	struct stage stage;    /* -create */
	bool resize_asked;     /* a viewer asked for the size that comes now */
	uv_timer_t tend_timer; /* of the monitor's power */

	struct viewer *viewers; /* logged in */
	int viewer_count;
	struct looks looks;       /* what they look at */
	struct listener listener; /* a port of its own */
	struct frame_clock clock;
	struct screenshot screenshot;
	struct pointer_news pointer_news;
	struct pointer_seat pointer_seat;
	struct clipboard_exchange clipboard;
	struct input_backlog backlog;

	struct passwords passwords;
	bool password_is_invented; /* for this run */
	struct login_check login_check;
	struct security_order security_order;
	struct session_config session_config;
	uint64_t counts[METRICS_COUNTS]; /* see share_count() */
	struct host_list hosts;          /* who may come to this one */
	struct web_users web_users;      /* the same, of browsers */
};

/* The last of server->shares. Keeps the options and the name. */
struct share *share_create(
	struct server *server, struct options *options, const char *name);
/* The loop is there. */
void share_attach(struct share *share);
/* Opens the display, and reads what those who look at it are asked for.
 * EXIT_OK, or the exit code of what failed, after it was logged. */
int share_open(struct share *share);
/* Lets go of the display, also where share_open() failed half way; the loop is
 * gone. */
void share_close(struct share *share);
/* What else that made. */
void share_finish(struct share *share);
/* The rest. */
void share_destroy(struct share *share);

/* Its display is gone, and nobody waits for it: those who look at it are told.
 * With the last one the program ends, with that exit code. */
void share_end(struct share *share, int exit_code, const char *reason);
/* Somebody may look at it now. */
bool share_is_up(const struct share *share);

/* Counts for all desktops and for this one. Of bytes only those are here that
 * were of viewers which are gone. */
void share_count(struct share *share, enum metrics_count what, uint64_t number);

/* Whether that address may come to it; the door has been asked before. */
bool share_admits(struct share *share, const struct address *address);

/* Options may be others now: tells those that keep something made of them. */
void share_options_changed(struct share *share);

#endif
