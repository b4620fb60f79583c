#include "x11/display_trial.h"

#include <X11/Xlib.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "x11/stderr_catch.h"
#include "x11/x_error.h"

static Display *open_quietly(const char *name, char *noise, size_t size)
{
	struct stderr_catch caught;
	Display *x;
	bool died;

	x_error_install();
	stderr_catch_begin(&caught);
	x = x_error_open_display(name, &died);
	stderr_catch_end(&caught, noise, size);
	return died ? NULL : x;
}

static enum display_trial_result try(const char *name, const char *authority)
{
	int opcode, event_base, error_base;
	char noise[256];
	Display *x;

	if (authority != NULL)
		setenv("XAUTHORITY", authority, 1);
	x = open_quietly(name, noise, sizeof(noise));
	if (x == NULL)
		return noise[0] != '\0' ? DISPLAY_TRIAL_REFUSES
					: DISPLAY_TRIAL_FAILS;
	return XQueryExtension(x, "XWAYLAND", &opcode, &event_base, &error_base)
		       ? DISPLAY_TRIAL_XWAYLAND
		       : DISPLAY_TRIAL_OPENS;
}

enum display_trial_result display_trial_run(
	const char *name, const char *authority, unsigned seconds)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		signal(SIGALRM, SIG_DFL);
		signal(SIGPIPE, SIG_IGN);
		alarm(seconds);
		_exit((int)try(name, authority));
	}
	if (pid < 0)
		return DISPLAY_TRIAL_FAILS;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return DISPLAY_TRIAL_FAILS;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > DISPLAY_TRIAL_FAILS)
		return DISPLAY_TRIAL_FAILS;
	return (enum display_trial_result)WEXITSTATUS(status);
}
