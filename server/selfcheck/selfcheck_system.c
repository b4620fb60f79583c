/* The machine: limits, walls, places for files. */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "server/control/control_path.h"
#include "server/options/options.h"
#include "server/sandbox/sandbox.h"
#include "server/selfcheck/selfcheck.h"

enum { OWN_DESCRIPTORS = 40, NO_FILES = 1, NO_CALLS = 2 };

static void say_descriptors(struct selfcheck *check)
{
	const struct options *options = check->options;
	unsigned long wanted = OWN_DESCRIPTORS +
			       (unsigned long)options->most_clients +
			       (unsigned long)options->most_waiting;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	if (limit.rlim_cur >= wanted)
		selfcheck_say(check, SELFCHECK_GOOD,
			"%lu descriptors may be open",
			(unsigned long)limit.rlim_cur);
	else
		selfcheck_say(check, SELFCHECK_NOTE,
			"only %lu descriptors may be open, and -maxclients %d "
			"and -maxwaiting %d may need %lu: ulimit -n, or "
			"LimitNOFILE= of the unit",
			(unsigned long)limit.rlim_cur, options->most_clients,
			options->most_waiting, wanted);
}

/* Tried out by a process that ends in it. */
static int try_sandbox(void)
{
	const struct sandbox_paths nothing = { .read_count = 0 };
	struct sandbox_result result;
	pid_t child = fork();
	int status;

	if (child == 0) {
		sandbox_enter(&result, &nothing, SANITIZED);
		_exit((result.files ? 0 : NO_FILES) |
			(result.calls ? 0 : NO_CALLS));
	}
	if (child < 0 || waitpid(child, &status, 0) != child ||
		!WIFEXITED(status))
		return NO_FILES | NO_CALLS;
	return WEXITSTATUS(status);
}

static void say_sandbox(struct selfcheck *check)
{
	int missing;

	if (!check->options->sandbox) {
		selfcheck_say(check, SELFCHECK_NOTE,
			"-nosandbox: whoever broke in could run programs");
		return;
	}
	missing = try_sandbox();
	if (missing == 0)
		selfcheck_say(check, SELFCHECK_GOOD, "the sandbox stands");
	if (missing & NO_FILES)
		selfcheck_say(check, SELFCHECK_NOTE,
			"the kernel has no Landlock (5.13; lsm=landlock at its "
			"start): whoever broke in could read this user's "
			"files; a user of its own (-runas) helps");
	if (missing & NO_CALLS)
		selfcheck_say(check, SELFCHECK_NOTE,
			"the kernel has no filters of system calls (seccomp): "
			"whoever broke in could run programs");
}

static void say_root(struct selfcheck *check)
{
	if (geteuid() == 0 && check->options->run_as == NULL)
		selfcheck_say(check, SELFCHECK_NOTE,
			"this is root: -runas USER is safer");
}

static void say_control(struct selfcheck *check)
{
	const char *display = check->options->display;
	char *path, *error = NULL;

	if (check->options->control != NULL || !check->options->control_wanted)
		return;
	path = control_path_find(display != NULL ? display : ":0", &error);
	if (path == NULL)
		selfcheck_say(check, SELFCHECK_NOTE,
			"-R and -Q will not work: %s", error);
	free(error);
	free(path);
}

void selfcheck_system(struct selfcheck *check)
{
	say_descriptors(check);
	say_sandbox(check);
	say_root(check);
	say_control(check);
}
