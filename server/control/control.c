#include "server/control/control.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/control/control_path.h"
#include "server/control/control_peer.h"
#include "server/desktop_link.h"
#include "server/network/local_socket.h"
#include "server/server.h"

enum { MODE = 0600, BACKLOG = 16 };

static void on_connection(uv_stream_t *listening, int status)
{
	struct control *control = listening->data;

	if (status >= 0)
		control_peer_accept(control->server, listening);
}

static bool listen_to(struct control *control, char **error)
{
	int fd = local_socket_open(control->path, MODE, error);
	int why;

	if (fd < 0)
		return false;
	uv_pipe_init(&control->server->loop, &control->listening, 0);
	control->listening.data = control;
	why = uv_pipe_open(&control->listening, fd);
	if (why == 0)
		why = uv_listen((uv_stream_t *)&control->listening, BACKLOG,
			on_connection);
	if (why == 0)
		return true;
	*error = xasprintf(
		"cannot listen on %s: %s", control->path, uv_strerror(why));
	return false;
}

bool control_open(struct control *control, struct server *server, char **error)
{
	const struct options *options = server->options;
	bool was_asked = options->control != NULL;

	control->server = server;
	/* By itself it is named after the display. */
	if (!options->control_wanted || (!was_asked && server->shares == NULL))
		return true;
	json_object_seed(0); /* reads the system's random source once */
	control->path = was_asked ? xstrdup(options->control)
				  : control_path_make(
					    desktop_link_name(server->shares));
	if (control->path == NULL)
		return true;
	if (listen_to(control, error)) {
		log_info("control: %s (x11wsvnc -R help)", control->path);
		return true;
	}
	free(control->path);
	control->path = NULL;
	if (was_asked)
		return false;
	log_info("control: %s; none for this one", *error);
	free(*error);
	*error = NULL;
	return true;
}

void control_close(struct control *control)
{
	while (control->peers != NULL)
		control_peer_close(control->peers);
	if (control->path == NULL)
		return;
	local_socket_remove(control->path);
	free(control->path);
	control->path = NULL;
	uv_close((uv_handle_t *)&control->listening, NULL);
}
