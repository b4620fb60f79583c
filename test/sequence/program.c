#include "test/sequence/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xmalloc.h"

enum { MOST_ARGUMENTS = 64 };

static void run(
	const char *path, const char *display, char *const *options, int output)
{
	const char *argv[MOST_ARGUMENTS] = { path, "-display", display,
		"-rfbport", "0", "-listen", "127.0.0.1", "-nopw", "-nossl",
		"-quiet" };
	int count = 0;

	while (argv[count] != NULL)
		count++;
	while (*options != NULL && count < MOST_ARGUMENTS - 1)
		argv[count++] = *options++;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(output, STDOUT_FILENO);
	execv(path, (char **)argv);
	perror(path);
	_exit(127);
}

static int read_port(int output)
{
	FILE *lines = fdopen(dup(output), "r");
	char line[256];
	int port = 0;

	while (port == 0 && fgets(line, sizeof(line), lines) != NULL)
		if (strncmp(line, "PORT=", 5) == 0)
			port = atoi(line + 5);
	fclose(lines);
	return port;
}

struct program *program_start(
	const char *path, const char *display, char *const *options)
{
	struct program *program = xcalloc(1, sizeof(*program));
	int ends[2];

	if (pipe(ends) != 0 || (program->pid = fork()) < 0) {
		perror("starting the program");
		exit(2);
	}
	if (program->pid == 0) {
		close(ends[0]);
		run(path, display, options, ends[1]);
	}
	close(ends[1]);
	program->output = ends[0];
	program->port = read_port(ends[0]);
	if (program->port == 0) {
		fprintf(stderr, "%s told no port\n", path);
		exit(2);
	}
	return program;
}

int program_stop(struct program *program)
{
	int status = 0;

	kill(program->pid, SIGTERM);
	waitpid(program->pid, &status, 0);
	close(program->output);
	free(program);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
