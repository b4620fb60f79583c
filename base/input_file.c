#include "base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmalloc.h"

/* -1. */
static int fail(int error, struct input_file_why *why, const char *text)
{
	snprintf(why->text, sizeof(why->text), "%s", text);
	why->passing = error == EMFILE || error == ENFILE || error == ENOMEM;
	errno = error;
	return -1;
}

/* errno as it is now. */
static void close_quietly(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

/* A folder can be opened, too, but not read. */
static int check_kind(
	int fd, enum input_file_when when, struct input_file_why *why)
{
	struct stat about;

	if (fstat(fd, &about) < 0)
		return fail(errno, why, strerror(errno));
	if (S_ISDIR(about.st_mode))
		return fail(EISDIR, why, strerror(EISDIR));
	if (S_ISREG(about.st_mode) || when == INPUT_FILE_AT_START)
		return 0;
	return fail(EINVAL, why,
		"no regular file; a pipe or a device is read at the start "
		"only, it could keep everybody waiting");
}

int input_file_open(
	const char *path, enum input_file_when when, struct input_file_why *why)
{
	bool waits = when == INPUT_FILE_AT_START;
	int fd = open(path,
		O_RDONLY | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK));

	if (fd < 0)
		return fail(errno, why, strerror(errno));
	if (check_kind(fd, when, why) == 0)
		return fd;
	close_quietly(fd);
	return -1;
}

FILE *input_file_stream(
	const char *path, enum input_file_when when, struct input_file_why *why)
{
	int fd = input_file_open(path, when, why);

	return fd < 0 ? NULL : fdopen(fd, "r");
}

/* At most `size` bytes; -1: errno. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t length = 0;
	ssize_t got = 1;

	while (length < size && got != 0) {
		got = read(fd, bytes + length, size - length);
		if (got < 0 && errno != EINTR)
			return -1;
		length += got > 0 ? (size_t)got : 0;
	}
	return (ssize_t)length;
}

char *input_file_read(const char *path, enum input_file_when when, size_t most,
	size_t *length, struct input_file_why *why)
{
	int fd = input_file_open(path, when, why);
	char *text, *fitting;
	ssize_t got;

	if (fd < 0)
		return NULL;
	/* Nothing is left behind in memory that had to grow. */
	text = xcalloc(1, most + 2);
	got = read_all(fd, text, most + 1);
	if (got < 0)
		fail(errno, why, strerror(errno));
	close_quietly(fd);
	if (got > (ssize_t)most) {
		snprintf(why->text, sizeof(why->text),
			"the file is longer than %zu KiB", most / 1024);
		why->passing = false;
		errno = EFBIG;
	}
	if (got < 0 || got > (ssize_t)most) {
		input_file_forget(text, most);
		return NULL;
	}
	*length = (size_t)got;
	fitting = realloc(text, *length + 1);
	return fitting != NULL ? fitting : text;
}

const char *input_file_making(const char *how)
{
	return errno == ENOENT ? how : "";
}

void input_file_forget(char *text, size_t length)
{
	int error = errno;

	if (text != NULL)
		explicit_bzero(text, length);
	free(text);
	errno = error;
}
