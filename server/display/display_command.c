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

enum { MOST_OUTPUT = 4096, TIMEOUT_MS = 20000, LOOK_MS = 20 };

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

static bool has_ended(pid_t pid)
{
	siginfo_t about = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &about, WEXITED | WNOHANG | WNOWAIT) ==
		       0 &&
	       about.si_pid == pid;
}

/* What it started may live on (an X server) with our pipe open: so the end of
 * what is written is its own end. */
static size_t read_output(
	int fd, pid_t pid, char *bytes, size_t size, uint64_t end_ms)
{
	struct pollfd waited = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	ssize_t got = 0;
	bool ended;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	do {
		poll(&waited, 1, LOOK_MS);
		ended = has_ended(pid);
		while ((got = read(fd, bytes + length, size - length)) > 0)
			length += (size_t)got;
	} while (!ended && got != 0 && clock_ms() < end_ms);
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
	length = read_output(ends[0], pid, output, MOST_OUTPUT, end_ms);
	close(ends[0]);
	good = end(pid, end_ms);
	output[length] = '\0';
	return good && display_command_parse(output, told);
}
