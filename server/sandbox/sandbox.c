#include "server/sandbox/sandbox.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/xmalloc.h"

static void add(const char ***list, int *count, const char *path)
{
	if (path == NULL)
		return;
	*list = xrealloc(*list, (size_t)(*count + 1) * sizeof(**list));
	(*list)[(*count)++] = path;
}

void sandbox_paths_read(struct sandbox_paths *paths, const char *file)
{
	add(&paths->read, &paths->read_count, file);
}

void sandbox_paths_write(struct sandbox_paths *paths, const char *file)
{
	add(&paths->write, &paths->write_count, file);
}

void sandbox_paths_folder(struct sandbox_paths *paths, const char *folder)
{
	add(&paths->folders, &paths->folder_count, folder);
}

void sandbox_paths_tree(struct sandbox_paths *paths, const char *path)
{
	struct stat about;

	if (path != NULL && stat(path, &about) == 0 && S_ISDIR(about.st_mode))
		sandbox_paths_folder(paths, path);
	else
		sandbox_paths_read(paths, path);
}

void sandbox_paths_exact(struct sandbox_paths *paths, const char *file)
{
	add(&paths->exact, &paths->exact_count, file);
}

void sandbox_paths_remove(struct sandbox_paths *paths, const char *file)
{
	add(&paths->remove, &paths->remove_count, file);
}

void sandbox_paths_finish(struct sandbox_paths *paths)
{
	free(paths->read);
	free(paths->write);
	free(paths->folders);
	free(paths->exact);
	free(paths->remove);
}

void sandbox_enter(struct sandbox_result *result,
	const struct sandbox_paths *paths, bool sanitized)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* First: the filter takes away the calls that make it. */
	result->no_files = sandbox_files_enter(paths);
	result->no_calls = sandbox_calls_enter(sanitized);
	result->files = result->no_files == NULL;
	result->calls = result->no_calls == NULL;
}
