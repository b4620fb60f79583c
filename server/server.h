/* server.h - the one struct in which everything of a running server hangs.
 *
 * Owner:   main's stack; passed down.
 * Threads: the loop thread.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "rfb/session.h"
#include "server/access/address_book.h"
#include "server/access/audit.h"
#include "server/access/door.h"
#include "server/clipboard_exchange.h"
#include "server/control/control.h"
#include "server/create/stage.h"
#include "server/display/display_keeper.h"
#include "server/frame_clock.h"
#include "server/input_backlog.h"
#include "server/access/host_names.h"
#include "server/input/pointer_news.h"
#include "server/input/pointer_seat.h"
#include "server/lifetime.h"
#include "server/network/dialer.h"
#include "server/network/listener.h"
#include "server/network/ping.h"
#include "server/access/web_users.h"
#include "server/options/options.h"
#include "server/pace.h"
#include "server/process/notify.h"
#include "server/access/login_check.h"
#include "server/status/metrics.h"
#include "server/status/process_figures.h"
#include "server/status/peer_owner.h"
#include "server/status/screenshot.h"
#include "server/view/look.h"
#include "server/access/password_file.h"
#include "server/access/security_order.h"
#include "server/proxy/trusted_proxies.h"
#include "server/relay/relay_desk.h"
#include "server/relay/wrap.h"
#include "websocket/http_peer.h"
#include "x11/desktop.h"

struct connection;
struct log_target;
struct mdns;
struct tls_context;
struct viewer;

enum { SERVER_SCRATCH_BYTES = 65536, SERVER_SIGNALS = 4 };

struct server {
	const struct options *options;
	struct options *changing_options; /* the same, for reload.c alone */
	uv_loop_t loop;
	uv_signal_t signals[SERVER_SIGNALS];
	uv_prepare_t before_sleep;
	uv_timer_t farewell; /* how long a stop may take */
	bool stopping;
	int exit_code;

	struct listener listener;
	struct dialer dialer;
	struct mdns *mdns; /* NULL: not announced */
	struct ping ping;
	struct connection *connections; /* newest first */
	unsigned long connection_count; /* ever */
	struct viewer *viewers;         /* logged in */
	struct looks looks;             /* what they look at */
	int viewer_count;
	struct address_book addresses;
	struct tls_context *tls; /* NULL: no TLS */
	struct door door;
	struct lifetime lifetime;
	struct relay_desk relay_desk;
	struct wrap wrap;
	struct log_target *log_target;
	struct notify notify;
	struct audit audit;

	struct desktop *desktop; /* NULL: only a relay to others */
	char *desktop_name;
	uv_poll_t *desktop_poll;  /* NULL: there is no display */
	uv_timer_t desktop_timer; /* desktop_due_us() */
	struct display_keeper display_keeper;
	struct stage stage; /* -create */
	struct pointer_news pointer_news;
	struct pointer_seat pointer_seat;
	bool resize_asked;     /* a viewer asked for the size that comes now */
	uv_timer_t tend_timer; /* of the monitor's power */
	struct frame_clock clock;
	struct clipboard_exchange clipboard;
	struct input_backlog backlog;
	struct pace pace;
	struct control control;
	struct metrics metrics;
	struct process_figures process_figures;
	struct screenshot screenshot;
	struct peer_owner peer_owner;

	struct passwords passwords;
	bool password_is_invented; /* for this run */
	struct login_check login_check;
	struct security_order security_order;
	struct rsa_key *rsa_key; /* NULL: nobody would be asked for it */
	struct session_config session_config;
	struct host_names host_names;
	struct trusted_proxies proxies;
	struct web_users web_users, status_users;
	struct http_policy plain_policy, secure_policy, behind_https_policy;

	/* Where sockets are read into: used up before the next read. */
	uint8_t scratch[SERVER_SCRATCH_BYTES];
};

/* What of the options only those can judge who use them. Opens nothing. False:
 * an error was logged, which names the option. */
bool server_check(const struct options *options);
/* Opens the display, the files and the port. EXIT_OK, or the exit code of what
 * failed, after it was logged. Keeps the options. */
int server_init(struct server *server, const struct options *options);
/* Until a signal, a lost display or -once ends it; gives the exit code. */
int server_run(struct server *server);
/* Frees what server_init() made, also after it failed half way. */
void server_finish(struct server *server);

/* Ends server_run() soon: viewers are told, and get a moment to read it. */
void server_stop(struct server *server, int exit_code, const char *reason);

void server_remember_connection(
	struct server *server, struct connection *connection);
void server_forget_connection(
	struct server *server, struct connection *connection);

#endif
