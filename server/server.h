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

#include "server/access/address_book.h"
#include "server/access/audit.h"
#include "server/access/door.h"
#include "server/conduit.h"
#include "server/control/control.h"
#include "server/access/host_names.h"
#include "server/lifetime.h"
#include "server/network/dialer.h"
#include "server/network/listener.h"
#include "server/network/ping.h"
#include "server/access/web_users.h"
#include "server/options/options.h"
#include "server/pace.h"
#include "server/process/notify.h"
#include "server/status/metrics.h"
#include "server/status/process_figures.h"
#include "server/status/peer_owner.h"
#include "server/handshake_work.h"
#include "server/proxy/trusted_proxies.h"
#include "server/record/recorder.h"
#include "server/relay/relay_desk.h"
#include "server/relay/wrap.h"
#include "websocket/http_peer.h"

struct connection;
struct log_target;
struct mdns;
struct rsa_key;
struct share;
struct tls_context;

enum { SERVER_SCRATCH_BYTES = CONDUIT_MOST_BYTES, SERVER_SIGNALS = 4 };

struct server {
	const struct options *options;
	struct options *changing_options; /* the same, for reload.c alone */
	uv_loop_t loop;
	uv_signal_t signals[SERVER_SIGNALS];
	uv_prepare_t before_sleep;
	uv_timer_t farewell; /* how long a stop may take */
	int worker_threads;
	bool has_loop;
	bool stopping;
	bool left_behind; /* at the end: a worker did not come back */
	int exit_code;

	struct listener listener;
	struct dialer dialer;
	struct mdns *mdns; /* NULL: not announced */
	struct ping ping;
	struct connection *connections; /* newest first */
	unsigned long connection_count; /* ever */
	int viewer_count;               /* logged in, of all shares */
	struct address_book addresses;
	struct tls_context *tls; /* NULL: no TLS */
	struct handshake_work handshake_work;
	struct door door;
	struct lifetime lifetime;
	struct relay_desk relay_desk;
	struct recorder recorder;
	struct wrap wrap;
	struct log_target *log_target;
	struct notify notify;
	struct audit audit;

	char *authority;      /* $XAUTHORITY at the start; NULL: none */
	struct share *shares; /* NULL: only a relay to others */
	struct pace pace;
	struct control control;
	struct metrics metrics;
	struct process_figures process_figures;
	struct peer_owner peer_owner;

	struct rsa_key *rsa_key; /* NULL: nobody would be asked for it */
	struct host_names host_names;
	struct trusted_proxies proxies;
	struct web_users web_users, status_users;
	struct http_policy plain_policy, secure_policy, behind_https_policy;

	/* Where sockets are read into: used up before the next read. */
	uint8_t scratch[SERVER_SCRATCH_BYTES];
	struct conduit conduit; /* as large */
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
