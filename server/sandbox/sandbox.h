/* sandbox.h - what the process gives up once it has opened everything: who
 * takes the network code over finds little to do there.
 *
 * Three walls, each where the kernel has it: no_new_privs with a filter of
 * system calls (sandbox_calls.c), the files it may still open (Landlock,
 * sandbox_files.c), and root's powers (sandbox_root.c). None of them stops what
 * the program does itself: a new connection to the X server, files that are
 * read again, the log.
 *
 * Threads: before there is a second one: Landlock binds the calling thread and
 *          those it makes.
 * Errors:  a wall that the kernel has not is left out and named in the result.
 */
#ifndef SERVER_SANDBOX_SANDBOX_H
#define SERVER_SANDBOX_SANDBOX_H

#include <stdbool.h>

/* Where files may be opened. A file is given as its folder: whoever replaces a
 * file makes a new one there. Nothing is copied. */
struct sandbox_paths {
	const char **read;    /* files of which the folder, */
	const char **write;   /* for reading or writing too, */
	const char **folders; /* and whole folders to read */
	const char **exact;   /* these alone, to read */
	const char **remove;  /* sockets, whose folder may lose files */
	int read_count, write_count, folder_count, exact_count, remove_count;
};

/* NULL paths are left out. */
void sandbox_paths_read(struct sandbox_paths *paths, const char *file);
/* Either of the two, whichever it is. */
void sandbox_paths_tree(struct sandbox_paths *paths, const char *path);
void sandbox_paths_write(struct sandbox_paths *paths, const char *file);
void sandbox_paths_folder(struct sandbox_paths *paths, const char *folder);
void sandbox_paths_exact(struct sandbox_paths *paths, const char *file);
void sandbox_paths_remove(struct sandbox_paths *paths, const char *file);
void sandbox_paths_finish(struct sandbox_paths *paths);

struct sandbox_result {
	bool calls, files;    /* which walls stand */
	const char *no_calls; /* why not; literals */
	const char *no_files;
};

/* `sanitized`: leaves what the sanitizers do at the end of a process. */
void sandbox_enter(struct sandbox_result *result,
	const struct sandbox_paths *paths, bool sanitized);

/* Gives up being root for `user`, or, where that is NULL, root's powers but
 * that to read files. *error gets a sentence. True where there is nothing to
 * give up. */
bool sandbox_leave_root(const char *user, char **error);

/* The two halves of sandbox_enter(). NULL: it stands; or why not. */
const char *sandbox_calls_enter(bool sanitized);
const char *sandbox_files_enter(const struct sandbox_paths *paths);

#endif
