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
#include "server/access/rsa_key_file.h"
#include "server/broker/broker.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/desktop_link.h"
#include "server/input/input_rights.h"
#include "server/network/mdns.h"
#include "server/page_directory.h"
#include "server/process/log_target.h"
#include "server/process/reload.h"
#include "server/status/status_json.h"
#include "server/tls/tls_context.h"
#include "server/tls/tls_work.h"
#include "server/viewer.h"
#include "websocket/websocket.h"

enum { FAREWELL_MS = 400 };

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

/* As many as cores, where -threads does not say. */
static int worker_threads(const struct options *options)
{
	long threads = options->threads;

	if (threads == 0)
		threads = sysconf(_SC_NPROCESSORS_ONLN);
	return threads > 0 ? (int)threads : 1;
}

/* gtk-vnc chooses X509* wherever it is offered, and leaves where it does not
 * know the certificate. So our own is shown to viewers that ask for nothing
 * better, or where the command line says so. */
static bool offers_x509(const struct server *server)
{
	return tls_context_offers(server->tls, TLS_X509) &&
	       (!tls_context_is_self_signed(server->tls) ||
		       tls_context_asks_clients(server->tls) ||
		       server->options->security_types != NULL ||
		       server->options->vencrypt != NULL);
}

static void configure_clipboard(struct server *server)
{
	struct session_config *config = &server->session_config;
	const struct options *options = server->options;
	const char *way = options->selection_way;
	int most = options->most_clipboard_in_bytes;

	config->no_clipboard_in = !options->selections ||
				  !options->clipboard_in ||
				  (way != NULL && strcmp(way, "send") == 0);
	config->no_clipboard_out = !options->selections ||
				   !options->clipboard_out ||
				   (way != NULL && strcmp(way, "recv") == 0);
	config->most_clipboard_bytes =
		(size_t)(most != 0 ? most : options->most_clipboard_bytes);
}

/* After the clipboard: -input may take it away too. */
static void configure_input(struct server *server)
{
	struct session_config *config = &server->session_config;
	const struct options *options = server->options;
	struct input_rights rights = { .all = ~0U, .clipboard = true };

	if (options->input != NULL)
		input_rights_parse(options->input, &rights);
	if (!options->key_events)
		rights.all &= ~(unsigned)SESSION_KEYS;
	if (!options->pointer_events)
		rights.all &= ~(unsigned)(SESSION_MOTION | SESSION_BUTTONS);
	config->denied_input = ~rights.all;
	config->watchers_input = rights.watchers;
	config->no_clipboard_in |= !rights.clipboard;
	config->relative_pointer = options->relative_pointer;
	config->hide_pointer_place = !options->pointer_place;
}

/* What stands behind "3."; UltraVNC's 6 is the oldest with extras. */
static int offered_version(const struct options *options)
{
	int version = options->rfb_version != NULL
			      ? options->rfb_version[2] - '0'
			      : 8;

	return version < 7 ? 3 : version;
}

static void configure_sessions(struct server *server)
{
	struct session_config *config = &server->session_config;

	if (server->passwords.has_full)
		config->full_password = server->passwords.full;
	if (server->passwords.has_full)
		config->view_password = server->passwords.view; /* may be "" */
	config->checks_users = login_check_knows_users(&server->login_check);
	config->user_names = (const char *const *)server->options->user_names;
	if (server->tls != NULL) {
		config->tls_anonymous =
			tls_context_offers(server->tls, TLS_ANONYMOUS);
		config->tls_x509 = offers_x509(server);
	}
	config->tls_only = server->options->tls_only;
	config->security = server->security_order.list.types;
	config->local_plain_first = server->options->security_types == NULL;
	config->view_only = server->options->view_only;
	config->no_shapes = !server->options->cursor_shape;
	config->no_resize = !server->options->resize;
	configure_clipboard(server);
	configure_input(server);
	config->name = server->desktop_name;
	config->version = offered_version(server->options);
	config->least_quality = server->options->least_quality;
	config->most_quality = server->options->most_quality;
	config->workers = worker_threads(server->options);
}

/* No password option means a random one for this run: closed by default. */
static bool load_passwords(struct server *server)
{
	struct passwords *passwords = &server->passwords;

	if (server->options->no_password)
		return true;
	if (!password_file_read(passwords, server->options))
		return false;
	if (passwords->has_full || server->options->users_file != NULL ||
		server->options->pam_service != NULL)
		return true;
	password_file_invent(passwords->full);
	passwords->has_full = server->password_is_invented = true;
	return true;
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
		status = tls_context_create(
			&server->tls, &server->loop, options, &error);
		if (status != EXIT_OK)
			return fail(status, error);
	}
	plain->pages = page_directory_load(options->http_directory, &error);
	if (plain->pages == NULL && error != NULL)
		return fail(EXIT_FILE, error);
	if (options->auth_source != NULL &&
		!web_users_load(
			&server->web_users, options->auth_source, &error))
		return fail(EXIT_FILE, error);
	if (options->status_auth != NULL &&
		!web_users_load(
			&server->status_users, options->status_auth, &error))
		return fail(EXIT_FILE, error);
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

	desktop_link_turn(server);
	if (server->tls != NULL)
		tls_work_run(tls_context_work(server->tls));
	desktop_link_arm(server);
	for (connection = server->connections; connection != NULL;
		connection = next) {
		next = connection->next;
		if (connection->flush_wanted)
			connection_flush(connection);
	}
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
	door_init(&server->door);
	lifetime_init(&server->lifetime, server);
	notify_init(&server->notify, server);
	frame_clock_init(&server->clock, server);
	display_keeper_init(&server->display_keeper, server);
	stage_attach(&server->stage, server);
	clipboard_exchange_init(&server->clipboard, server);
	input_backlog_init(&server->backlog, server);
	pace_init(&server->pace, server);
	screenshot_init(&server->screenshot, server);
	peer_owner_open(&server->peer_owner);
	process_figures_open(&server->process_figures);
}

/* libuv reads its pool's size from the environment, when first used. */
static void set_worker_threads(int threads)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", threads);
	setenv("UV_THREADPOOL_SIZE", text, 1);
}

/* What is offered, and what that needs. */
static int open_security(struct server *server)
{
	struct session_config *config = &server->session_config;
	bool asks = config->full_password != NULL || config->checks_users;

	if (!security_order_init(&server->security_order, server->options,
		    server->tls != NULL &&
			    tls_context_is_vouched_for(server->tls)))
		return EXIT_USAGE;
	if (asks && security_order_needs(
			    &server->security_order, SECURITY_RSA_KEY)) {
		server->rsa_key = rsa_key_file_get(server->options);
		if (server->rsa_key == NULL)
			return EXIT_FILE;
	}
	config->rsa_key = server->rsa_key;
	return security_order_check(config) ? EXIT_OK : EXIT_USAGE;
}

/* The display, and what those who look at it are asked for. */
static int open_display(struct server *server)
{
	char *error = NULL;

	if (!load_passwords(server))
		return EXIT_FILE;
	if (!looks_init(&server->looks, server->options))
		return EXIT_USAGE;
	if (!desktop_link_open(server, &error))
		return fail(EXIT_DISPLAY, error);
	if (!display_keeper_wait(&server->display_keeper))
		return fail(EXIT_DISPLAY,
			xasprintf("-waitdisplay: there was no display for "
				  "%d s",
				server->options->wait_display_s));
	if (server->stopping)
		return EXIT_OK;
	configure_sessions(server);
	return open_security(server);
}

bool server_check(const struct options *options)
{
	char *error = NULL;

	if (!desktop_link_check(options, &error))
		return fail(EXIT_USAGE, error) == EXIT_OK;
	return view_rules_check(options);
}

int server_init(struct server *server, const struct options *options)
{
	char *error = NULL;
	int status;

	server->options = options;
	set_worker_threads(worker_threads(options));
	uv_loop_init(&server->loop);
	init_handles(server);
	if (!audit_open(&server->audit, options) ||
		!login_check_init(&server->login_check, server) ||
		!relay_desk_open(&server->relay_desk, server))
		return EXIT_FILE;
	status = load_files(server);
	if (status == EXIT_OK && options->serves_display)
		status = open_display(server);
	if (status != EXIT_OK || server->stopping)
		return status;
	if (!listener_open(&server->listener, server, &error) ||
		!control_open(&server->control, server, &error))
		return fail(EXIT_LISTEN, error);
	server->mdns = mdns_open(server);
	return EXIT_OK;
}

int server_run(struct server *server)
{
	uv_prepare_start(&server->before_sleep, before_sleep);
	listener_start(&server->listener);
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

static void close_handle(uv_handle_t *handle, void *context)
{
	(void)context;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

void server_finish(struct server *server)
{
	struct connection *connection;

	for (connection = server->connections; connection != NULL;
		connection = connection->next)
		connection_close(connection, "the server ends");
	/* Jobs on workers end, and connections free themselves. */
	server->stopping = true;
	uv_prepare_stop(&server->before_sleep);
	while (server->connections != NULL)
		uv_run(&server->loop, UV_RUN_ONCE);
	control_close(&server->control);
	mdns_close(server->mdns);
	uv_walk(&server->loop, close_handle, NULL);
	uv_run(&server->loop, UV_RUN_DEFAULT);
	uv_loop_close(&server->loop);
	screenshot_finish(&server->screenshot);
	peer_owner_close(&server->peer_owner);
	relay_desk_close(&server->relay_desk);
	wrap_finish(&server->wrap);
	looks_finish(&server->looks);
	desktop_link_close(server);
	display_keeper_finish(&server->display_keeper);
	audit_close(&server->audit);
	clipboard_exchange_finish(&server->clipboard);
	page_table_unref(server->plain_policy.pages);
	host_names_finish(&server->host_names);
	trusted_proxies_finish(&server->proxies);
	web_users_finish(&server->web_users);
	web_users_finish(&server->status_users);
	process_figures_close(&server->process_figures);
	tls_context_destroy(server->tls);
	login_check_finish(&server->login_check);
	rsa_key_destroy(server->rsa_key);
	password_file_forget(&server->passwords);
}
