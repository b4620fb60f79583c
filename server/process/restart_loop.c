#include "server/process/restart_loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "server/network/inherited.h"
#include "server/options/options.h"
#include "server/process/standard_streams.h"

enum { NORMAL_PAUSE_MS = 2000, LONGEST_PAUSE_MS = 86400000 };

static const int watched[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1 };

bool restart_loop_parse(struct restart_loop *loop, const char *text)
{
	char *end;
	long number;

	loop->pause_ms = NORMAL_PAUSE_MS;
	loop->most = 0;
	if (*text == '\0')
		return true;
	number = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || number > LONGEST_PAUSE_MS)
		return false;
	loop->pause_ms = (int)number;
	if (*end == '\0')
		return true;
	text = end + 1;
	number = strtol(text, &end, 10);
	loop->most = (int)number;
	return text[-1] == ',' && *text >= '1' && *text <= '9' &&
	       number <= LONGEST_PAUSE_MS && *end == '\0';
}

struct supervisor {
	sigset_t signals, before;
	pid_t child; /* 0: none */
	bool ending;
};

/* False: the child is gone. */
static bool is_there(struct supervisor *supervisor, int *status)
{
	if (waitpid(supervisor->child, status, WNOHANG) != supervisor->child)
		return true;
	supervisor->child = 0;
	return false;
}

static void pass_on(struct supervisor *supervisor, int number)
{
	if (number == SIGTERM || number == SIGINT)
		supervisor->ending = true;
	if (number > 0 && number != SIGCHLD && supervisor->child > 0)
		kill(supervisor->child, number);
}

static int wait_for_child(struct supervisor *supervisor)
{
	int status = 0;

	while (is_there(supervisor, &status))
		pass_on(supervisor, sigwaitinfo(&supervisor->signals, NULL));
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAULT;
}

static void pause_between(struct supervisor *supervisor, int pause_ms)
{
	struct timespec pause = { pause_ms / 1000,
		(long)(pause_ms % 1000) * 1000000 };
	int number;

	while (!supervisor->ending) {
		number = sigtimedwait(&supervisor->signals, NULL, &pause);
		if (number < 0 && errno == EAGAIN)
			return;
		pass_on(supervisor, number);
	}
}

/* True in the child. */
static bool start(struct supervisor *supervisor)
{
	pid_t parent = getpid();

	supervisor->child = fork();
	if (supervisor->child != 0)
		return false;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(EXIT_OK);
	sigprocmask(SIG_SETMASK, &supervisor->before, NULL);
	inherited_follow(parent);
	return true;
}

bool restart_loop_run(const struct restart_loop *loop, int *exit_code)
{
	struct supervisor supervisor = { .child = 0 };

	sigemptyset(&supervisor.signals);
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		sigaddset(&supervisor.signals, watched[i]);
	sigprocmask(SIG_BLOCK, &supervisor.signals, &supervisor.before);
	for (int i = 0; loop->most == 0 || i < loop->most; i++) {
		if (start(&supervisor))
			return true;
		if (i == 0 && loop->quietly)
			standard_streams_leave(loop->keeps_log);
		*exit_code = supervisor.child > 0 ? wait_for_child(&supervisor)
						  : EXIT_FAULT;
		if (supervisor.ending || *exit_code == EXIT_USAGE)
			return false;
		log_info("-loop: ended with status %d, starting again in %d ms",
			*exit_code, loop->pause_ms);
		pause_between(&supervisor, loop->pause_ms);
		if (supervisor.ending)
			return false;
	}
	return false;
}
