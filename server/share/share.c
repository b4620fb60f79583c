#include "server/share/share.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/access/rsa_key_file.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/desktop_link.h"
#include "server/server.h"
#include "server/share/share_config.h"
#include "server/tls/tls_context.h"
#include "server/viewer.h"
#include "websocket/websocket.h"

struct share *share_create(
	struct server *server, struct options *options, const char *name)
{
	struct share *share = xcalloc(1, sizeof(*share));
	struct share **last = &server->shares;

	share->server = server;
	share->options = share->changing_options = options;
	share->name = name;
	share->whose = xasprintf(
		"%s%s", name != NULL ? name : "", name != NULL ? ": " : "");
	share->began_view_only = options->view_only;
	share->stage.socket = -1;
	share->listener.given = -1;
	share->display_keeper.report = (struct display_report){ -1, -1 };
	while (*last != NULL)
		last = &(*last)->next;
	*last = share;
	return share;
}

void share_attach(struct share *share)
{
	frame_clock_init(&share->clock, share);
	display_keeper_init(&share->display_keeper, share);
	stage_attach(&share->stage, share);
	clipboard_exchange_init(&share->clipboard, share);
	input_backlog_init(&share->backlog, share);
	screenshot_init(&share->screenshot, share);
}

/* ---- opening ---- */

static int fail(int exit_code, char *error)
{
	log_error("%s", error);
	free(error);
	return exit_code;
}

/* No password option means a random one for this run: closed by default. */
static bool load_passwords(struct share *share)
{
	struct passwords *passwords = &share->passwords;

	if (share->options->no_password)
		return true;
	if (!password_file_read(passwords, share->options, INPUT_FILE_AT_START))
		return false;
	if (passwords->has_full || share->options->users_file != NULL ||
		share->options->pam_service != NULL)
		return true;
	password_file_invent(passwords->full);
	passwords->has_full = share->password_is_invented = true;
	return true;
}

/* What is offered, and what that needs. */
static int open_security(struct share *share)
{
	struct server *server = share->server;
	struct session_config *config = &share->session_config;
	bool asks = config->full_password != NULL || config->checks_users;

	if (!security_order_init(&share->security_order, share->options,
		    server->tls != NULL &&
			    tls_context_is_vouched_for(server->tls)))
		return EXIT_USAGE;
	if (asks && server->rsa_key == NULL &&
		security_order_needs(
			&share->security_order, SECURITY_RSA_KEY)) {
		server->rsa_key = rsa_key_file_get(server->options);
		if (server->rsa_key == NULL)
			return EXIT_FILE;
	}
	config->rsa_key = server->rsa_key;
	return security_order_check(config) ? EXIT_OK : EXIT_USAGE;
}

/* What the door and the page have not asked for all alike. */
static bool load_own_rules(struct share *share, char **error)
{
	const char *source = share->options->auth_source;
	char *why;

	if (share->name == NULL)
		return true;
	if (!host_list_open(&share->hosts, share->options))
		return false;
	if (source == NULL || web_users_load(&share->web_users, source, &why))
		return true;
	*error = xasprintf("-auth-source: %s", why);
	free(why);
	return false;
}

static int open_share(struct share *share)
{
	char *error = NULL;

	if (!login_check_init(&share->login_check, share) ||
		!load_passwords(share) || !load_own_rules(share, &error))
		return error != NULL ? fail(EXIT_FILE, error) : EXIT_FILE;
	if (!looks_init(&share->looks, share->options))
		return EXIT_USAGE;
	if (!desktop_link_open(share, &error))
		return fail(EXIT_DISPLAY, error);
	if (!display_keeper_wait(&share->display_keeper))
		return fail(EXIT_DISPLAY,
			xasprintf("-waitdisplay: there was no display for "
				  "%d s",
				share->options->wait_display_s));
	if (share->server->stopping)
		return EXIT_OK;
	share_config_fill(share);
	return open_security(share);
}

int share_open(struct share *share)
{
	int status = open_share(share);

	desktop_rest(); /* others may take long to open */
	if (status != EXIT_OK && share->name != NULL)
		log_error("the desktop '%s' cannot be shared", share->name);
	return status;
}

bool share_admits(struct share *share, const struct address *address)
{
	return share->name == NULL ||
	       host_list_find(&share->hosts, address) != HOST_NO;
}

/* ---- ending ---- */

bool share_is_up(const struct share *share)
{
	return !share->ended && !share->server->stopping &&
	       !display_keeper_is_away(&share->display_keeper);
}

static bool any_lives(const struct share *share)
{
	while (share != NULL && share->ended)
		share = share->next;
	return share != NULL;
}

static void send_away(struct share *share, const char *reason)
{
	struct connection *connection = share->server->connections, *next;

	for (; connection != NULL; connection = next) {
		const struct viewer *viewer = viewer_of(connection->top);

		next = connection->next;
		if (viewer != NULL && viewer->share == share)
			connection_finish(
				connection, WEBSOCKET_GOING_AWAY, reason);
	}
}

void share_end(struct share *share, int exit_code, const char *reason)
{
	if (share->ended)
		return;
	share->ended = true;
	if (!any_lives(share->server->shares)) {
		server_stop(share->server, exit_code, reason);
		return;
	}
	log_error("the desktop '%s' has ended: %s", share->name, reason);
	metrics_add(&share->server->metrics, METRICS_DISPLAY_LOST, 1);
	control_event_share(CONTROL_DISPLAY_LOST, share);
	listener_close(&share->listener);
	stage_end(&share->stage);
	send_away(share, "this desktop has ended");
}

void share_close(struct share *share)
{
	screenshot_finish(&share->screenshot);
	looks_finish(&share->looks);
	desktop_link_close(share);
	clipboard_exchange_finish(&share->clipboard);
}

void share_finish(struct share *share)
{
	login_check_finish(&share->login_check);
	password_file_forget(&share->passwords);
	host_list_finish(&share->hosts);
	web_users_finish(&share->web_users);
}

void share_destroy(struct share *share)
{
	display_keeper_finish(&share->display_keeper);
	stage_close(&share->stage);
	free(share->whose);
	/* A worker that did not come back may have a job in it. */
	if (!share->server->left_behind)
		free(share);
}

void share_count(struct share *share, enum metrics_count what, uint64_t number)
{
	metrics_add(&share->server->metrics, what, number);
	share->counts[what] += number;
}

void share_options_changed(struct share *share)
{
	struct session_config *config = &share->session_config;

	config->least_quality = share->options->least_quality;
	config->most_quality = share->options->most_quality;
	frame_clock_wake(&share->clock);
}
