/* input_file.h - a file that the user named, read by us.
 *
 * What is read while others wait must be a regular file: opening a pipe waits
 * for its writer, reading a device for ever. Before that it may be anything,
 * such as a shell's <(...).
 *
 * Owner:   the caller, of what he is given.
 * Threads: any.
 * Errors:  -1 or NULL; `why` gets what to say behind the file's name and a
 *          colon, and errno is set.
 */
#ifndef BASE_INPUT_FILE_H
#define BASE_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum input_file_when {
	INPUT_FILE_AT_START, /* nobody waits for us yet */
	INPUT_FILE_ANY_TIME,
};

struct input_file_why {
	char text[128];
	/* The system has no room at this moment: it is as it was, and worth
	 * another try, although the file does not change. */
	bool passing;
};

/* A descriptor, closed on exec. */
int input_file_open(const char *path, enum input_file_when when,
	struct input_file_why *why);
/* The same for line by line. */
FILE *input_file_stream(const char *path, enum input_file_when when,
	struct input_file_why *why);
/* All of it, with a NUL behind, which does not count in *length. EFBIG: it has
 * more than `most` bytes, some KiB. */
char *input_file_read(const char *path, enum input_file_when when, size_t most,
	size_t *length, struct input_file_why *why);
/* What to say behind that: where there is no such file, `how` one is made, a
 * literal that begins with "; "; else "". Looks at errno. */
const char *input_file_making(const char *how);
/* Wipes and frees what was read; NULL too. */
void input_file_forget(char *text, size_t length);

#endif
