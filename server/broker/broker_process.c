#include "server/broker/broker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/broker/broker_child.h"

struct job {
	uint32_t number;
	enum broker_job kind;
	pid_t pid;
	uint64_t due_ms; /* 0: never */
	bool timed_out;
};

struct process {
	const struct broker_plan *plan;
	int socket, signals;
	struct job jobs[BROKER_MOST_JOBS];
	int count;
};

static void reply(struct process *process, uint32_t number,
	enum broker_verdict verdict, int status)
{
	const struct broker_reply answer = {
		.number = number,
		.verdict = verdict,
		.status = (uint32_t)status,
	};

	/* The server reads; a job's number and an answer are small. */
	while (send(process->socket, &answer, sizeof(answer), MSG_NOSIGNAL) <
			0 &&
		errno == EINTR)
		;
}

static int count_kind(const struct process *process, enum broker_job kind)
{
	int i, count = 0;

	for (i = 0; i < process->count; i++)
		count += process->jobs[i].kind == kind;
	return count;
}

static bool has_display(
	const struct process *process, const struct broker_request *request)
{
	const struct broker_plan *plan = process->plan;

	return request->job != BROKER_DISPLAY ||
	       (request->desktop < plan->display_count &&
		       plan->displays[request->desktop].report != NULL);
}

static bool has_room(const struct process *process, enum broker_job kind)
{
	if (process->plan->jobs[kind].text == NULL ||
		process->count == BROKER_MOST_JOBS)
		return false;
	if (kind == BROKER_QUERY)
		return count_kind(process, kind) < BROKER_MOST_QUERIES;
	return kind != BROKER_PAM ||
	       count_kind(process, kind) < BROKER_MOST_PAM;
}

static void start(struct process *process, const struct broker_request *request)
{
	enum broker_job kind = (enum broker_job)request->job;
	int timeout_s = process->plan->jobs[kind].timeout_s;
	pid_t pid = -1;

	if (has_room(process, kind) && has_display(process, request))
		pid = broker_child_start(process->plan, request);
	if (pid < 0) {
		reply(process, request->number, BROKER_FAILED, 0);
		return;
	}
	process->jobs[process->count++] = (struct job){
		.number = request->number,
		.kind = kind,
		.pid = pid,
		.due_ms = timeout_s > 0
				  ? clock_ms() + (uint64_t)timeout_s * 1000
				  : 0,
	};
}

/* Its group, which is made by the child itself, perhaps a moment later. */
static void kill_job(const struct job *job)
{
	/* An X server that is killed leaves files behind. */
	int number = job->kind == BROKER_WRAP ? SIGTERM : SIGKILL;

	kill(-job->pid, number);
	kill(job->pid, number);
}

static void cancel(struct process *process, uint32_t number)
{
	int i;

	for (i = 0; i < process->count; i++)
		if (process->jobs[i].number == number)
			kill_job(&process->jobs[i]);
}

/* Who reads our output until its end must not wait for us. */
static void reopen_log(const char *file)
{
	int fd = file != NULL
			 ? open(file,
				   O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
					   O_NOCTTY | O_NONBLOCK,
				   0600)
			 : open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	dup2(fd, STDERR_FILENO);
	dup2(fd, STDOUT_FILENO);
	close(fd);
}

/* False: the server is gone. */
static bool take_request(struct process *process)
{
	struct broker_request request;
	ssize_t got = recv(process->socket, &request, sizeof(request), 0);

	if (got <= 0)
		return got < 0 && errno == EINTR;
	if (!broker_wire_is_request(&request, (size_t)got))
		return true;
	if (request.job == BROKER_CANCEL)
		cancel(process, request.number);
	else if (request.job == BROKER_LOG)
		reopen_log(process->plan->log_file);
	else
		start(process, &request);
	explicit_bzero(&request, sizeof(request));
	return true;
}

static void end_job(struct process *process, int at, int status)
{
	const struct job job = process->jobs[at];

	process->jobs[at] = process->jobs[--process->count];
	if (job.timed_out)
		reply(process, job.number, BROKER_TIMED_OUT, 0);
	else if (WIFEXITED(status))
		reply(process, job.number, BROKER_DONE, WEXITSTATUS(status));
	else
		reply(process, job.number, BROKER_FAILED, 0);
}

static void reap(struct process *process)
{
	struct signalfd_siginfo ignored;
	int status, i;
	pid_t pid;

	while (read(process->signals, &ignored, sizeof(ignored)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < process->count; i++)
			if (process->jobs[i].pid == pid) {
				end_job(process, i, status);
				break;
			}
}

/* Kills what has taken too long; the ms until the next one, -1: none. */
static int watch_time(struct process *process)
{
	uint64_t now = clock_ms(), wait = UINT64_MAX;
	int i;

	for (i = 0; i < process->count; i++) {
		struct job *job = &process->jobs[i];

		if (job->due_ms == 0 || job->timed_out)
			continue;
		if (job->due_ms <= now) {
			job->timed_out = true;
			kill_job(job);
		} else if (job->due_ms - now < wait) {
			wait = job->due_ms - now;
		}
	}
	return wait < 1000000 ? (int)wait : -1;
}

static void end(struct process *process)
{
	int i;

	for (i = 0; i < process->count; i++)
		if (!process->plan->jobs[process->jobs[i].kind].is_hook)
			kill_job(&process->jobs[i]);
	_exit(0);
}

/* Signals from the terminal are for the server; its end is ours. What hooks
 * print goes to the log: stdout is for whoever reads the port. */
static void settle(struct process *process)
{
	sigset_t child;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	prctl(PR_SET_NAME, "x11wsvnc-broker");
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	process->signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
}

void broker_process_run(const struct broker_plan *plan, int socket)
{
	struct process process = { .plan = plan, .socket = socket };
	bool serving = true;

	settle(&process);
	while (serving && process.signals >= 0) {
		struct pollfd waited[2] = {
			{ .fd = process.socket, .events = POLLIN },
			{ .fd = process.signals, .events = POLLIN },
		};

		if (poll(waited, 2, watch_time(&process)) < 0 && errno != EINTR)
			break;
		if (waited[1].revents != 0)
			reap(&process);
		if (waited[0].revents != 0)
			serving = take_request(&process);
	}
	end(&process);
	_exit(0);
}
