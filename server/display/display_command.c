#include "server/display/display_command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "server/display/display_target.h"

enum { MOST_OUTPUT = 4096, TIMEOUT_MS = 20000 };

/* NULL: the line is none of that name. */
static char *value_of(char *line, const char *name)
{
	size_t length = strlen(name);

	return strncmp(line, name, length) == 0 ? line + length : NULL;
}

bool display_command_parse(char *text, struct display_target *told)
{
	char *line, *rest, *display = NULL, *authority = NULL;

	for (line = strtok_r(text, "\r\n", &rest); line != NULL;
		line = strtok_r(NULL, "\r\n", &rest)) {
		char *value = value_of(line, "DISPLAY=");

		if (value != NULL && display == NULL) {
			value[strcspn(value, ",")] = '\0'; /* ,VT=7 */
			display = value;
		}
		value = value_of(line, "XAUTHORITY=");
		if (value != NULL && value[0] != '\0')
			authority = value;
	}
	if (display == NULL || strchr(display, ':') == NULL)
		return false;
	display_target_set(told, xstrdup(display),
		authority != NULL ? xstrdup(authority) : NULL);
	return true;
}

static size_t read_until(int fd, char *bytes, size_t size, uint64_t end_ms)
{
	struct pollfd waited = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	uint64_t now;

	while (length < size && (now = clock_ms()) < end_ms) {
		ssize_t got;

		if (poll(&waited, 1, (int)(end_ms - now)) <= 0)
			continue;
		got = read(fd, bytes + length, size - length);
		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		length += got > 0 ? (size_t)got : 0;
	}
	return length;
}

static pid_t start(const char *command, int output)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	setpgid(0, 0);
	dup2(output, STDOUT_FILENO);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* What it started may live on (an X server), but not hold up who asked. */
static bool end(pid_t pid, uint64_t end_ms)
{
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_ms() >= end_ms) {
			kill(-pid, SIGKILL);
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return false;
		}
		poll(NULL, 0, 10);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool display_command_run(const char *command, struct display_target *told)
{
	uint64_t end_ms = clock_ms() + TIMEOUT_MS;
	char output[MOST_OUTPUT + 1];
	size_t length;
	bool good;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid = start(command, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	length = read_until(ends[0], output, MOST_OUTPUT, end_ms);
	close(ends[0]);
	good = end(pid, end_ms);
	output[length] = '\0';
	return good && display_command_parse(output, told);
}
