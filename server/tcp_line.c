#include "server/tcp_line.h"

#include <linux/sockios.h>
/* Newer than glibc's, which cannot be included beside it. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "rfb/session.h"

void tcp_line_read(int fd, struct session_line *line)
{
	struct tcp_info info = { 0 };
	socklen_t size = sizeof(info);
	int under_way = 0;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
		return;
	/* An older kernel fills in less. */
	line->bytes_per_s = info.tcpi_delivery_rate;
	line->trip_us = info.tcpi_min_rtt;
	if (ioctl(fd, SIOCOUTQ, &under_way) == 0 && under_way > 0)
		line->under_way_bytes = (uint64_t)under_way;
}
