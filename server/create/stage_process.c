#include "server/create/stage_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/create/cookie_file.h"

enum {
	X_START_MS = 20000, /* also of a machine that swaps */
	FAREWELL_MS = 1500, /* for the session, and for the X server */
	X_DEATH_MS = 30,
	MOST_RUNTIME_PATH = 80, /* a socket's is at most 107 */
	AGAIN_MS = 1000,        /* not more often: something may be broken */
};

struct process {
	const struct stage_plan *plan;
	int socket, signals;
	char *folder, *authority, *x_log, *x_socket;
	int number; /* of the display; -1: not known yet */
	pid_t x, session;
	uint64_t session_began_ms;
	bool session_is_due;
};

/* ---- children ---- */

/* What they inherit is nothing but 0, 1 and 2; and they end with us. */
static void become_child(int last_signal, int output)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, last_signal);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	setsid();
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
}

static void exec_x(const struct process *process, int number_fd)
{
	char *words[X_PROGRAM_MOST_WORDS];
	int log = open(process->x_log, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	become_child(SIGTERM, log);
	dup2(number_fd, 3);
	close_range(4, ~0U, 0);
	x_program_words(&process->plan->program, process->number, 3,
		process->authority, process->x_socket, words);
	execv(words[0], words);
	_exit(127);
}

/* It comes in pieces. -1: it died, or took too long. */
static int read_number(int fd)
{
	struct pollfd waited = { .fd = fd, .events = POLLIN };
	uint64_t end_ms = clock_ms() + X_START_MS, now;
	char text[16];
	size_t length = 0;

	while (length + 1 < sizeof(text) && (now = clock_ms()) < end_ms) {
		ssize_t got;

		if (poll(&waited, 1, (int)(end_ms - now)) <= 0)
			continue;
		got = read(fd, text + length, sizeof(text) - 1 - length);
		if (got == 0 || (got < 0 && errno != EINTR))
			return -1;
		length += got > 0 ? (size_t)got : 0;
		text[length] = '\0';
		if (length > 1 && text[length - 1] == '\n')
			return atoi(text);
	}
	return -1;
}

static void tell_x_log(const struct process *process)
{
	FILE *file = fopen(process->x_log, "re");
	char line[200], last[200] = "";

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strspn(line, " \t\r\n") < strlen(line))
			memcpy(last, line, sizeof(last));
	if (file != NULL)
		fclose(file);
	last[strcspn(last, "\r\n")] = '\0';
	log_error("-create: %s did not start: %s", process->plan->program.path,
		last[0] != '\0' ? last : "it said nothing");
}

static bool start_x(struct process *process)
{
	int ends[2], number;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	process->x = fork();
	if (process->x == 0)
		exec_x(process, ends[1]);
	close(ends[1]);
	number = process->x > 0 ? read_number(ends[0]) : -1;
	close(ends[0]);
	if (number < 0) {
		tell_x_log(process);
		return false;
	}
	process->number = number;
	return true;
}

static void exec_session(const struct process *process)
{
	char *const *words = process->plan->session.words;
	char *display = xasprintf(":%d", process->number);

	become_child(SIGHUP, STDERR_FILENO);
	close_range(3, ~0U, 0);
	setenv("DISPLAY", display, 1);
	setenv("XAUTHORITY", process->authority, 1);
	unsetenv("WAYLAND_DISPLAY");
	unsetenv("NOTIFY_SOCKET");
	execvp(words[0], words);
	log_error("-create: cannot run %s: %s", words[0], strerror(errno));
	_exit(127);
}

static void start_session(struct process *process)
{
	process->session_is_due = false;
	if (process->plan->session.words == NULL)
		return;
	process->session_began_ms = clock_ms();
	process->session = fork();
	if (process->session == 0)
		exec_session(process);
}

/* ---- the end of them ---- */

/* Also what the session left behind: orphans become our children. */
static void signal_children(const struct process *process, int number)
{
	char *path = xasprintf("/proc/self/task/%ld/children", (long)getpid());
	FILE *file = fopen(path, "re");
	long child;

	if (process->session > 0)
		kill(-process->session, number);
	while (file != NULL && fscanf(file, "%ld", &child) == 1)
		if (child != process->x)
			kill((pid_t)child, number);
	if (file != NULL)
		fclose(file);
	free(path);
}

static void forget(struct process *process, pid_t pid)
{
	if (pid == process->x)
		process->x = 0;
	if (pid == process->session)
		process->session = 0;
}

/* Until there are none (but the X server), or the time is over: false. */
static bool wait_for_children(struct process *process, bool x_too)
{
	uint64_t end_ms = clock_ms() + FAREWELL_MS;
	pid_t pid;

	while (clock_ms() < end_ms) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			forget(process, pid);
		if (pid < 0)
			return true;
		if (!x_too && process->session == 0)
			return true;
		poll(NULL, 0, 5);
	}
	return false;
}

static void end_session(struct process *process)
{
	signal_children(process, SIGTERM);
	if (!wait_for_children(process, false))
		signal_children(process, SIGKILL);
}

static void end_all(struct process *process)
{
	end_session(process);
	if (process->x > 0)
		kill(process->x, SIGTERM);
	signal_children(process, SIGTERM);
	if (!wait_for_children(process, true)) {
		if (process->x > 0)
			kill(process->x, SIGKILL);
		signal_children(process, SIGKILL);
	}
	unlink(process->authority);
	unlink(process->x_log);
	unlink(process->x_socket);
	rmdir(process->folder);
	_exit(0);
}

/* ---- life ---- */

static void say(const struct process *process, enum stage_news news)
{
	struct stage_message message = { .news = (int)news,
		.number = process->number };

	snprintf(message.authority, sizeof(message.authority), "%s",
		process->authority);
	send(process->socket, &message, sizeof(message), MSG_NOSIGNAL);
}

/* The X server's end ends its programs too; what is left of the session goes
 * with it. */
static void x_ended(struct process *process)
{
	if (!process->plan->again)
		end_all(process);
	log_warning("-create: the X server :%d has ended; starting it anew",
		process->number);
	end_session(process);
	if (!start_x(process))
		end_all(process);
	start_session(process);
}

/* One that cannot start at all is not tried again and again in vain. */
static void session_ended(struct process *process)
{
	if (process->plan->again) {
		log_info("-create: the session has ended; starting it anew");
		process->session_is_due = true;
		return;
	}
	say(process, STAGE_SESSION_ENDED);
}

/* Programs of a dead X server die a moment after it, and may be heard of
 * first. */
static bool is_x_dead(struct process *process)
{
	int i;

	for (i = 0; i < X_DEATH_MS && process->x > 0; i++) {
		if (waitpid(process->x, NULL, WNOHANG) == process->x)
			forget(process, process->x);
		else
			poll(NULL, 0, 1);
	}
	return process->x == 0;
}

static void reap(struct process *process)
{
	struct signalfd_siginfo ignored;
	pid_t pid;
	bool x = false, session = false;

	while (read(process->signals, &ignored, sizeof(ignored)) > 0)
		;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		x |= pid == process->x;
		session |= pid == process->session;
		forget(process, pid);
	}
	if (x || (session && is_x_dead(process)))
		x_ended(process);
	else if (session)
		session_ended(process);
}

/* Ms until the session is started anew; -1: it runs. */
static int watch_time(struct process *process)
{
	uint64_t due = process->session_began_ms + AGAIN_MS, now = clock_ms();

	if (!process->session_is_due)
		return -1;
	if (now < due)
		return (int)(due - now);
	start_session(process);
	return -1;
}

static void live(struct process *process)
{
	while (true) {
		struct pollfd waited[2] = {
			{ .fd = process->socket, .events = POLLIN },
			{ .fd = process->signals, .events = POLLIN },
		};

		if (poll(waited, 2, watch_time(process)) < 0 && errno != EINTR)
			return;
		if (waited[0].revents != 0)
			return; /* it says nothing: it is gone */
		if (waited[1].revents != 0)
			reap(process);
	}
}

static void on_end(int number)
{
	(void)number; /* poll() returns */
}

/* A terminal's signals are for the server; its end is ours. */
static void settle(struct process *process)
{
	const unsigned kept = (unsigned)process->socket;
	sigset_t child;

	setsid();
	/* What sessions print is for the log: stdout is for whoever reads the
	 * port. */
	dup2(STDERR_FILENO, STDOUT_FILENO);
	if (kept > 3)
		close_range(3, kept - 1, 0);
	close_range(kept + 1, ~0U, 0);
	prctl(PR_SET_NAME, "x11wsvnc-stage");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, on_end);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	process->signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
}

static bool make_folder(struct process *process)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (runtime == NULL || access(runtime, W_OK) != 0 ||
		strlen(runtime) > MOST_RUNTIME_PATH)
		runtime = "/tmp";
	process->folder = xasprintf("%s/x11wsvnc-XXXXXX", runtime);
	if (mkdtemp(process->folder) == NULL) {
		log_error("-create: cannot make a folder in %s: %s", runtime,
			strerror(errno));
		return false;
	}
	process->authority = xasprintf("%s/Xauthority", process->folder);
	process->x_log = xasprintf("%s/x.log", process->folder);
	process->x_socket = xasprintf("%s/x.socket", process->folder);
	return cookie_file_make(process->authority);
}

/* Who reads the output of -bg to its end must not wait for us. */
static void be_quiet(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDERR_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
}

void stage_process_run(const struct stage_plan *plan, int socket)
{
	struct process process = {
		.plan = plan, .socket = socket, .number = -1
	};

	settle(&process);
	if (!make_folder(&process))
		_exit(1);
	if (start_x(&process)) {
		say(&process, STAGE_READY);
		if (plan->quiet)
			be_quiet();
		start_session(&process);
		live(&process);
	}
	end_all(&process);
	_exit(0);
}
