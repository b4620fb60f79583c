#include "server/control/control_path.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmalloc.h"

#define FOLDER "x11wsvnc"
#define ENDING ".sock"

/* Nobody else may put anything there. */
static bool is_ours(const char *folder)
{
	struct stat status;

	return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == geteuid() &&
	       (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static char *folder_of(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (runtime == NULL || runtime[0] != '/' || !is_ours(runtime))
		return NULL;
	return xasprintf("%s/" FOLDER, runtime);
}

/* Of "host:0.1" the "0"; an empty length: there is none. */
static size_t number_of(const char *display, const char **number)
{
	*number = strrchr(display, ':');
	if (*number == NULL)
		return 0;
	return strspn(++*number, "0123456789");
}

static char *path_of(const char *folder, const char *display)
{
	const char *number;
	size_t length = number_of(display, &number);

	if (length == 0)
		return NULL;
	return xasprintf("%s/%.*s" ENDING, folder, (int)length, number);
}

char *control_path_make(const char *display)
{
	char *folder = folder_of(), *path = NULL;

	if (folder == NULL)
		return NULL;
	if ((mkdir(folder, 0700) == 0 || errno == EEXIST) && is_ours(folder))
		path = path_of(folder, display);
	free(folder);
	return path;
}

static bool is_socket_name(const char *name)
{
	size_t length = strlen(name), ending = strlen(ENDING);

	return length > ending && strcmp(name + length - ending, ENDING) == 0;
}

static char *only_one(const char *folder, char **error)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	char *path = NULL;
	int count = 0;

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (!is_socket_name(entry->d_name))
			continue;
		count++;
		free(path);
		path = xasprintf("%s/%s", folder, entry->d_name);
	}
	if (directory != NULL)
		closedir(directory);
	if (count == 1)
		return path;
	free(path);
	*error = count == 0
			 ? xasprintf(
				   "no x11wsvnc of this user is running "
				   "(nothing in %s); -control PATH names its "
				   "socket",
				   folder)
			 : xasprintf(
				   "%d of them are running; say which by "
				   "-display :N or -control PATH",
				   count);
	return NULL;
}

char *control_path_find(const char *display, char **error)
{
	char *folder = folder_of(), *path = NULL;

	if (folder == NULL) {
		*error =
			xstrdup("$XDG_RUNTIME_DIR is no folder of this user; "
				"-control PATH names the socket");
		return NULL;
	}
	if (display == NULL)
		display = getenv("DISPLAY");
	if (display != NULL) {
		path = path_of(folder, display);
		if (path == NULL)
			*error = xasprintf("'%s' is no display", display);
	} else {
		path = only_one(folder, error);
	}
	free(folder);
	return path;
}
