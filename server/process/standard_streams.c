#include "server/process/standard_streams.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000 };

void standard_streams_complete(void)
{
	int fd;

	/* The lowest free one is what open() gives. */
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

void standard_streams_print(const char *text, size_t length)
{
	struct pollfd waited = { .fd = STDOUT_FILENO, .events = POLLOUT };

	while (length > 0 && poll(&waited, 1, PATIENCE_MS) == 1) {
		/* What poll() promises room for. */
		size_t most = length < PIPE_BUF ? length : PIPE_BUF;
		ssize_t written = write(STDOUT_FILENO, text, most);

		if (written <= 0)
			return;
		text += written;
		length -= (size_t)written;
	}
}

void standard_streams_leave(bool keeps_log)
{
	int last = keeps_log ? STDOUT_FILENO : STDERR_FILENO;
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	for (int stream = STDIN_FILENO; stream <= last; stream++)
		dup2(fd, stream);
	if (fd > STDERR_FILENO)
		close(fd);
}
