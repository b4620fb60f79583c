#include "server/display/display_search.h"

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "server/display/authority_files.h"
#include "server/display/display_command.h"
#include "server/display/seat.h"
#include "server/display/x_servers.h"
#include "server/options/options.h"
#include "x11/display_trial.h"

enum {
	/* A healthy X server answers in a millisecond; one that swaps takes
	 * longer. */
	TRIAL_S = 3,
	MOST_NUMBER = 65535,
};

/* What is known while it goes on. */
struct hunt {
	const struct display_search *search;
	struct display_target *found;
	struct x_servers servers;
	struct seat seat;
	bool has_seat;
	enum display_found answer; /* the most telling so far */
};

void display_search_init(
	struct display_search *search, const struct options *options)
{
	*search = (struct display_search){
		.display = options->display,
		.authority = options->authority,
		.command = options->display_command,
		.find = options->find,
		.guess = options->guess_authority,
		.root = "",
	};
}

bool display_search_is_open(const struct display_search *search)
{
	return search->find || search->guess || search->command != NULL;
}

/* ---- one display ---- */

static void note(struct hunt *hunt, enum display_found answer)
{
	if (hunt->answer == DISPLAY_NONE || answer == DISPLAY_WAYLAND)
		hunt->answer = answer;
}

/* True: another file may do better. */
static bool try_file(struct hunt *hunt, const char *name, const char *file)
{
	bool picky = hunt->search->find;

	switch (display_trial_run(name, file, TRIAL_S)) {
	case DISPLAY_TRIAL_XWAYLAND:
		note(hunt, DISPLAY_WAYLAND);
		if (picky)
			return false;
		/* fall through */
	case DISPLAY_TRIAL_OPENS:
		display_target_set(hunt->found, xstrdup(name),
			file != NULL ? xstrdup(file) : NULL);
		hunt->answer = DISPLAY_FOUND;
		return false;
	case DISPLAY_TRIAL_REFUSES:
		note(hunt, DISPLAY_REFUSED);
		return true;
	default:
		return false;
	}
}

/* As Xlib finds it. */
static char *usual_authority(void)
{
	const char *file = getenv("XAUTHORITY"), *home = getenv("HOME");

	if (file != NULL)
		return xstrdup(file);
	return home != NULL ? xasprintf("%s/.Xauthority", home) : NULL;
}

static int number_of(const char *name)
{
	const char *colon = strrchr(name, ':');
	char *end;
	long number;

	if (colon == NULL || colon[1] < '0' || colon[1] > '9')
		return -1;
	number = strtol(colon + 1, &end, 10);
	return number <= MOST_NUMBER ? (int)number : -1;
}

static void try_guesses(
	struct hunt *hunt, const char *name, const struct x_server *server)
{
	struct authority_files files;
	bool more = true;
	int i;

	authority_files_list(
		&files, hunt->search->root, number_of(name), server);
	for (i = 0; i < files.count && more; i++)
		more = try_file(hunt, name, files.list[i]);
	authority_files_finish(&files);
	if (more)
		try_file(hunt, name, "/dev/null"); /* xhost may let us in */
}

static bool try_display(
	struct hunt *hunt, const char *name, const struct x_server *server)
{
	const struct display_search *search = hunt->search;
	char *usual;

	if (search->authority != NULL) {
		try_file(hunt, name, search->authority);
	} else if (search->guess || search->find) {
		if (server == NULL)
			server =
				x_servers_find(&hunt->servers, number_of(name));
		try_guesses(hunt, name, server);
	} else {
		usual = usual_authority();
		try_file(hunt, name, usual);
		free(usual);
	}
	return hunt->answer == DISPLAY_FOUND;
}

/* ---- whichever there is ---- */

static bool try_number(
	struct hunt *hunt, int number, const struct x_server *server)
{
	char *name = xasprintf(":%d", number);
	bool found = try_display(hunt, name, server);

	free(name);
	return found;
}

static bool is_at_screen(const struct hunt *hunt, const struct x_server *server)
{
	const struct seat *seat = &hunt->seat;

	return hunt->has_seat && !seat->is_wayland && !server->is_xwayland &&
	       ((seat->vt > 0 && server->vt == seat->vt) ||
		       (seat->display >= 0 && server->number == seat->display));
}

static bool try_seat(struct hunt *hunt)
{
	int i;

	for (i = 0; i < hunt->servers.count; i++)
		if (is_at_screen(hunt, &hunt->servers.list[i]))
			return try_number(hunt, hunt->servers.list[i].number,
				&hunt->servers.list[i]);
	return false;
}

static bool is_ours(const struct hunt *hunt, uid_t owner)
{
	return owner == geteuid() ||
	       (hunt->has_seat && geteuid() == 0 && owner == hunt->seat.user);
}

static bool try_servers(struct hunt *hunt)
{
	int i;

	for (i = 0; i < hunt->servers.count; i++) {
		const struct x_server *server = &hunt->servers.list[i];

		if ((server->vt > 0 || is_ours(hunt, server->owner)) &&
			try_number(hunt, server->number, server))
			return true;
	}
	return false;
}

/* Those whose processes cannot be seen: in another container. */
static bool try_sockets(struct hunt *hunt)
{
	char *folder = xasprintf("%s/tmp/.X11-unix", hunt->search->root);
	DIR *directory = opendir(folder);
	struct dirent *entry;
	bool found = false;

	while (!found && directory != NULL &&
		(entry = readdir(directory)) != NULL) {
		struct stat about;
		int number;

		if (sscanf(entry->d_name, "X%5d", &number) == 1 &&
			x_servers_find(&hunt->servers, number) == NULL &&
			fstatat(dirfd(directory), entry->d_name, &about, 0) ==
				0 &&
			is_ours(hunt, about.st_uid))
			found = try_number(hunt, number, NULL);
	}
	if (directory != NULL)
		closedir(directory);
	free(folder);
	return found;
}

static void find(struct hunt *hunt)
{
	const char *usual = getenv("DISPLAY");

	hunt->has_seat =
		hunt->search->root[0] == '\0' && seat_look(&hunt->seat);
	if (hunt->has_seat && hunt->seat.is_wayland)
		note(hunt, DISPLAY_WAYLAND);
	if (try_seat(hunt) ||
		(usual != NULL && try_display(hunt, usual, NULL)) ||
		try_servers(hunt))
		return;
	try_sockets(hunt);
}

/* ---- all of it ---- */

static enum display_found ask_command(
	const struct display_search *search, struct display_target *found)
{
	if (!display_command_run(search->command, found))
		return DISPLAY_UNTOLD;
	switch (display_trial_run(found->name, found->authority, TRIAL_S)) {
	case DISPLAY_TRIAL_OPENS:
	case DISPLAY_TRIAL_XWAYLAND:
		return DISPLAY_FOUND;
	case DISPLAY_TRIAL_REFUSES:
		return DISPLAY_REFUSED;
	default:
		return DISPLAY_NONE;
	}
}

enum display_found display_search_run(
	const struct display_search *search, struct display_target *found)
{
	struct hunt hunt = {
		.search = search, .found = found, .answer = DISPLAY_NONE
	};
	const char *name =
		search->display != NULL ? search->display : getenv("DISPLAY");

	if (search->command != NULL)
		return ask_command(search, found);
	x_servers_list(&hunt.servers, search->root);
	if (search->find)
		find(&hunt);
	else if (name != NULL)
		try_display(&hunt, name, NULL);
	x_servers_finish(&hunt.servers);
	return hunt.answer;
}

char *display_search_explain(
	const struct display_search *search, enum display_found answer)
{
	const char *name =
		search->display != NULL ? search->display : getenv("DISPLAY");

	if (answer == DISPLAY_WAYLAND)
		return xasprintf(
			"this is a Wayland session, whose screen X11 programs "
			"cannot see; log in to an X11 session (\"on Xorg\"), "
			"or share a desktop of its own with -create");
	if (answer == DISPLAY_UNTOLD)
		return xasprintf(
			"the command '%s' names no display", search->command);
	if (answer == DISPLAY_REFUSED)
		return xasprintf(
			"an X server is there, and takes none of the cookies "
			"that this user can read; give -auth FILE, or run as "
			"root or as the display's user");
	if (search->find || search->command != NULL)
		return xstrdup("no X server runs that could be shared");
	return xasprintf("no display to open: %s%s",
		name != NULL ? name : "$DISPLAY is not set, give -display :0",
		name != NULL ? " does not answer" : "");
}
