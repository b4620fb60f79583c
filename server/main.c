/* main.c - parse, open, run, finish. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "config.h"
#include "server/access/password_store.h"
#include "server/announce.h"
#include "server/options/options.h"
#include "server/sandbox/sandbox_plan.h"
#include "server/server.h"

enum { LARGE_BYTES = 1 << 20 };

/* True: only something was to be printed. */
static bool print_asked(const struct options *options)
{
	if (options->help)
		options_print_help();
	else if (options->version)
		puts(PACKAGE_STRING);
	else if (options->print_man)
		options_print_man();
	else if (options->print_readme)
		options_print_readme();
	else
		return false;
	return true;
}

/* -o: the log goes to a file, which becomes stderr, so that what libraries
 * write there is kept too. */
static bool redirect_log(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0) {
		log_error("cannot write the log %s: %s", path, strerror(errno));
		return false;
	}
	dup2(fd, STDERR_FILENO);
	close(fd);
	return true;
}

static void set_log_level(const struct options *options)
{
	if (options->quiet)
		log_set_level(LOG_WARNING);
	else if (options->verbose)
		log_set_level(LOG_DEBUG);
}

static int open_and_run(struct server *server)
{
	int exit_code = server_init(server, server->options);

	if (exit_code == EXIT_OK && !sandbox_plan_enter(server->options))
		exit_code = EXIT_USAGE;
	if (exit_code == EXIT_OK) {
		announce(server);
		exit_code = server_run(server);
	}
	server_finish(server);
	return exit_code;
}

static int serve(const struct options *options)
{
	struct server server;
	int exit_code;

	memset(&server, 0, sizeof(server));
	signal(SIGPIPE, SIG_IGN);
	server.options = options;
	listener_inherit(&server.listener, options);
	/* First of all: it forks, before there are threads and a network. */
	exit_code = door_open(&server.door, &server);
	if (exit_code == EXIT_OK)
		exit_code = open_and_run(&server);
	door_close(&server.door);
	return exit_code;
}

/* Large pieces, as an update that waits for a viewer, go back to the system
 * when they are freed: by itself glibc learns to keep them, and in between what
 * others free is lost. Ten viewers that did not read cost 10 MB each, with
 * pictures of 8 MB; now 5 to 8. */
static void keep_large_memory_apart(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
}

int main(int argc, char **argv)
{
	struct options options;
	int exit_code = EXIT_OK;

	keep_large_memory_apart();
	if (!options_parse(&options, argc, argv))
		exit_code = EXIT_USAGE;
	else if (print_asked(&options))
		exit_code = EXIT_OK;
	else if (!server_check(&options))
		exit_code = EXIT_USAGE;
	else if (options.log_file != NULL && !redirect_log(options.log_file))
		exit_code = EXIT_FILE;
	else if (options.stores_password || options.show_password != NULL)
		exit_code = password_store_run(&options);
	else if (options.home_password_missing &&
		 !password_store_ask(options.vnc_password_file))
		exit_code = EXIT_FILE;
	else {
		set_log_level(&options);
		exit_code = serve(&options);
	}
	options_finish(&options);
	return exit_code;
}
