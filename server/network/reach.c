#include "server/network/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"

struct reach {
	uv_loop_t *loop;
	unsigned timeout_ms;
	reach_done *done; /* NULL: nobody wants to know any more */
	void *context;
	uv_getaddrinfo_t lookup;
	struct addrinfo *addresses, *address; /* the one that is tried */
	union {
		uv_handle_t handle;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} socket;
	uv_connect_t request;
	uv_timer_t timer;
	int fd, why; /* of libuv; the last address's */
	bool socket_is_open;
};

static void on_timer_closed(uv_handle_t *handle)
{
	struct reach *reach = handle->data;

	uv_freeaddrinfo(reach->addresses);
	free(reach);
}

static void end(struct reach *reach)
{
	static const struct sockaddr nameless = { .sa_family = AF_UNIX };
	const struct sockaddr *address =
		reach->address != NULL ? reach->address->ai_addr : &nameless;

	if (reach->done != NULL)
		reach->done(reach->context, reach->fd, address, reach->why);
	else if (reach->fd >= 0)
		close(reach->fd);
	if (uv_is_closing((uv_handle_t *)&reach->timer))
		on_timer_closed((uv_handle_t *)&reach->timer);
	else
		uv_close((uv_handle_t *)&reach->timer, on_timer_closed);
}

static void try_address(struct reach *reach);

static void on_closed(uv_handle_t *handle)
{
	struct reach *reach = handle->data;

	reach->socket_is_open = false;
	if (reach->fd < 0 && reach->address != NULL)
		reach->address = reach->address->ai_next;
	if (reach->fd < 0 && reach->address != NULL && reach->done != NULL)
		try_address(reach);
	else
		end(reach);
}

/* A descriptor of its own: libuv's handle is closed. */
static void take_socket(struct reach *reach)
{
	uv_os_fd_t fd;

	if (uv_fileno(&reach->socket.handle, &fd) == 0)
		reach->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (reach->fd < 0)
		reach->why = uv_translate_sys_error(errno);
}

static void on_connected(uv_connect_t *request, int status)
{
	struct reach *reach = request->data;

	uv_timer_stop(&reach->timer);
	if (uv_is_closing(&reach->socket.handle))
		return; /* its time was over, or it was cancelled */
	reach->why = status;
	if (status == 0)
		take_socket(reach);
	uv_close(&reach->socket.handle, on_closed);
}

static void on_timeout(uv_timer_t *timer)
{
	struct reach *reach = timer->data;

	if (uv_is_closing(&reach->socket.handle))
		return; /* cancelled */
	reach->why = UV_ETIMEDOUT;
	uv_close(&reach->socket.handle, on_closed);
}

static void try_address(struct reach *reach)
{
	uv_tcp_init(reach->loop, &reach->socket.tcp);
	reach->socket.handle.data = reach;
	reach->socket_is_open = true;
	reach->why = uv_tcp_connect(&reach->request, &reach->socket.tcp,
		reach->address->ai_addr, on_connected);
	if (reach->why < 0)
		uv_close(&reach->socket.handle, on_closed);
	else
		uv_timer_start(&reach->timer, on_timeout, reach->timeout_ms, 0);
}

/* A worker may go on waiting for a name server. Nobody waits for the worker. */
static void on_lookup_timeout(uv_timer_t *timer)
{
	struct reach *reach = timer->data;
	reach_done *done = reach->done;

	if (done == NULL)
		return; /* cancelled */
	reach->done = NULL;
	uv_cancel((uv_req_t *)&reach->lookup);
	done(reach->context, -1, NULL, UV_ETIMEDOUT);
}

static void on_found(
	uv_getaddrinfo_t *lookup, int status, struct addrinfo *addresses)
{
	struct reach *reach = lookup->data;

	uv_timer_stop(&reach->timer);
	reach->addresses = reach->address = addresses;
	reach->why = status;
	if (status < 0 || reach->done == NULL)
		end(reach);
	else
		try_address(reach);
}

static struct reach *create(uv_loop_t *loop, reach_done *done, void *context)
{
	struct reach *reach = xcalloc(1, sizeof(*reach));

	reach->loop = loop;
	reach->done = done;
	reach->context = context;
	reach->fd = -1;
	reach->lookup.data = reach->timer.data = reach->request.data = reach;
	uv_timer_init(loop, &reach->timer);
	return reach;
}

static void on_failed(uv_timer_t *timer)
{
	end(timer->data);
}

/* Numbers need no worker, and wait behind no name. */
static bool read_numbers(
	struct reach *reach, const char *host, const char *port)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };

	if (getaddrinfo(host, port, &hints, &reach->addresses) != 0)
		return false;
	reach->address = reach->addresses;
	return true;
}

static void look_up(struct reach *reach, const char *host, const char *port)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };

	reach->why = uv_getaddrinfo(
		reach->loop, &reach->lookup, on_found, host, port, &hints);
	if (reach->why < 0)
		uv_timer_start(&reach->timer, on_failed, 0, 0);
	else
		uv_timer_start(
			&reach->timer, on_lookup_timeout, reach->timeout_ms, 0);
}

struct reach *reach_begin(uv_loop_t *loop, const char *host, int port,
	unsigned timeout_ms, reach_done *done, void *context)
{
	struct reach *reach = create(loop, done, context);
	char text[8];

	reach->timeout_ms = timeout_ms;
	snprintf(text, sizeof(text), "%d", port);
	if (read_numbers(reach, host, text))
		try_address(reach);
	else
		look_up(reach, host, text);
	return reach;
}

struct reach *reach_begin_local(
	uv_loop_t *loop, const char *path, reach_done *done, void *context)
{
	struct reach *reach = create(loop, done, context);

	uv_pipe_init(loop, &reach->socket.pipe, 0);
	reach->socket.handle.data = reach;
	reach->socket_is_open = true;
	uv_pipe_connect(
		&reach->request, &reach->socket.pipe, path, on_connected);
	return reach;
}

/* The callbacks come while the loop runs on. */
void reach_cancel(struct reach *reach)
{
	reach->done = NULL;
	uv_cancel((uv_req_t *)&reach->lookup);
	if (reach->socket_is_open && !uv_is_closing(&reach->socket.handle))
		uv_close(&reach->socket.handle, on_closed);
}
