#include "server/control/control_peer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/control/control_call.h"
#include "server/control/control_request.h"
#include "server/server.h"
#include "server/share/share_list.h"
#include "server/status/status_json.h"

enum {
	READ_BYTES = 4096,
	MOST_WAITING_BYTES = 256 << 10, /* then it does not read */
};

/* A line on its way. */
struct line {
	uv_write_t write;
	char *text;
};

static void on_closed(uv_handle_t *handle)
{
	struct control_peer *peer = handle->data;

	buffer_finish(&peer->input);
	free(peer);
}

void control_peer_close(struct control_peer *peer)
{
	struct control_peer **at = &peer->server->control.peers;

	if (peer->closing)
		return;
	peer->closing = true;
	while (*at != peer)
		at = &(*at)->next;
	*at = peer->next;
	peer->server->control.peer_count--;
	uv_close((uv_handle_t *)&peer->pipe, on_closed);
}

static void on_written(uv_write_t *write, int status)
{
	struct line *line = write->data;

	(void)status; /* reading tells that it is gone */
	free(line->text);
	free(line);
}

void control_peer_send(struct control_peer *peer, json_t *object)
{
	uv_stream_t *stream = (uv_stream_t *)&peer->pipe;
	char *text = json_dumps(object, JSON_COMPACT);
	struct line *line;
	uv_buf_t buffer;
	size_t length;

	json_decref(object);
	if (text == NULL || peer->closing) {
		free(text);
		return;
	}
	if (uv_stream_get_write_queue_size(stream) > MOST_WAITING_BYTES) {
		log_info("control: cut a program that does not read");
		free(text);
		control_peer_close(peer);
		return;
	}
	length = strlen(text);
	text[length] = '\n'; /* in the place of the NUL */
	line = xcalloc(1, sizeof(*line));
	line->text = text;
	line->write.data = line;
	buffer = uv_buf_init(text, (unsigned)length + 1);
	if (uv_write(&line->write, stream, &buffer, 1, on_written) < 0)
		on_written(&line->write, 0);
}

static void answer(struct control_peer *peer,
	const struct control_request *request, json_t *result,
	const char *error)
{
	json_t *object = json_object();

	if (request->id != NULL)
		json_object_set(object, "id", (json_t *)request->id);
	json_object_set_new(object, "ok", json_boolean(error == NULL));
	if (error == NULL)
		json_object_set_new(object, "result", result);
	else
		/* Of a name in it a character may have been cut in two. */
		json_object_set_new(object, "error", status_json_text(error));
	control_peer_send(peer, object);
}

/* "desktop": which one is meant. */
static bool find_share(struct control_call *call)
{
	const char *name = control_call_text(call, "desktop");

	if (json_object_get(call->arguments, "desktop") == NULL)
		return true;
	if (name != NULL)
		call->share = share_list_find(call->server, name, strlen(name));
	if (call->share == NULL)
		control_call_fail(call, "there is no desktop of that name");
	return call->share != NULL;
}

static void do_request(
	struct control_peer *peer, const struct control_request *request)
{
	const struct control_entry *entry = control_table_find(request->name);
	struct control_call call = { .server = peer->server,
		.peer = peer,
		.arguments = request->whole };
	json_t *result = NULL;

	if (entry == NULL)
		control_call_fail(&call,
			"no such request; {\"do\": \"help\"} lists them");
	else if (find_share(&call))
		result = entry->run(&call);
	answer(peer, request, result, result != NULL ? NULL : call.error);
	free(call.error);
}

static void take_line(
	struct control_peer *peer, const char *bytes, size_t length)
{
	struct control_request request;

	if (control_request_parse(&request, bytes, length))
		do_request(peer, &request);
	else
		answer(peer, &request, NULL, request.problem);
	control_request_finish(&request);
}

static void take_lines(struct control_peer *peer)
{
	const uint8_t *bytes, *end;
	size_t length;

	while (!peer->closing && buffer_length(&peer->input) > 0) {
		bytes = buffer_bytes(&peer->input);
		end = memchr(bytes, '\n', buffer_length(&peer->input));
		if (end == NULL)
			break;
		length = (size_t)(end - bytes);
		take_line(peer, (const char *)bytes, length);
		buffer_consume(&peer->input, length + 1);
	}
	if (!peer->closing &&
		buffer_length(&peer->input) > CONTROL_MOST_LINE_BYTES) {
		log_info("control: cut a program that sent a line without end");
		control_peer_close(peer);
	}
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *room)
{
	struct control_peer *peer = handle->data;
	uint8_t *place = buffer_reserve(&peer->input, READ_BYTES);

	(void)wanted;
	*room = uv_buf_init((char *)place, place != NULL ? READ_BYTES : 0);
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *room)
{
	struct control_peer *peer = stream->data;

	(void)room;
	if (got < 0) {
		control_peer_close(peer);
		return;
	}
	buffer_commit(&peer->input, (size_t)got);
	take_lines(peer);
}

/* Whoever may be us, or is root. */
static bool may_control(const uv_pipe_t *pipe)
{
	struct ucred who;
	socklen_t size = sizeof(who);
	uv_os_fd_t fd;

	if (uv_fileno((const uv_handle_t *)pipe, &fd) < 0 ||
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0)
		return false;
	if (who.uid == geteuid() || who.uid == 0)
		return true;
	log_warning("control: refused process %ld of user %lu", (long)who.pid,
		(unsigned long)who.uid);
	return false;
}

void control_peer_accept(struct server *server, uv_stream_t *listening)
{
	struct control_peer *peer = xcalloc(1, sizeof(*peer));
	struct control *control = &server->control;
	uv_stream_t *stream = (uv_stream_t *)&peer->pipe;

	uv_pipe_init(&server->loop, &peer->pipe, 0);
	peer->pipe.data = peer;
	peer->server = server;
	peer->next = control->peers;
	control->peers = peer;
	control->peer_count++;
	if (uv_accept(listening, stream) < 0 || !may_control(&peer->pipe)) {
		control_peer_close(peer);
	} else if (control->peer_count > CONTROL_MOST_PEERS) {
		log_info("control: no more than %d programs at once",
			CONTROL_MOST_PEERS);
		control_peer_close(peer);
	} else {
		uv_read_start(stream, on_room, on_read);
	}
}
