#include "server/create/stage.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/create/stage_process.h"
#include "server/sandbox/sandbox.h"
#include "server/server.h"
#include "server/share/share.h"

enum { END_MS = 4000 };

static bool make_plan(struct stage_plan *plan, const struct options *options)
{
	char *error = NULL;

	if (!x_program_choose(&plan->program, options->create_server,
		    options->geometry, &error)) {
		log_error("%s", error);
		free(error);
		return false;
	}
	session_choice_make(&plan->session, options->session);
	plan->again = options->reopen;
	plan->quiet = options->background && options->log_file == NULL &&
		      options->log_append == NULL;
	if (plan->session.words == NULL)
		log_warning(
			"-create: no session to run: neither words behind "
			"'--', $X11WSVNC_SESSION, ~/.xsession, openbox nor "
			"xterm; the desktop stays empty");
	return true;
}

static void finish_plan(struct stage_plan *plan)
{
	x_program_finish(&plan->program);
	session_choice_finish(&plan->session);
}

/* The desktop is that of -runas's user, too. */
static void be_the_stage(const struct stage_plan *plan,
	const struct options *options, int socket)
{
	char *error = NULL;

	if (options->run_as != NULL &&
		!sandbox_leave_root(options->run_as, &error)) {
		log_error("%s", error);
		_exit(1);
	}
	stage_process_run(plan, socket);
}

static bool start(struct stage *stage, const struct stage_plan *plan,
	const struct options *options)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		log_error("-create: no socket to be had: %s", strerror(errno));
		return false;
	}
	stage->pid = fork();
	if (stage->pid == 0) {
		close(ends[0]);
		be_the_stage(plan, options, ends[1]);
	}
	if (stage->pid < 0)
		log_error(
			"-create: cannot start a process: %s", strerror(errno));
	close(ends[1]);
	stage->socket = ends[0];
	return stage->pid > 0;
}

static void put(char **text, char *value)
{
	free(*text);
	*text = value;
}

/* Blocks for as long as an X server takes to start. */
static bool is_ready(struct stage *stage, struct options *options)
{
	struct stage_message message;
	ssize_t got;

	do
		got = recv(stage->socket, &message, sizeof(message), 0);
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(message) || message.news != STAGE_READY)
		return false;
	message.authority[STAGE_MOST_PATH - 1] = '\0';
	put(&options->display, xasprintf(":%d", message.number));
	put(&options->authority, xstrdup(message.authority));
	return true;
}

bool stage_open(struct stage *stage, struct options *options)
{
	struct stage_plan plan;
	bool good;

	*stage = (struct stage){ .socket = -1 };
	if (!options->create)
		return true;
	if (!make_plan(&plan, options))
		return false;
	good = start(stage, &plan, options) && is_ready(stage, options);
	if (good)
		log_info("-create: %s on display %s with %s", plan.program.name,
			options->display,
			plan.session.words != NULL ? plan.session.words[0]
						   : "nothing");
	finish_plan(&plan);
	if (!good)
		stage_close(stage);
	return good;
}

static void on_news(uv_poll_t *poll, int status, int events)
{
	struct stage *stage = poll->data;
	struct stage_message message;
	ssize_t got;

	(void)status;
	(void)events;
	got = recv(stage->socket, &message, sizeof(message), MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	uv_poll_stop(poll);
	if (got == (ssize_t)sizeof(message) &&
		message.news == STAGE_SESSION_ENDED)
		share_end(stage->share, EXIT_OK,
			"-create: the session has ended");
	else
		share_end(stage->share, EXIT_DISPLAY_LOST,
			"-create: the X server has ended");
}

void stage_attach(struct stage *stage, struct share *share)
{
	stage->share = share;
	if (stage->socket < 0)
		return;
	uv_poll_init(&share->server->loop, &stage->poll, stage->socket);
	stage->poll.data = stage;
	uv_poll_start(&stage->poll, UV_READABLE, on_news);
}

void stage_end(struct stage *stage)
{
	if (stage->socket < 0)
		return;
	uv_poll_stop(&stage->poll);
	shutdown(stage->socket, SHUT_RDWR);
}

void stage_close(struct stage *stage)
{
	uint64_t end_ms = clock_ms() + END_MS;

	if (stage->socket < 0)
		return;
	close(stage->socket);
	stage->socket = -1;
	while (stage->pid > 0 && waitpid(stage->pid, NULL, WNOHANG) == 0 &&
		clock_ms() < end_ms)
		poll(NULL, 0, 5);
}
