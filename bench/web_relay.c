#include "bench/web_relay.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/xmalloc.h"

enum {
	HEAD_LIMIT = 8192,
	CHUNK_BYTES = 1 << 16,
};

struct web_relay {
	char *host, *port;
	char directory[64];
	struct sockaddr_un address;
	int listening, viewer;
	atomic_int server;
	pthread_t thread;

	/* The server's frames: bytes left of this payload, or a header that
	 * has not come whole. */
	uint64_t payload_left;
	bool payload_is_data;
	uint8_t header[10];
	size_t header_length;
};

static bool send_all(int fd, const void *bytes, size_t count)
{
	const uint8_t *at = bytes;
	while (count > 0) {
		ssize_t sent = send(fd, at, count, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		at += sent;
		count -= (size_t)sent;
	}
	return true;
}

static int connect_tcp(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	int fd = -1;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		return -1;
	for (struct addrinfo *one = found; one && fd < 0; one = one->ai_next) {
		fd = socket(one->ai_family, one->ai_socktype, 0);
		if (fd >= 0 && connect(fd, one->ai_addr, one->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	if (fd >= 0)
		setsockopt(
			fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	return fd;
}

/* Asks for the upgrade and reads the answer's head, a byte at a time so that
 * no frame is swallowed. */
static bool upgrade(struct web_relay *relay, int server)
{
	char head[HEAD_LIMIT];
	size_t length = 0;
	/* libvncserver wants an Origin. */
	char *request = xasprintf(
		"GET /websockify HTTP/1.1\r\n"
		"Host: %s:%s\r\n"
		"Origin: http://%s:%s\r\n"
		"Upgrade: websocket\r\n"
		"Connection: Upgrade\r\n"
		"Sec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Protocol: binary\r\n"
		"Sec-WebSocket-Key: "
		"AAECAwQFBgcICQoLDA0ODw==\r\n\r\n",
		relay->host, relay->port, relay->host, relay->port);
	bool sent = send_all(server, request, strlen(request));
	free(request);
	while (sent && length < sizeof(head) - 1) {
		if (recv(server, head + length, 1, 0) != 1)
			break;
		head[++length] = '\0';
		if (length >= 4 && !strcmp(head + length - 4, "\r\n\r\n"))
			return !strncmp(head, "HTTP/1.1 101", 12);
	}
	return false;
}

/* Everything from the viewer goes in one masked binary frame. A zero key is a
 * valid mask and costs nothing. */
static bool forward_viewer(struct web_relay *relay, int server)
{
	uint8_t chunk[14 + CHUNK_BYTES];
	ssize_t got = recv(relay->viewer, chunk + 14, CHUNK_BYTES, 0);
	if (got <= 0)
		return false;
	size_t count = (size_t)got;
	size_t head = count < 126 ? 6 : count < 65536 ? 8 : 14;
	uint8_t *frame = chunk + 14 - head;
	memset(frame, 0, head);
	frame[0] = 0x82;
	if (head == 6) {
		frame[1] = (uint8_t)(0x80 | count);
	} else {
		frame[1] = head == 8 ? 0x80 | 126 : 0x80 | 127;
		for (size_t i = 0; i < head - 6; i++)
			frame[head - 5 - i] = (uint8_t)(count >> (8 * i));
	}
	return send_all(server, frame, head + count);
}

/* Takes one byte of a header; true when the header is whole. */
static bool take_header(struct web_relay *relay, uint8_t byte)
{
	uint8_t *header = relay->header;
	header[relay->header_length++] = byte;
	if (relay->header_length < 2)
		return false;
	size_t more = header[1] == 126 ? 2 : header[1] == 127 ? 8 : 0;
	if (relay->header_length < 2 + more)
		return false;
	relay->payload_left = more ? 0 : header[1];
	for (size_t i = 0; i < more; i++)
		relay->payload_left = relay->payload_left << 8 | header[2 + i];
	relay->payload_is_data = (header[0] & 0x0f) <= 2;
	relay->header_length = 0;
	return true;
}

static bool forward_server(struct web_relay *relay, int server)
{
	uint8_t chunk[CHUNK_BYTES];
	ssize_t got = recv(server, chunk, sizeof(chunk), 0);
	if (got <= 0)
		return false;
	for (size_t at = 0, end = (size_t)got; at < end;) {
		if (relay->payload_left == 0) {
			take_header(relay, chunk[at++]);
			continue;
		}
		size_t count = end - at;
		if (count > relay->payload_left)
			count = (size_t)relay->payload_left;
		if (relay->payload_is_data &&
			!send_all(relay->viewer, chunk + at, count))
			return false;
		relay->payload_left -= count;
		at += count;
	}
	return true;
}

static void *relay_run(void *argument)
{
	struct web_relay *relay = argument;
	relay->viewer = accept(relay->listening, NULL, NULL);
	if (relay->viewer < 0)
		return NULL;
	int server = connect_tcp(relay->host, relay->port);
	relay->server = server;
	bool open = server >= 0 && upgrade(relay, server);
	while (open) {
		struct pollfd fds[2] = {
			{ .fd = relay->viewer, .events = POLLIN },
			{ .fd = server, .events = POLLIN },
		};
		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[0].revents)
			open = forward_viewer(relay, server);
		if (open && fds[1].revents)
			open = forward_server(relay, server);
	}
	shutdown(relay->viewer, SHUT_RDWR);
	return NULL;
}

struct web_relay *web_relay_start(const char *host, const char *port)
{
	struct web_relay *relay = xcalloc(1, sizeof(*relay));
	relay->host = xstrdup(host);
	relay->port = xstrdup(port);
	relay->viewer = -1;
	relay->server = -1;
	snprintf(relay->directory, sizeof(relay->directory), "%s",
		"/tmp/probe-XXXXXX");
	if (!mkdtemp(relay->directory))
		goto fail;
	relay->address.sun_family = AF_UNIX;
	snprintf(relay->address.sun_path, sizeof(relay->address.sun_path),
		"%s/rfb", relay->directory);
	relay->listening = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(relay->listening, (struct sockaddr *)&relay->address,
		    sizeof(relay->address)) < 0 ||
		listen(relay->listening, 1) < 0)
		goto fail;
	if (pthread_create(&relay->thread, NULL, relay_run, relay) != 0)
		goto fail;
	return relay;
fail:
	perror("web_relay");
	free(relay->host);
	free(relay->port);
	free(relay);
	return NULL;
}

void web_relay_stop(struct web_relay *relay)
{
	if (!relay)
		return;
	/* Wakes the thread wherever it waits. */
	shutdown(relay->listening, SHUT_RDWR);
	if (relay->viewer >= 0)
		shutdown(relay->viewer, SHUT_RDWR);
	if (relay->server >= 0)
		shutdown(relay->server, SHUT_RDWR);
	pthread_join(relay->thread, NULL);
	close(relay->listening);
	close(relay->viewer);
	close(relay->server);
	unlink(relay->address.sun_path);
	rmdir(relay->directory);
	free(relay->host);
	free(relay->port);
	free(relay);
}

const char *web_relay_path(const struct web_relay *relay)
{
	return relay->address.sun_path;
}

int web_relay_server_fd(const struct web_relay *relay)
{
	return relay->server;
}
