#include "server/network/tcp_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum {
	/* A silent peer is asked whether it lives, and one whose machine or
	 * line has gone is found out, so that its keys are released. */
	KEEPALIVE_IDLE_S = 30,
	DEAD_MS = 30000,
};

/* Nothing is lost on the way to oneself, and there is no line whose rate could
 * be found out. BBR, where it is the machine's choice, tries nevertheless: its
 * timers and small pieces take three quarters of the CPU, and of the rate. Reno
 * is in every kernel and open to everybody. */
static void take_plain_control(int fd)
{
	static const char name[] = "reno";

	setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, sizeof(name) - 1);
}

void tcp_options_set(int fd, bool loopback, int patience_s)
{
	int on = 1, unsent = TCP_OPTIONS_UNSENT_BYTES;
	int idle_s = KEEPALIVE_IDLE_S;
	/* It also ends peers that live but do not read. */
	int dead_ms = patience_s * 1000 + DEAD_MS;

	if (loopback)
		take_plain_control(fd);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	if (patience_s > 0)
		setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms,
			sizeof(dead_ms));
}
