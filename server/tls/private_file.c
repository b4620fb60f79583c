#include "server/tls/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "base/xmalloc.h"

enum { MOST_FILE_BYTES = 65536 };

char *private_file_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	char *text = NULL;
	ssize_t got;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		status.st_size < MOST_FILE_BYTES) {
		if ((status.st_mode & 077) && fchmod(fd, 0600) == 0)
			log_warning(
				"%s could be read by others; no longer, "
				"but if one has, remove it and restart",
				path);
		text = xcalloc(1, (size_t)status.st_size + 1);
		got = read(fd, text, (size_t)status.st_size);
		text[got > 0 ? got : 0] = '\0';
	}
	close(fd);
	return text;
}

/* The folders above it that are missing; only the owner's. */
static bool make_folders(const char *file)
{
	char *path = xstrdup(file), *slash = path;
	int why = 0;

	while (why == 0 && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			why = errno;
		*slash = '/';
	}
	free(path);
	errno = why;
	return why == 0;
}

static bool write_block(int fd, const gnutls_datum_t *block)
{
	bool ended = block->size > 0 && block->data[block->size - 1] == '\n';

	return write(fd, block->data, block->size) == (ssize_t)block->size &&
	       (ended || write(fd, "\n", 1) == 1);
}

static bool write_file(
	const char *path, const gnutls_datum_t *blocks, int count)
{
	int fd = open(path,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool good;
	int i;

	if (fd < 0)
		return false;
	errno = ENOSPC; /* what a short write means */
	good = fchmod(fd, 0600) == 0;
	for (i = 0; i < count; i++)
		good = good && write_block(fd, &blocks[i]);
	good = good && fsync(fd) == 0;
	close(fd);
	return good;
}

static bool put_in_place(
	const char *temporary, const char *path, bool renewal, bool *theirs)
{
	if (!renewal && link(temporary, path) == 0) {
		unlink(temporary);
		return true;
	}
	if (!renewal && errno == EEXIST) {
		unlink(temporary);
		*theirs = true;
		return true;
	}
	return rename(temporary, path) == 0; /* no links on this disk, or so */
}

bool private_file_keep(const char *path, const gnutls_datum_t *blocks,
	int count, bool renewal, bool *theirs)
{
	uint32_t random;
	char *temporary;
	bool good;
	int why;

	if (!make_folders(path))
		return false;
	random_bytes(&random, sizeof(random));
	temporary = xasprintf("%s.%08x", path, random);
	good = write_file(temporary, blocks, count) &&
	       put_in_place(temporary, path, renewal, theirs);
	why = errno;
	if (!good)
		unlink(temporary);
	free(temporary);
	errno = why;
	return good;
}
