/* slow_line - a TCP relay that is as slow as a line far away.
 *
 *     slow_line -l PORT -p PORT [-t MS] [-r KBIT] [-s PERMILLE]
 *
 * Listens on one port of this machine and connects to another, for one
 * connection after the other. What comes from the server leaves at a rate and
 * arrives half a round trip later; now and then a packet is lost, and what
 * follows it waits for a round trip. The queue before the line holds what a
 * tenth of a second carries; then the server has to wait. What the viewer says
 * only travels.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmalloc.h"

enum {
	PACKET = 1448,
	QUEUE_US = 100000,
	KERNEL_BYTES = 16384, /* as little as the kernel lets us */
	SECOND_US = 1000000,
};

struct packet {
	struct packet *next;
	uint64_t due_us;
	size_t length, sent;
	uint8_t bytes[PACKET];
};

/* One way. */
struct way {
	int from, to;
	uint64_t bytes_per_s; /* 0: no limit */
	uint64_t delay_us;
	unsigned lost_permille;
	size_t most_queued, queued;
	uint64_t free_us, last_us; /* the line; the last arrival */
	uint32_t random;
	struct packet *first, *last;
};

struct relay {
	int listener, server_port;
	struct way down, up;
};

static bool is_lost(struct way *way)
{
	way->random = way->random * 1103515245 + 12345;
	return (way->random >> 16) % 1000 < way->lost_permille;
}

/* When it arrives, in order. */
static uint64_t due(struct way *way, size_t length)
{
	uint64_t now = clock_us(), at;

	if (way->free_us < now)
		way->free_us = now;
	if (way->bytes_per_s > 0)
		way->free_us += length * SECOND_US / way->bytes_per_s;
	at = way->free_us + way->delay_us;
	if (is_lost(way))
		at += 2 * way->delay_us;
	if (at < way->last_us)
		at = way->last_us;
	return way->last_us = at;
}

/* False: it has ended. */
static bool take(struct way *way)
{
	struct packet *packet = xmalloc(sizeof(*packet));
	ssize_t got = recv(way->from, packet->bytes, PACKET, MSG_DONTWAIT);

	if (got <= 0) {
		free(packet);
		return got < 0 && errno == EAGAIN;
	}
	packet->length = (size_t)got;
	packet->sent = 0;
	packet->next = NULL;
	packet->due_us = due(way, packet->length);
	way->queued += packet->length;
	if (way->first == NULL)
		way->first = packet;
	else
		way->last->next = packet;
	way->last = packet;
	return true;
}

static bool give(struct way *way)
{
	while (way->first != NULL && way->first->due_us <= clock_us()) {
		struct packet *packet = way->first;
		ssize_t sent = send(way->to, packet->bytes + packet->sent,
			packet->length - packet->sent,
			MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0)
			return errno == EAGAIN;
		packet->sent += (size_t)sent;
		way->queued -= (size_t)sent;
		if (packet->sent < packet->length)
			return true;
		way->first = packet->next;
		free(packet);
	}
	return true;
}

static void way_open(struct way *way, int from, int to)
{
	int on = 1, small = KERNEL_BYTES;

	way->from = from;
	way->to = to;
	way->queued = 0;
	way->free_us = way->last_us = 0;
	setsockopt(from, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	setsockopt(to, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static void way_close(struct way *way)
{
	while (way->first != NULL) {
		struct packet *packet = way->first;

		way->first = packet->next;
		free(packet);
	}
}

static void sooner(uint64_t *at_us, const struct way *way)
{
	if (way->first != NULL && way->first->due_us < *at_us)
		*at_us = way->first->due_us;
}

/* Until something comes or is due; a millisecond where a socket is full. */
static bool turn(struct relay *relay)
{
	struct way *ways[2] = { &relay->down, &relay->up };
	struct pollfd polls[2];
	uint64_t now = clock_us(), at = now + SECOND_US;
	struct timespec wait;
	int i;

	for (i = 0; i < 2; i++) {
		bool full = ways[i]->queued >= ways[i]->most_queued;

		polls[i] = (struct pollfd){ .fd = ways[i]->from,
			.events = full ? 0 : POLLIN };
		sooner(&at, ways[i]);
	}
	wait = (struct timespec){ 0,
		at > now ? (long)(at - now) * 1000 : 1000000 };
	if (wait.tv_nsec >= 1000000000)
		wait.tv_nsec = 999999999;
	ppoll(polls, 2, &wait, NULL);
	for (i = 0; i < 2; i++)
		if (((polls[i].revents & (POLLIN | POLLHUP | POLLERR)) &&
			    !take(ways[i])) ||
			!give(ways[i]))
			return false;
	return true;
}

static int on_this_machine(int port, bool listens)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, small = KERNEL_BYTES;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* Before it connects, or the window is a large one for ever. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	if ((listens ? bind : connect)(
		    fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		(listens && listen(fd, 4) != 0)) {
		perror("slow_line");
		close(fd);
		return -1;
	}
	return fd;
}

static void serve(struct relay *relay)
{
	int viewer = accept(relay->listener, NULL, NULL);
	int server = on_this_machine(relay->server_port, false);

	if (viewer >= 0 && server >= 0) {
		way_open(&relay->down, server, viewer);
		way_open(&relay->up, viewer, server);
		while (turn(relay))
			;
		way_close(&relay->down);
		way_close(&relay->up);
	}
	if (viewer >= 0)
		close(viewer);
	if (server >= 0)
		close(server);
}

static void usage(void)
{
	fprintf(stderr,
		"usage: slow_line -l PORT -p PORT\n"
		"  -t MS        round trip (0)\n"
		"  -r KBIT      a second; 0: no limit (0)\n"
		"  -s PERMILLE  packets that are lost (0)\n");
	exit(2);
}

static void set_line(
	struct relay *relay, unsigned trip_ms, unsigned kbit, unsigned lost)
{
	relay->up.delay_us = relay->down.delay_us = trip_ms * 500u;
	relay->up.most_queued = relay->down.most_queued = SIZE_MAX;
	relay->down.lost_permille = lost;
	relay->down.bytes_per_s = kbit * 125u;
	if (kbit > 0)
		relay->down.most_queued = relay->down.bytes_per_s *
					  (QUEUE_US + trip_ms * 500u) /
					  SECOND_US;
}

int main(int argc, char **argv)
{
	unsigned trip_ms = 0, kbit = 0, lost = 0;
	struct relay relay = { 0 };
	int letter, port = 0;

	while ((letter = getopt(argc, argv, "l:p:t:r:s:")) != -1) {
		switch (letter) {
		case 'l':
			port = atoi(optarg);
			break;
		case 'p':
			relay.server_port = atoi(optarg);
			break;
		case 't':
			trip_ms = (unsigned)atoi(optarg);
			break;
		case 'r':
			kbit = (unsigned)atoi(optarg);
			break;
		case 's':
			lost = (unsigned)atoi(optarg);
			break;
		default:
			usage();
		}
	}
	if (port == 0 || relay.server_port == 0 || optind != argc)
		usage();
	set_line(&relay, trip_ms, kbit, lost);
	relay.listener = on_this_machine(port, true);
	while (relay.listener >= 0)
		serve(&relay);
	return 1;
}
