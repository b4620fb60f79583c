#include "server/broker/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/broker/broker_process.h"

struct question {
	struct question *next;
	uint32_t number;
	broker_done *done;
	void *context;
};

struct broker {
	int socket; /* -1: it is gone */
	pid_t pid;
	uint32_t last_number;
	struct question *questions;
	uv_poll_t poll;
	bool attached;
};

struct broker *broker_start(const struct broker_plan *plan)
{
	struct broker *broker;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return NULL;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		broker_process_run(plan, ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		int why = errno;

		close(ends[0]);
		errno = why;
		return NULL;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	broker = xcalloc(1, sizeof(*broker));
	broker->socket = ends[0];
	broker->pid = pid;
	return broker;
}

static void answer(struct broker *broker, uint32_t number,
	enum broker_verdict verdict, int status)
{
	struct question **at = &broker->questions, *question;

	while (*at != NULL && (*at)->number != number)
		at = &(*at)->next;
	question = *at;
	if (question == NULL)
		return; /* forgotten */
	*at = question->next;
	question->done(question->context, verdict, status);
	free(question);
}

static void on_death(struct broker *broker)
{
	uv_poll_stop(&broker->poll);
	close(broker->socket);
	broker->socket = -1;
	waitpid(broker->pid, NULL, WNOHANG);
	log_error(
		"the broker process is gone: logins that need a command, a "
		"question or PAM are refused; restart the program");
	while (broker->questions != NULL)
		answer(broker, broker->questions->number, BROKER_FAILED, 0);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct broker *broker = poll->data;
	struct broker_reply reply;
	ssize_t got;

	(void)status;
	(void)events;
	got = recv(broker->socket, &reply, sizeof(reply), 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0)
		on_death(broker);
	else if (broker_wire_is_reply(&reply, (size_t)got))
		answer(broker, reply.number, (enum broker_verdict)reply.verdict,
			(int)reply.status);
}

void broker_attach(struct broker *broker, uv_loop_t *loop)
{
	uv_poll_init(loop, &broker->poll, broker->socket);
	broker->poll.data = broker;
	uv_poll_start(&broker->poll, UV_READABLE, on_readable);
	broker->attached = true;
}

static bool send_request(
	struct broker *broker, const struct broker_request *request)
{
	return send(broker->socket, request, broker_wire_size(request),
		       MSG_NOSIGNAL) >= 0;
}

uint32_t broker_ask(struct broker *broker, struct broker_request *request,
	broker_done *done, void *context)
{
	struct question *question;

	if (broker == NULL || broker->socket < 0)
		return 0;
	if (++broker->last_number == 0)
		broker->last_number = 1;
	request->number = broker->last_number;
	if (!send_request(broker, request))
		return 0;
	if (done == NULL)
		return request->number;
	question = xcalloc(1, sizeof(*question));
	*question = (struct question){ broker->questions, request->number, done,
		context };
	broker->questions = question;
	return request->number;
}

void broker_reopen_log(struct broker *broker)
{
	struct broker_request request = { .job = BROKER_LOG };

	broker_ask(broker, &request, NULL, NULL);
}

void broker_forget(struct broker *broker, uint32_t number)
{
	struct question **at, *question;
	const struct broker_request cancel = { .number = number,
		.job = BROKER_CANCEL };

	if (broker == NULL || number == 0)
		return;
	for (at = &broker->questions; *at != NULL; at = &(*at)->next)
		if ((*at)->number == number)
			break;
	question = *at;
	if (question == NULL)
		return;
	*at = question->next;
	free(question);
	if (broker->socket >= 0)
		send_request(broker, &cancel);
}

void broker_destroy(struct broker *broker)
{
	struct question *question;

	if (broker == NULL)
		return;
	while ((question = broker->questions) != NULL) {
		broker->questions = question->next;
		free(question);
	}
	if (broker->socket >= 0)
		close(broker->socket);
	free(broker);
}
