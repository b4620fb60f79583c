/* main.c - parse, open, run, finish. */
#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/log.h"
#include "base/random.h"
#include "base/xmalloc.h"
#include "config.h"
#include "server/access/password_store.h"
#include "server/announce.h"
#include "server/broker/broker.h"
#include "server/control/control_client.h"
#include "server/display/display_listing.h"
#include "server/options/options.h"
#include "server/process/background.h"
#include "server/process/flag_file.h"
#include "server/process/log_target.h"
#include "server/process/restart_loop.h"
#include "server/process/standard_streams.h"
#include "server/sandbox/sandbox_plan.h"
#include "server/selfcheck/selfcheck.h"
#include "server/server.h"
#include "server/share/share_list.h"

enum {
	LARGE_BYTES = 1 << 20,
	SPARE_BYTES = 2 << 20, /* kept by each thread that freed them */
};

/* True: only something was to be printed. */
static bool print_asked(const struct options *options)
{
	if (options->help)
		options_print_help();
	else if (options->version)
		puts(PACKAGE_STRING);
	else if (options->license)
		puts(PACKAGE_STRING
			", under the MIT license and without any "
			"warranty; the file COPYING has the words");
	else if (options->print_man)
		options_print_man();
	else if (options->print_readme)
		options_print_readme();
	else if (options->print_completion != NULL)
		options_print_completion(options->print_completion);
	else
		return false;
	return true;
}

static int announce_and_run(
	struct server *server, struct background *background)
{
	const struct options *options = server->options;

	if (xmalloc_is_short()) /* which it said */
		return EXIT_FAULT;
	if (!flag_file_write(options->flag_file, server->listener.port))
		return EXIT_FILE;
	if (!sandbox_plan_enter(options, server->control.path))
		return EXIT_USAGE;
	announce(server);
	if (background->ready >= 0) {
		log_info("in the background as process %ld", (long)getpid());
		broker_reopen_log(server->door.broker);
	}
	background_ready(background, server->log_target->file != NULL);
	return server_run(server);
}

static int open_and_run(struct server *server, struct background *background)
{
	int exit_code = server_init(server, server->options);

	/* It may have been told to end while it waited for the display. */
	if (exit_code == EXIT_OK && !server->stopping)
		exit_code = announce_and_run(server, background);
	server_finish(server);
	return exit_code;
}

static void keep_authority(struct server *server)
{
	const char *authority = getenv("XAUTHORITY");

	server->authority = authority != NULL ? xstrdup(authority) : NULL;
}

static int serve(struct options *options, struct log_target *log_target,
	struct background *background)
{
	struct server server;
	int exit_code;

	memset(&server, 0, sizeof(server));
	signal(SIGPIPE, SIG_IGN);
	server.options = server.changing_options = options;
	server.log_target = log_target;
	notify_open(&server.notify);
	listener_inherit(&server.listener, options);
	/* First of all: both fork, before there are threads and a network. */
	keep_authority(&server);
	share_list_create(&server, options);
	if (!share_list_stage(&server))
		exit_code = EXIT_DISPLAY;
	else
		exit_code = door_open(&server.door, &server);
	if (exit_code == EXIT_OK)
		exit_code = open_and_run(&server, background);
	door_close(&server.door);
	share_list_destroy(&server);
	free(server.authority);
	notify_close(&server.notify);
	flag_file_remove(options->remove_at_end);
	/* exit() would wait for libuv's workers. */
	if (server.left_behind)
		_exit(exit_code);
	return exit_code;
}

/* -sleepin N[-M] */
static void sleep_first(const char *text)
{
	unsigned least, most, seconds;
	char *end;

	if (text == NULL)
		return;
	least = (unsigned)strtoul(text, &end, 10);
	most = *end == '-' ? (unsigned)strtoul(end + 1, NULL, 10) : least;
	random_bytes(&seconds, sizeof(seconds));
	seconds = most > least ? least + seconds % (most - least + 1) : least;
	log_info("-sleepin: waiting %u s", seconds);
	sleep(seconds);
}

/* Type=notify waits for a word from the process that it started. */
static bool wants_background(const struct options *options)
{
	if (!options->background || options->inetd)
		return false;
	if (getenv("NOTIFY_SOCKET") == NULL)
		return true;
	log_info(
		"-bg: ignored, because systemd waits for READY "
		"(Type=notify)");
	return false;
}

/* As many processes as -bg and -loop want; the last one serves. */
static int become(struct options *options, struct log_target *log_target)
{
	struct background background = { .ready = -1 };
	struct restart_loop loop = { .keeps_log = log_target->file != NULL };
	int exit_code = EXIT_OK;

	sleep_first(options->sleep_in);
	if (wants_background(options) && !background_enter(&background)) {
		log_error("-bg: %s", strerror(errno));
		return EXIT_FAULT;
	}
	if (options->loop == NULL)
		return serve(options, log_target, &background);
	if (!restart_loop_parse(&loop, options->loop)) {
		log_error("-loop: '%s' is neither MS nor MS,N", options->loop);
		return EXIT_USAGE;
	}
	loop.quietly = background.ready >= 0;
	if (restart_loop_run(&loop, &exit_code))
		exit_code = serve(options, log_target, &background);
	return exit_code;
}

static int run(struct options *options)
{
	struct log_target log_target;
	int exit_code;

	if (!log_target_open(&log_target, options))
		return EXIT_FILE;
	exit_code = become(options, &log_target);
	log_target_close(&log_target);
	return exit_code;
}

/* Large pieces, as an update that waits for a viewer, go back to the system
 * when they are freed: by itself glibc learns to keep them, and in between what
 * others free is lost. Ten viewers that did not read cost 10 MB each, with
 * pictures of 8 MB; now 5 to 8. */
static void keep_large_memory_apart(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	/* What a picture took is wanted again by the next: to give it back and
	 * fault it in again was a twentieth of the CPU of a page. */
	mallopt(M_TRIM_THRESHOLD, SPARE_BYTES);
}

/* Libraries that take ours run out as we do, in order, instead of ending the
 * process where they are (libuv) or leaving a fault to each call (jansson). */
static void share_memory(void)
{
	xmalloc_keep_reserve();
	uv_replace_allocator(xmalloc, xrealloc, xcalloc, free);
	json_set_alloc_funcs(xmalloc, free);
}

int main(int argc, char **argv)
{
	struct options options;
	int exit_code = EXIT_OK;

	standard_streams_complete();
	keep_large_memory_apart();
	share_memory();
	if (!options_parse(&options, argc, argv))
		exit_code = EXIT_USAGE;
	else if (print_asked(&options))
		exit_code = EXIT_OK;
	else if (display_listing_is_asked(&options))
		exit_code = display_listing_print(&options);
	else if (options.self_check)
		exit_code = selfcheck_run(&options);
	else if (control_client_is_asked(&options))
		exit_code = control_client_run(&options);
	else if (!server_check(&options))
		exit_code = EXIT_USAGE;
	else if (options.stores_password || options.show_password != NULL)
		exit_code = password_store_run(&options);
	else if (options.home_password_missing &&
		 !password_store_ask(options.vnc_password_file))
		exit_code = EXIT_FILE;
	else
		exit_code = run(&options);
	options_finish(&options);
	return exit_code;
}
