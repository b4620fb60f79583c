#include "server/process/hidden_line.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

/* What `fd` was found as, and the signals that must find it so. They are
 * blocked, not handled: a handler could only reach a global. */
struct terminal {
	int fd, signals; /* -1: these come as ever */
	struct termios usual;
	sigset_t held, before;
};

static void hold_signals(struct terminal *terminal)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM,
		SIGTSTP };
	size_t i;

	sigemptyset(&terminal->held);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&terminal->held, numbers[i]);
	terminal->signals = signalfd(-1, &terminal->held, SFD_CLOEXEC);
	if (terminal->signals >= 0)
		sigprocmask(SIG_BLOCK, &terminal->held, &terminal->before);
}

static void hide(const struct terminal *terminal, const char *question)
{
	struct termios silent = terminal->usual;

	silent.c_lflag &= (tcflag_t)~ECHO;
	tcsetattr(terminal->fd, TCSAFLUSH, &silent);
	dprintf(terminal->fd, "%s", question);
}

static void show(const struct terminal *terminal)
{
	tcsetattr(terminal->fd, TCSAFLUSH, &terminal->usual);
	dprintf(terminal->fd, "\n");
}

/* The signal that has come does what it does; here goes on who was stopped by
 * it, or ignores it. */
static void give_way(const struct terminal *terminal, const char *question)
{
	show(terminal);
	sigprocmask(SIG_SETMASK, &terminal->before, NULL);
	sigprocmask(SIG_BLOCK, &terminal->held, NULL);
	hide(terminal, question);
}

/* A whole line is there, or the input's end. */
static void wait_for_line(const struct terminal *terminal, const char *question)
{
	struct pollfd there[] = { { .fd = terminal->signals, .events = POLLIN },
		{ .fd = terminal->fd, .events = POLLIN } };

	do {
		there[0].revents = there[1].revents = 0;
		if (poll(there, 2, -1) < 0 && errno != EINTR)
			return;
		if (there[0].revents != 0)
			give_way(terminal, question);
	} while (there[0].revents != 0 || there[1].revents == 0);
}

static bool read_line(int fd, char line[HIDDEN_LINE_BYTES])
{
	size_t length = 0;
	ssize_t got;
	char byte;

	while ((got = read(fd, &byte, 1)) == 1 && byte != '\n')
		if (length < HIDDEN_LINE_BYTES - 1)
			line[length++] = byte;
	line[length] = '\0';
	return got == 1 || length > 0;
}

bool hidden_line_ask(int fd, const char *question, char line[HIDDEN_LINE_BYTES])
{
	struct terminal terminal = { .fd = fd };
	bool good;

	if (tcgetattr(fd, &terminal.usual) != 0)
		return read_line(fd, line);
	hold_signals(&terminal);
	hide(&terminal, question);
	wait_for_line(&terminal, question);
	good = read_line(fd, line);
	show(&terminal);
	if (terminal.signals >= 0) {
		sigprocmask(SIG_SETMASK, &terminal.before, NULL);
		close(terminal.signals);
	}
	return good;
}
