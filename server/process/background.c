#include "server/process/background.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/network/inherited.h"
#include "server/process/standard_streams.h"

static int wait_for(int ready, pid_t child)
{
	ssize_t got;
	int status;
	char byte;

	do
		got = read(ready, &byte, 1);
	while (got < 0 && errno == EINTR);
	if (got == 1)
		return 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

bool background_enter(struct background *background)
{
	pid_t parent = getpid(), child;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	child = fork();
	if (child < 0)
		return false;
	if (child > 0) {
		close(ends[1]);
		_exit(wait_for(ends[0], child));
	}
	close(ends[0]);
	background->ready = ends[1];
	inherited_follow(parent);
	setsid();
	return true;
}

void background_ready(struct background *background, bool keeps_log)
{
	if (background->ready < 0)
		return;
	/* First: who reads our output until its end waits for that too. */
	standard_streams_leave(keeps_log);
	if (write(background->ready, "", 1) < 0)
		errno = 0; /* the parent was killed: nobody waits */
	close(background->ready);
	background->ready = -1;
}
