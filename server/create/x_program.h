/* x_program.h - an X server for a desktop that has no screen: which one, and
 * its command line.
 *
 * Xtigervnc where it is installed, because viewers can resize its screen
 * (Xvfb's they cannot), else Xvfb.
 *
 * Owner:   x_program_choose() fills, x_program_finish() frees.
 * Threads: any.
 */
#ifndef SERVER_CREATE_X_PROGRAM_H
#define SERVER_CREATE_X_PROGRAM_H

#include <stdbool.h>

enum { X_PROGRAM_MOST_WORDS = 32 };

struct x_program {
	const char *name; /* "Xvfb" */
	int width, height, depth;
	char *path;
};

/* `wanted`: its name or path; NULL: whichever there is. `geometry`: WxH or
 * WxHxDEPTH; NULL: 1280x800. False: *error gets a sentence. */
bool x_program_choose(struct x_program *program, const char *wanted,
	const char *geometry, char **error);
void x_program_finish(struct x_program *program);

/* `words` ends with NULL; all are the caller's to free. `number`: of the
 * display, -1: a free one, which it writes to `number_fd`. `socket`: a path in
 * a folder that nobody else may enter. */
void x_program_words(const struct x_program *program, int number, int number_fd,
	const char *authority, const char *socket,
	char *words[X_PROGRAM_MOST_WORDS]);

/* Where a program of that name is in $PATH; NULL: nowhere. */
char *x_program_find(const char *name);

#endif
