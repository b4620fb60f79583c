#include "x11/stderr_catch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

static void close_pipe(struct stderr_catch *caught)
{
	close(caught->pipe[0]);
	close(caught->pipe[1]);
}

void stderr_catch_begin(struct stderr_catch *caught)
{
	int i;

	caught->saved = -1;
	if (pipe(caught->pipe) != 0)
		return;
	for (i = 0; i < 2; i++) {
		fcntl(caught->pipe[i], F_SETFL, O_NONBLOCK);
		fcntl(caught->pipe[i], F_SETFD, FD_CLOEXEC);
	}
	caught->saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (caught->saved >= 0 && dup2(caught->pipe[1], STDERR_FILENO) >= 0)
		return;
	if (caught->saved >= 0)
		close(caught->saved);
	caught->saved = -1;
	close_pipe(caught);
}

/* Several lines become one, without the blank at the end. */
static void join_lines(char *bytes, ssize_t *length)
{
	ssize_t i;

	while (*length > 0 && strchr("\r\n ", bytes[*length - 1]) != NULL)
		(*length)--;
	for (i = 0; i < *length; i++)
		if (bytes[i] == '\n' || bytes[i] == '\r')
			bytes[i] = ' ';
}

void stderr_catch_end(struct stderr_catch *caught, char *text, size_t size)
{
	char bytes[512], *printable;
	ssize_t length;

	text[0] = '\0';
	if (caught->saved < 0)
		return;
	dup2(caught->saved, STDERR_FILENO);
	close(caught->saved);
	length = read(caught->pipe[0], bytes, sizeof(bytes));
	close_pipe(caught);
	if (length <= 0)
		return;
	join_lines(bytes, &length);
	printable = text_printable(bytes, (size_t)length, size - 1);
	memcpy(text, printable, strlen(printable) + 1);
	free(printable);
}
