#include "server/access/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/access/audit_line.h"
#include "server/connection.h"
#include "server/control/control_event.h"
#include "server/options/options.h"
#include "server/relay/relay.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"

bool audit_open(struct audit *audit, const struct options *options)
{
	const char *file = options->audit_file;

	audit->file = -1;
	audit->json = options->audit_format != NULL &&
		      strcmp(options->audit_format, "json") == 0;
	if (file == NULL)
		return true;
	audit->file = open(file,
		O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY |
			O_NONBLOCK,
		0600);
	if (audit->file < 0)
		log_error("-audit %s: %s", file, strerror(errno));
	return audit->file >= 0;
}

void audit_reopen(struct audit *audit, const struct options *options)
{
	struct audit fresh;

	if (audit->file < 0 || !audit_open(&fresh, options))
		return;
	audit_close(audit);
	*audit = fresh;
}

void audit_close(struct audit *audit)
{
	if (audit->file >= 0)
		close(audit->file);
	audit->file = -1;
}

/* What happened to whom. */
struct event {
	const char *name, *reason; /* the reason may be NULL */
	const struct connection *connection;
	struct viewer *viewer; /* may be NULL */
	bool at_end;
};

static void add_time(struct audit_line *line)
{
	time_t now = time(NULL);
	struct tm split;
	char text[32];

	gmtime_r(&now, &split);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &split);
	audit_line_text(line, "time", text);
}

static const char *rights_of(const struct session *session)
{
	const struct session_rights *rights = session_rights(session);

	if (rights->control)
		return rights->clipboard ? "view,control,clipboard"
					 : "view,control";
	return rights->clipboard ? "view,clipboard" : "view-only";
}

static void add_viewer(struct audit_line *line, const struct event *event)
{
	const struct session *session = event->viewer->session;
	const char *security = session_security_name(session);
	const char *user = session_user(session);

	if (security != NULL)
		audit_line_text(line, "security", security);
	if (user != NULL && user[0] != '\0')
		audit_line_text(line, "user", user);
	if (event->connection->logged_in)
		audit_line_text(line, "rights", rights_of(session));
}

static void compose(struct audit_line *line, const struct event *event)
{
	const struct connection *connection = event->connection;
	const char *target = relay_target_of(connection->top);
	char how[64];

	connection_describe(connection, how, sizeof(how));
	audit_line_text(line, "event", event->name);
	audit_line_number(line, "id", connection->number);
	audit_line_text(line, "from", connection->peer_text);
	if (connection->peer_port > 0)
		audit_line_number(
			line, "port", (uint64_t)connection->peer_port);
	audit_line_text(line, "how", how);
	if (target != NULL)
		audit_line_text(line, "target", target);
	if (event->viewer != NULL && event->viewer->share->name != NULL)
		audit_line_text(line, "desktop", event->viewer->share->name);
	if (event->viewer != NULL)
		add_viewer(line, event);
	if (event->at_end) {
		audit_line_seconds(
			line, "seconds", clock_ms() - connection->opened_ms);
		audit_line_number(line, "in", connection->received_bytes);
		audit_line_number(line, "out", connection->sent_bytes);
	}
	if (event->reason != NULL)
		audit_line_text(line, "reason", event->reason);
}

static void write_to_file(const struct audit *audit, const struct event *event)
{
	struct audit_line line;

	audit_line_begin(&line, audit->json);
	add_time(&line);
	compose(&line, event);
	audit_line_finish(&line);
	line.text[line.length] = '\n'; /* in the place of the NUL */
	/* A full disk loses lines, nothing else. */
	if (write(audit->file, line.text, line.length + 1) < 0)
		log_debug("-audit: %s", strerror(errno));
}

static void tell(const struct event *event)
{
	const struct audit *audit = &event->connection->server->audit;
	struct audit_line line;

	audit_line_begin(&line, false);
	compose(&line, event);
	log_info("audit %s", audit_line_finish(&line));
	if (audit->file >= 0)
		write_to_file(audit, event);
}

void audit_login(struct viewer *viewer)
{
	const struct event event = { .name = "login",
		.connection = viewer->layer.connection,
		.viewer = viewer };

	tell(&event);
	control_event_viewer(CONTROL_VIEWER_CAME, viewer);
}

void audit_relayed(struct connection *connection)
{
	const struct event event = { .name = "login",
		.connection = connection };

	tell(&event);
	control_event_relay(CONTROL_VIEWER_CAME, connection);
}

void audit_end(struct connection *connection, struct viewer *viewer,
	const char *reason)
{
	bool refused = connection->refused ||
		       (viewer != NULL && session_was_refused(viewer->session));
	const struct event event = {
		.name = connection->logged_in ? "end"
					      : (refused ? "refused" : "left"),
		.reason = reason,
		.connection = connection,
		.viewer = viewer,
		.at_end = true,
	};

	tell(&event);
	if (connection->logged_in)
		control_event_end(
			CONTROL_VIEWER_WENT, connection, viewer, reason);
	else if (refused)
		control_event_end(
			CONTROL_VIEWER_REFUSED, connection, viewer, reason);
}
