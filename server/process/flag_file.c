#include "server/process/flag_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"

static bool write_line(const char *file, int port, int how)
{
	char line[16];
	int length = snprintf(line, sizeof(line), "PORT=%d\n", port);
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, line, (size_t)length) == length;
	return close(fd) == 0 && good;
}

/* A pipe, or /dev/null, is not to be replaced. */
static bool is_special(const char *file)
{
	struct stat about;

	return stat(file, &about) == 0 && !S_ISREG(about.st_mode);
}

bool flag_file_write(const char *file, int port)
{
	char *fresh;
	bool good;

	if (file == NULL)
		return true;
	if (is_special(file)) {
		good = write_line(file, port, O_NOCTTY);
	} else {
		/* In /tmp somebody may have put a link there. */
		fresh = xasprintf("%s.%ld", file, (long)getpid());
		unlink(fresh);
		good = write_line(fresh, port, O_EXCL) &&
		       rename(fresh, file) == 0;
		if (!good)
			unlink(fresh);
		free(fresh);
	}
	if (!good)
		log_error("-flag: cannot write %s: %s", file, strerror(errno));
	return good;
}

void flag_file_remove(const char *file)
{
	if (file != NULL && unlink(file) < 0 && errno != ENOENT)
		log_warning(
			"-rmflag: cannot remove %s: %s", file, strerror(errno));
}
