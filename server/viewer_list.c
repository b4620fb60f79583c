#include "server/viewer_list.h"

#include "server/connection.h"
#include "server/desktop_link.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"
#include "websocket/websocket.h"

void viewer_list_add(struct viewer *viewer)
{
	struct share *share = viewer->share;

	viewer->next = share->viewers;
	if (viewer->next != NULL)
		viewer->next->previous = viewer;
	share->viewers = viewer;
	share->viewer_count++;
	viewer->server->viewer_count++;
	viewer->listed = true;
	desktop_link_count_viewers(share);
}

void viewer_list_remove(struct viewer *viewer)
{
	const struct connection *connection = viewer->layer.connection;
	struct share *share = viewer->share;

	if (!viewer->listed)
		return;
	if (viewer->previous != NULL)
		viewer->previous->next = viewer->next;
	else
		share->viewers = viewer->next;
	if (viewer->next != NULL)
		viewer->next->previous = viewer->previous;
	share->viewer_count--;
	viewer->server->viewer_count--;
	viewer->listed = false;
	share->counts[METRICS_SENT_BYTES] += connection->sent_bytes;
	share->counts[METRICS_RECEIVED_BYTES] += connection->received_bytes;
	desktop_link_count_viewers(share);
}

void viewer_list_end_others(struct viewer *viewer)
{
	struct viewer *other, *next;

	for (other = viewer->share->viewers; other != NULL; other = next) {
		next = other->next;
		if (other != viewer)
			connection_finish(other->layer.connection,
				WEBSOCKET_NORMAL, "another viewer took over");
	}
}
