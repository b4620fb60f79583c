#include "server/network/inherited.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 16 };

static long number_of(const char *variable)
{
	const char *text = getenv(variable);

	return text != NULL ? strtol(text, NULL, 10) : 0;
}

static void prepare(int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

int inherited_take(void)
{
	long count = number_of("LISTEN_FDS");
	bool ours = number_of("LISTEN_PID") == (long)getpid();

	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
	if (!ours || count < 0)
		return 0;
	if (count > MOST)
		count = MOST;
	for (int i = 0; i < count; i++)
		prepare(INHERITED_FIRST + i);
	return (int)count;
}

void inherited_follow(long before)
{
	char text[24];

	if (number_of("LISTEN_PID") != before)
		return;
	snprintf(text, sizeof(text), "%ld", (long)getpid());
	setenv("LISTEN_PID", text, 1);
}

bool inherited_is_socket(int fd)
{
	struct stat about;

	return fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode);
}

bool inherited_is_listening(int fd)
{
	int listening = 0;
	socklen_t length = sizeof(listening);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) ==
		       0 &&
	       listening;
}
