#include "server/status/peer_owner.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IPV4, IPV6, MOST_LINE = 512, MOST_END = 48 };

void peer_owner_open(struct peer_owner *owner)
{
	owner->tables[IPV4] = open("/proc/net/tcp", O_RDONLY | O_CLOEXEC);
	owner->tables[IPV6] = open("/proc/net/tcp6", O_RDONLY | O_CLOEXEC);
}

void peer_owner_close(struct peer_owner *owner)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (owner->tables[i] >= 0)
			close(owner->tables[i]);
		owner->tables[i] = -1;
	}
}

/* An end of a connection, as the tables have it. */
struct end {
	struct in6_addr address; /* IPv4 mapped */
	in_port_t port;
};

static bool read_end(const struct sockaddr_storage *name, struct end *end)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)name;
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)name;

	memset(end, 0, sizeof(*end));
	if (name->ss_family == AF_INET6) {
		end->address = six->sin6_addr;
		end->port = six->sin6_port;
		return true;
	}
	end->address.s6_addr[10] = end->address.s6_addr[11] = 0xff;
	memcpy(end->address.s6_addr + 12, &four->sin_addr, 4);
	end->port = four->sin_port;
	return name->ss_family == AF_INET;
}

static void write_end(const struct end *end, int table, char text[MOST_END])
{
	uint32_t words[4];

	memcpy(words, &end->address, sizeof(words));
	if (table == IPV4)
		snprintf(text, MOST_END, "%08X:%04X", words[3],
			ntohs(end->port));
	else
		snprintf(text, MOST_END, "%08X%08X%08X%08X:%04X", words[0],
			words[1], words[2], words[3], ntohs(end->port));
}

/* A socket that its owner has closed is nobody's: it has no inode, and would
 * seem to be root's. */
static bool is_ours(const char *line, const char *there, const char *here)
{
	char local[MOST_END], remote[MOST_END];
	unsigned user;
	unsigned long inode;

	if (sscanf(line, " %*s %47s %47s %*s %*s %*s %*s %u %*s %lu", local,
		    remote, &user, &inode) != 4)
		return false;
	return strcmp(local, there) == 0 && strcmp(remote, here) == 0 &&
	       inode != 0 && (user == 0 || user == getuid());
}

/* Read anew from its begin. */
static bool table_has(int table, const char *there, const char *here)
{
	char line[MOST_LINE];
	int copy = fcntl(table, F_DUPFD_CLOEXEC, 3);
	FILE *stream = copy < 0 ? NULL : fdopen(copy, "r");
	bool found = false;

	if (stream == NULL) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	rewind(stream);
	while (!found && fgets(line, sizeof(line), stream) != NULL)
		found = is_ours(line, there, here);
	fclose(stream);
	return found;
}

bool peer_owner_is_us(const struct peer_owner *owner, int fd)
{
	struct sockaddr_storage peer = { 0 }, own = { 0 };
	socklen_t peer_size = sizeof(peer), own_size = sizeof(own);
	struct end there, here;
	bool found = false;
	int i;

	if (getpeername(fd, (struct sockaddr *)&peer, &peer_size) < 0 ||
		getsockname(fd, (struct sockaddr *)&own, &own_size) < 0 ||
		!read_end(&peer, &there) || !read_end(&own, &here))
		return false;
	for (i = 0; i < 2 && !found; i++) {
		char from[MOST_END], to[MOST_END];

		write_end(&there, i, from);
		write_end(&here, i, to);
		found = owner->tables[i] >= 0 &&
			table_has(owner->tables[i], from, to);
	}
	return found;
}
