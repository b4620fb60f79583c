#include "server/server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "rfb/rsa_key.h"
#include "server/broker/broker.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/desktop_link.h"
#include "server/network/mdns.h"
#include "server/options/option_desktops.h"
#include "server/page_directory.h"
#include "server/share/share.h"
#include "server/share/share_list.h"
#include "server/process/log_target.h"
#include "server/process/reload.h"
#include "server/status/status_json.h"
#include "server/tls/tls_context.h"
#include "server/viewer.h"
#include "websocket/websocket.h"

enum {
	FAREWELL_MS = 400,
	PATIENCE_MS = 1000, /* with workers, at the end */
};

/* ---- connections ---- */

void server_remember_connection(
	struct server *server, struct connection *connection)
{
	connection->number = ++server->connection_count;
	metrics_add(&server->metrics, METRICS_CONNECTIONS, 1);
	connection->next = server->connections;
	if (connection->next != NULL)
		connection->next->previous = connection;
	server->connections = connection;
}

void server_forget_connection(
	struct server *server, struct connection *connection)
{
	if (connection->previous != NULL)
		connection->previous->next = connection->next;
	else
		server->connections = connection->next;
	if (connection->next != NULL)
		connection->next->previous = connection->previous;
}

/* ---- starting ---- */

static int fail(int exit_code, char *error)
{
	log_error("%s", error);
	free(error);
	return exit_code;
}

static int fail_of(const char *option, char *error)
{
	char *whole = xasprintf("%s: %s", option, error);

	free(error);
	return fail(EXIT_FILE, whole);
}

static int load_files(struct server *server)
{
	const struct options *options = server->options;
	struct http_policy *plain = &server->plain_policy;
	struct host_why why;
	char *error = NULL;
	int status;

	if (!trusted_proxies_init(&server->proxies,
		    (const char *const *)options->trusted_proxies, &why))
		return fail(EXIT_USAGE, xasprintf("-trustproxy: %s", why.text));
	if (options->tls) {
		status = tls_context_create(&server->tls, options, &error);
		if (status != EXIT_OK)
			return fail(status, error);
	}
	plain->pages = page_directory_load(options->http_directory, &error);
	if (plain->pages == NULL && error != NULL)
		return fail_of("-httpdir", error);
	if (options->auth_source != NULL &&
		!web_users_load(
			&server->web_users, options->auth_source, &error))
		return fail_of("-auth-source", error);
	if (options->status_auth != NULL &&
		!web_users_load(
			&server->status_users, options->status_auth, &error))
		return fail_of("-statusauth", error);
	plain->fields = (const char *const *)options->http_headers;
	plain->origins = (const char *const *)options->origins;
	host_names_init(&server->host_names);
	plain->hosts = (const char *const *)server->host_names.list;
	plain->tls_only = options->tls_only;
	server->secure_policy = *plain;
	server->secure_policy.secure = true;
	/* The browser has compared the proxy's name with its certificate, which
	 * is more than our list of names can: no name of somebody else's that
	 * leads there (DNS rebinding) has one. */
	server->behind_https_policy = server->secure_policy;
	server->behind_https_policy.hosts = NULL;
	return EXIT_OK;
}

/* X calls made in this turn may have brought events along that no descriptor
 * will tell of; what they cause is sent with the rest. */
static void before_sleep(uv_prepare_t *prepare)
{
	struct server *server = prepare->data;
	struct connection *connection, *next;
	struct share *share;

	if (xmalloc_is_short())
		server_stop(server, EXIT_FAULT, "out of memory");
	for (share = server->shares; share != NULL; share = share->next)
		desktop_link_turn(share);
	handshake_work_run(&server->handshake_work);
	for (share = server->shares; share != NULL; share = share->next)
		desktop_link_arm(share);
	for (connection = server->connections; connection != NULL;
		connection = next) {
		next = connection->next;
		if (connection->flush_wanted)
			connection_flush(connection);
	}
	desktop_rest();
	notify_turn(&server->notify);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;

	if (number == SIGUSR1) {
		log_target_reopen(server->log_target);
		if (server->log_target->file != NULL)
			broker_reopen_log(server->door.broker);
		audit_reopen(&server->audit, server->options);
		return;
	}
	if (number == SIGHUP) {
		reload(server);
		return;
	}
	server_stop(server, EXIT_OK,
		number == SIGINT ? "interrupted" : "asked to end (SIGTERM)");
}

/* Where there is one SIGHUP means that it was closed, not that files are to be
 * read again. */
static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void init_handles(struct server *server)
{
	static const int numbers[SERVER_SIGNALS] = { SIGINT, SIGTERM, SIGUSR1,
		SIGHUP };
	int count = SERVER_SIGNALS - has_terminal();
	struct share *share;
	int i;

	uv_prepare_init(&server->loop, &server->before_sleep);
	server->before_sleep.data = server;
	uv_timer_init(&server->loop, &server->farewell);
	server->farewell.data = server;
	for (i = 0; i < count; i++) {
		uv_signal_init(&server->loop, &server->signals[i]);
		server->signals[i].data = server;
		uv_signal_start(&server->signals[i], on_signal, numbers[i]);
	}
	handshake_work_init(&server->handshake_work, &server->loop);
	door_init(&server->door);
	lifetime_init(&server->lifetime, server);
	notify_init(&server->notify, server);
	pace_init(&server->pace, server);
	for (share = server->shares; share != NULL; share = share->next)
		share_attach(share);
	peer_owner_open(&server->peer_owner);
	process_figures_open(&server->process_figures);
}

/* As many as cores, where -threads does not say. */
static int worker_threads(const struct options *options)
{
	long threads = options->threads;

	if (threads == 0)
		threads = sysconf(_SC_NPROCESSORS_ONLN);
	return threads > 0 ? (int)threads : 1;
}

/* libuv reads its pool's size from the environment, when first used, and gives
 * half of it, rounded up, to lookups of names: of one worker that would be all.
 * The file of tokens may be on a disk that does not answer. */
static void set_worker_threads(int threads, bool has_tokens)
{
	char text[16];

	if (threads < 2)
		threads = 2;
	threads += has_tokens;
	snprintf(text, sizeof(text), "%d", threads);
	setenv("UV_THREADPOOL_SIZE", text, 1);
}

static bool check_desktop(const struct options *options)
{
	char *error = NULL;

	if (!desktop_link_check(options, &error))
		return fail(EXIT_USAGE, error) == EXIT_OK;
	return view_rules_check(options);
}

bool server_check(const struct options *options)
{
	const struct option_desktops *desktops = options->desktops;

	for (size_t i = 0; desktops != NULL && i < desktops->count; i++)
		if (!check_desktop(desktops->list[i].options)) {
			log_error("that is of the desktop '%s'",
				desktops->list[i].name);
			return false;
		}
	return desktops != NULL || check_desktop(options);
}

int server_init(struct server *server, const struct options *options)
{
	char *error = NULL;
	int status;

	server->options = options;
	server->worker_threads = worker_threads(options);
	set_worker_threads(
		server->worker_threads, options->token_plugin != NULL);
	status = uv_loop_init(&server->loop);
	if (status < 0)
		return fail(
			EXIT_FAULT, xasprintf("cannot begin: %s (ulimit -n)",
					    uv_strerror(status)));
	server->has_loop = true;
	init_handles(server);
	if (!audit_open(&server->audit, options) ||
		!relay_desk_open(&server->relay_desk, server) ||
		!recorder_open(
			&server->recorder, &server->loop, options->record))
		return EXIT_FILE;
	status = load_files(server);
	if (status == EXIT_OK)
		status = share_list_open(server);
	if (status != EXIT_OK || server->stopping)
		return status;
	if (!listener_open(&server->listener, server, NULL, &error) ||
		!control_open(&server->control, server, &error))
		return fail(EXIT_LISTEN, error);
	server->mdns = mdns_open(server);
	return share_list_listen(server);
}

int server_run(struct server *server)
{
	uv_prepare_start(&server->before_sleep, before_sleep);
	listener_start(&server->listener);
	share_list_start(server);
	lifetime_start(&server->lifetime);
	dialer_start(&server->dialer, server);
	ping_start(&server->ping, server);
	wrap_start(&server->wrap);
	notify_ready(&server->notify);
	uv_run(&server->loop, UV_RUN_DEFAULT);
	return server->exit_code;
}

/* ---- ending ---- */

static void on_farewell_over(uv_timer_t *timer)
{
	struct server *server = timer->data;

	uv_stop(&server->loop);
}

static bool any_open(const struct server *server)
{
	const struct connection *connection = server->connections;

	for (; connection != NULL; connection = connection->next)
		if (connection->state != CONNECTION_CLOSED)
			return true;
	return false;
}

void server_stop(struct server *server, int exit_code, const char *reason)
{
	struct connection *connection, *next;
	struct share *share;

	if (server->stopping)
		return;
	server->stopping = true;
	server->exit_code = exit_code;
	notify_stopping(&server->notify);
	if (exit_code == EXIT_OK)
		log_info("ending: %s", reason);
	else
		log_error("ending: %s", reason);
	control_event_tell(server, CONTROL_STOPPING,
		json_pack("{s:o}", "reason", status_json_text(reason)));
	listener_close(&server->listener);
	for (share = server->shares; share != NULL; share = share->next)
		listener_close(&share->listener);
	dialer_stop(&server->dialer);
	mdns_close(server->mdns);
	server->mdns = NULL;
	for (connection = server->connections; connection != NULL;
		connection = next) {
		next = connection->next;
		if (connection->logged_in)
			connection_finish(connection, WEBSOCKET_GOING_AWAY,
				"the server ends");
		else
			connection_close(connection, "the server ends");
	}
	uv_timer_start(&server->farewell, on_farewell_over,
		any_open(server) ? FAREWELL_MS : 0, 0);
}

static void on_patience_over(uv_timer_t *timer)
{
	struct server *server = timer->data;

	server->left_behind = true;
}

/* All but that of our patience. */
static void close_handle(uv_handle_t *handle, void *patience)
{
	if (handle != patience && !uv_is_closing(handle))
		uv_close(handle, NULL);
}

/* What workers do is over soon, but for one that asks a name server which does
 * not answer, or a disk. */
static void close_loop(struct server *server)
{
	uv_handle_t *patience = (uv_handle_t *)&server->farewell;

	uv_timer_start(&server->farewell, on_patience_over, PATIENCE_MS, 0);
	uv_unref(patience);
	/* Connections free themselves. */
	while (server->connections != NULL && !server->left_behind)
		uv_run(&server->loop, UV_RUN_ONCE);
	control_close(&server->control);
	mdns_close(server->mdns);
	uv_walk(&server->loop, close_handle, patience);
	while (uv_loop_alive(&server->loop) && !server->left_behind)
		uv_run(&server->loop, UV_RUN_ONCE);
	uv_close(patience, NULL);
	uv_run(&server->loop, UV_RUN_NOWAIT);
	if (!server->left_behind)
		uv_loop_close(&server->loop);
}

/* What nobody outside would notice, and a worker may still look at. */
static void free_all(struct server *server)
{
	struct share *share;

	peer_owner_close(&server->peer_owner);
	relay_desk_close(&server->relay_desk);
	conduit_close(&server->conduit);
	recorder_close(&server->recorder);
	wrap_finish(&server->wrap);
	for (share = server->shares; share != NULL; share = share->next)
		share_finish(share);
	page_table_unref(server->plain_policy.pages);
	host_names_finish(&server->host_names);
	trusted_proxies_finish(&server->proxies);
	web_users_finish(&server->web_users);
	web_users_finish(&server->status_users);
	process_figures_close(&server->process_figures);
	tls_context_destroy(server->tls);
	rsa_key_destroy(server->rsa_key);
}

void server_finish(struct server *server)
{
	struct connection *connection;
	struct share *share;

	if (!server->has_loop)
		return;
	for (connection = server->connections; connection != NULL;
		connection = connection->next)
		connection_close(connection, "the server ends");
	server->stopping = true;
	uv_prepare_stop(&server->before_sleep);
	close_loop(server);
	for (share = server->shares; share != NULL; share = share->next)
		share_close(share);
	audit_close(&server->audit);
	if (server->left_behind)
		log_warning(
			"not waiting any longer for what is still done: a "
			"name server asked, a disk, a screenshot");
	else
		free_all(server);
}
