#include "server/network/proxy_route.h"

#include <stdio.h>
#include <string.h>

void proxy_route_init(struct proxy_route *route, char *const *urls)
{
	memset(route, 0, sizeof(*route));
	for (; urls != NULL && *urls != NULL; urls++)
		if (route->count < PROXY_ROUTE_MOST)
			proxy_url_parse(&route->hops[route->count++], *urls);
}

void proxy_route_finish(struct proxy_route *route)
{
	buffer_finish(&route->out);
	explicit_bzero(route->hops, sizeof(route->hops));
}

static void end(struct proxy_route *route, const char *why)
{
	const struct proxy_url *hop = &route->hops[route->at];

	uv_read_stop(route->stream);
	if (why != NULL)
		snprintf(route->why, sizeof(route->why),
			"the proxy %s port %d: %s", hop->host, hop->port, why);
	route->done(route, why == NULL);
}

static void on_room(uv_handle_t *handle, size_t size, uv_buf_t *room)
{
	struct proxy_route *route = handle->data;

	(void)size;
	*room = uv_buf_init(route->input, sizeof(route->input));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *bytes);

static void on_written(uv_write_t *write, int status)
{
	struct proxy_route *route = write->data;

	buffer_clear(&route->out);
	if (status == 0)
		uv_read_start(route->stream, on_room, on_read);
	else if (status != UV_ECANCELED) /* the stream was closed */
		end(route, uv_strerror(status));
}

/* Nothing is read meanwhile: the answer may want to say more. */
static void send_out(struct proxy_route *route)
{
	uv_buf_t bytes = uv_buf_init((char *)buffer_bytes(&route->out),
		(unsigned)buffer_length(&route->out));

	if (bytes.len == 0)
		return;
	uv_read_stop(route->stream);
	route->write.data = route;
	uv_write(&route->write, route->stream, &bytes, 1, on_written);
}

static void begin_hop(struct proxy_route *route)
{
	const struct proxy_url *hop = &route->hops[route->at];
	bool last = route->at == route->count - 1;

	proxy_talk_begin(&route->talk, hop, last ? route->host : hop[1].host,
		last ? route->port : hop[1].port, &route->out);
	send_out(route);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *bytes)
{
	struct proxy_route *route = stream->data;
	enum proxy_result result;

	if (count == 0)
		return;
	if (count < 0) {
		end(route, count == UV_EOF ? "it closed the connection"
					   : uv_strerror((int)count));
		return;
	}
	result = proxy_talk_receive(&route->talk, (const uint8_t *)bytes->base,
		(size_t)count, &route->out);
	if (result == PROXY_FAILED) {
		end(route, route->talk.why);
	} else if (result == PROXY_MORE) {
		send_out(route);
	} else if (++route->at == route->count) {
		route->at--;
		end(route, NULL);
	} else {
		begin_hop(route);
	}
}

void proxy_route_start(struct proxy_route *route, uv_stream_t *stream,
	const char *host, int port,
	void (*done)(struct proxy_route *route, bool good))
{
	route->stream = stream;
	route->at = 0;
	route->host = host;
	route->port = port;
	route->done = done;
	buffer_clear(&route->out);
	begin_hop(route);
}
