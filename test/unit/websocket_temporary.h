/* websocket_temporary.h - a directory for one test, gone behind it. */
#ifndef TEST_UNIT_WEBSOCKET_TEMPORARY_H
#define TEST_UNIT_WEBSOCKET_TEMPORARY_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmalloc.h"

static inline char *temporary_create(void)
{
	char *directory = xstrdup("/tmp/websocket-test-XXXXXX");

	if (mkdtemp(directory) == NULL)
		abort();
	return directory;
}

static inline int temporary_remove_one(const char *path,
	const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

static inline void temporary_destroy(char *directory)
{
	nftw(directory, temporary_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(directory);
}

static inline void temporary_file(const char *directory, const char *name,
	const void *bytes, size_t length)
{
	char *path = xasprintf("%s/%s", directory, name);
	FILE *file = fopen(path, "w");

	if (file == NULL || fwrite(bytes, 1, length, file) != length ||
		fclose(file) != 0)
		abort();
	free(path);
}

static inline void temporary_text(
	const char *directory, const char *name, const char *text)
{
	temporary_file(directory, name, text, strlen(text));
}

static inline void temporary_folder(const char *directory, const char *name)
{
	char *path = xasprintf("%s/%s", directory, name);

	if (mkdir(path, 0700) != 0)
		abort();
	free(path);
}

static inline void temporary_link(
	const char *directory, const char *name, const char *to)
{
	char *path = xasprintf("%s/%s", directory, name);

	if (symlink(to, path) != 0)
		abort();
	free(path);
}

#endif
