#include "server/network/local_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "server/network/endpoint.h"

static int new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* A server that ended badly leaves its socket behind. */
static bool is_abandoned(const struct sockaddr_un *name)
{
	struct stat status;
	int fd;
	bool refused;

	if (lstat(name->sun_path, &status) < 0 || !S_ISSOCK(status.st_mode))
		return false;
	fd = new_socket();
	if (fd < 0)
		return false;
	refused =
		connect(fd, (const struct sockaddr *)name, sizeof(*name)) < 0 &&
		errno == ECONNREFUSED;
	close(fd);
	return refused;
}

static int bind_and_listen(int fd, const struct sockaddr_un *name, int mode)
{
	/* No moment in which others may connect. */
	mode_t before = umask(0777 & ~(mode_t)mode);
	int result = bind(fd, (const struct sockaddr *)name, sizeof(*name));
	int why = errno;

	umask(before);
	errno = why;
	return result < 0 ? -1 : listen(fd, ENDPOINT_BACKLOG);
}

int local_socket_open(const char *path, int mode, char **error)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(name.sun_path)) {
		*error = xasprintf("%s: longer than %zu characters", path,
			sizeof(name.sun_path) - 1);
		return -1;
	}
	strcpy(name.sun_path, path);
	if (is_abandoned(&name))
		unlink(path);
	fd = new_socket();
	if (fd >= 0 && bind_and_listen(fd, &name, mode) == 0)
		return fd;
	*error = xasprintf("cannot listen on %s: %s%s", path, strerror(errno),
		errno == EADDRINUSE ? " (another program listens there, or it "
				      "is no socket)"
				    : "");
	if (fd >= 0)
		close(fd);
	return -1;
}

void local_socket_remove(const char *path)
{
	unlink(path);
}
