#include "server/status/status_facts.h"

#include <string.h>
#include <time.h>

#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"
#include "x11/desktop.h"

static void look_at_connections(
	const struct server *server, struct status_facts *facts)
{
	const struct connection *connection = server->connections;

	for (; connection != NULL; connection = connection->next) {
		facts->connections += connection->state == CONNECTION_OPEN;
		facts->queued_bytes += outbox_length(&connection->out);
	}
}

static void look_at_viewers(
	const struct share *share, struct status_facts *facts)
{
	const struct viewer *viewer = share->viewers;

	for (; viewer != NULL; viewer = viewer->next)
		facts->encoding += viewer->encoding;
}

void status_facts_read(const struct server *server, struct status_facts *facts)
{
	int64_t up = (int64_t)time(NULL) - server->process_figures.started_s;
	const struct share *share = server->shares;

	memset(facts, 0, sizeof(*facts));
	look_at_connections(server, facts);
	for (; share != NULL; share = share->next)
		look_at_viewers(share, facts);
	facts->uptime_s = up > 0 ? (uint64_t)up : 0;
}

struct status_screen status_facts_screen(const struct share *share)
{
	if (share == NULL || !share_is_up(share))
		return (struct status_screen){ .up = false };
	return (struct status_screen){
		.up = true,
		.width = desktop_width(share->desktop),
		.height = desktop_height(share->desktop),
	};
}

void status_facts_transport(
	const struct connection *connection, char *text, size_t size)
{
	char *end;

	connection_describe(connection, text, size);
	end = strrchr(text, '+');
	if (end != NULL)
		*end = '\0';
}
