#include "server/access/hook.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/broker/broker.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"

enum { MOST_VARIABLE = 512 };

static void set(struct broker_request *request, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void set(struct broker_request *request, const char *format, ...)
{
	char text[MOST_VARIABLE];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	broker_wire_add(request, text);
}

static void set_our_end(
	struct broker_request *request, const struct connection *connection)
{
	struct sockaddr_storage found = { 0 };
	socklen_t size = sizeof(found);
	struct address address;
	char text[INET6_ADDRSTRLEN];

	getsockname(connection->fd, (struct sockaddr *)&found, &size);
	address = address_from((struct sockaddr *)&found);
	address_format(&address, text);
	set(request, "RFB_SERVER_IP=%s", text);
	set(request, "RFB_SERVER_PORT=%d", connection->server->listener.port);
}

static const char *mode_of(enum broker_job job)
{
	switch (job) {
	case BROKER_AFTER_ACCEPT:
		return "afteraccept";
	case BROKER_GONE:
		return "gone";
	default:
		return "accept";
	}
}

static void set_display(
	struct broker_request *request, const struct display_target *display)
{
	if (display->name != NULL)
		set(request, "DISPLAY=%s", display->name);
	if (display->authority != NULL)
		set(request, "XAUTHORITY=%s", display->authority);
}

/* As it was sent, but printable: RFB_USERNAME of a stranger who chose odd
 * characters is not passed on at all by broker_wire_is_variable(). */
static void set_user(
	struct broker_request *request, const struct session *session)
{
	const char *user = session_user(session);

	if (user != NULL)
		set(request, "RFB_USERNAME=%s", user);
}

void hook_request(struct broker_request *request, enum broker_job job,
	struct viewer *viewer)
{
	const struct connection *connection = viewer->layer.connection;
	time_t now = time(NULL);

	request->job = job;
	request->length = 0;
	set_display(request, &viewer->share->display_keeper.target);
	if (viewer->share->name != NULL)
		set(request, "RFB_DESKTOP=%s", viewer->share->name);
	set(request, "RFB_MODE=%s", mode_of(job));
	set(request, "RFB_CLIENT_IP=%s", connection->peer_text);
	set(request, "RFB_CLIENT_PORT=%d", connection->peer_port);
	set_our_end(request, connection);
	set(request, "RFB_X11VNC_PID=%ld", (long)getpid());
	set(request, "RFB_CLIENT_ID=%lu", connection->number);
	set(request, "RFB_CLIENT_COUNT=%d",
		viewer->server->viewer_count - (viewer->listed ? 1 : 0));
	set_user(request, viewer->session);
	set(request, "RFB_STATE=%s",
		connection->logged_in ? "NORMAL" : "AUTHENTICATION");
	set(request, "RFB_LOGIN_VIEWONLY=%d",
		session_is_view_only(viewer->session));
	set(request, "RFB_LOGIN_TIME=%lld",
		(long long)now -
			(long long)(clock_ms() - connection->opened_ms) / 1000);
	set(request, "RFB_CURRENT_TIME=%lld", (long long)now);
}

void hook_run(struct viewer *viewer, enum broker_job job)
{
	struct door *door = &viewer->server->door;
	struct broker_request request;

	if (door->plan.jobs[job].text == NULL)
		return;
	hook_request(&request, job, viewer);
	if (broker_ask(door->broker, &request, NULL, NULL) == 0)
		log_warning("#%lu: -%s could not be run",
			viewer->layer.connection->number, mode_of(job));
}
