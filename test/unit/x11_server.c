#include "test/unit/x11_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "base/xmalloc.h"

enum { FIRST_DISPLAY = 70, DISPLAYS = 10, MOST_ARGUMENTS = 48 };

static void fail(const char *what)
{
	fprintf(stderr, "x11_server: %s: %s\n", what, strerror(errno));
	abort();
}

static void put_u16(FILE *file, unsigned value)
{
	fputc((int)(value >> 8), file);
	fputc((int)(value & 0xff), file);
}

static void put_bytes(FILE *file, const void *bytes, unsigned length)
{
	put_u16(file, length);
	fwrite(bytes, 1, length, file);
}

/* One entry of Xau's file format, for every local display. */
static void write_cookie(const char *path)
{
	unsigned char cookie[16];
	FILE *file;

	random_bytes(cookie, sizeof(cookie));
	umask(077);
	file = fopen(path, "wb");
	if (file == NULL)
		fail(path);
	put_u16(file, 0xffff); /* FamilyWild */
	put_bytes(file, "", 0);
	put_bytes(file, "", 0);
	put_bytes(file, "MIT-MAGIC-COOKIE-1", 18);
	put_bytes(file, cookie, sizeof(cookie));
	if (fclose(file) != 0)
		fail(path);
}

/* It is to serve nobody: from 1.13 on it ends where it has neither a port nor a
 * socket. */
static int add_vnc_words(const char **argv, const struct x11_server *server)
{
	argv[0] = "-SecurityTypes";
	argv[1] = "None";
	argv[2] = "-rfbport";
	argv[3] = "-1";
	argv[4] = "-rfbunixpath";
	argv[5] = server->vnc_socket;
	return 6;
}

static void run_server(struct x11_server *server, const char *program,
	char *arguments, int ready)
{
	const char *argv[MOST_ARGUMENTS];
	char descriptor[16], *word;
	int count = 0;

	snprintf(descriptor, sizeof(descriptor), "%d", ready);
	argv[count++] = program;
	argv[count++] = server->display;
	argv[count++] = "-auth";
	argv[count++] = server->cookie_file;
	argv[count++] = "-displayfd";
	argv[count++] = descriptor;
	argv[count++] = "-nolisten";
	argv[count++] = "tcp";
	if (strcmp(program, "Xtigervnc") == 0)
		count += add_vnc_words(argv + count, server);
	for (word = strtok(arguments, " ");
		word != NULL && count < MOST_ARGUMENTS - 1;
		word = strtok(NULL, " "))
		argv[count++] = word;
	argv[count] = NULL;
	execvp(program, (char **)argv);
	fail(program);
}

/* False where the number is taken by somebody else. */
static bool start_on(
	struct x11_server *server, const char *program, const char *arguments)
{
	char *words = xstrdup(arguments), byte;
	int ready[2];
	int length;

	if (pipe(ready) != 0)
		fail("pipe");
	server->pid = fork();
	if (server->pid < 0)
		fail("fork");
	if (server->pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		if (getenv("X11_TEST_VERBOSE") == NULL)
			dup2(null, STDERR_FILENO);
		close(ready[0]);
		/* A test that aborts leaves no X server behind. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_server(server, program, words, ready[1]);
	}
	close(ready[1]);
	/* To the end: a server whose number nobody reads gives up. */
	for (length = 0; read(ready[0], &byte, 1) == 1; length++)
		if (byte == '\n')
			break;
	close(ready[0]);
	free(words);
	if (length > 0)
		return true;
	waitpid(server->pid, NULL, 0);
	return false;
}

/* Xlib would end the program with the server. */
static void survive(Display *display, void *context)
{
	(void)display;
	(void)context;
}

struct x11_server *x11_server_start(const char *program, const char *arguments)
{
	struct x11_server *server = xcalloc(1, sizeof(*server));
	const char *first = getenv("X11_TEST_DISPLAY");
	int number = first != NULL ? atoi(first) : FIRST_DISPLAY, i;

	strcpy(server->directory, "/tmp/x11_test.XXXXXX");
	if (mkdtemp(server->directory) == NULL)
		fail("mkdtemp");
	snprintf(server->cookie_file, sizeof(server->cookie_file), "%s/cookie",
		server->directory);
	snprintf(server->vnc_socket, sizeof(server->vnc_socket), "%s/vnc",
		server->directory);
	write_cookie(server->cookie_file);
	setenv("XAUTHORITY", server->cookie_file, 1);
	for (i = 0; i < DISPLAYS; i++) {
		snprintf(server->display, sizeof(server->display), ":%d",
			number + i);
		if (start_on(server, program, arguments))
			break;
	}
	if (i == DISPLAYS)
		fail("no X server would start");
	server->other = XOpenDisplay(server->display);
	if (server->other == NULL)
		fail("XOpenDisplay");
	XSetIOErrorExitHandler(server->other, survive, NULL);
	return server;
}

void x11_server_kill(struct x11_server *server)
{
	if (server->pid <= 0)
		return;
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	server->pid = 0;
}

void x11_server_stop(struct x11_server *server)
{
	XCloseDisplay(server->other);
	if (server->pid > 0) {
		kill(server->pid, SIGTERM);
		waitpid(server->pid, NULL, 0);
	}
	unlink(server->cookie_file);
	unlink(server->vnc_socket);
	rmdir(server->directory);
	free(server);
}

int x11_server_run(struct x11_server *server, const char *command)
{
	char *line = xasprintf("export DISPLAY=%s XAUTHORITY=%s; %s",
		server->display, server->cookie_file, command);
	int status = system(line);

	free(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
