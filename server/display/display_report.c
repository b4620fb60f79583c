#include "server/display/display_report.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "server/display/display_target.h"

enum {
	MOST_NAME_BYTES = 4096, /* of both names */
	/* Xlib reads all of it; an entry is about 50 bytes. */
	MOST_COOKIE_BYTES = 65536,
};

bool display_report_open(struct display_report *report)
{
	report->name = memfd_create("display", MFD_CLOEXEC);
	report->cookies = memfd_create("authority", MFD_CLOEXEC);
	return report->name >= 0 && report->cookies >= 0;
}

void display_report_close(struct display_report *report)
{
	if (report->name >= 0)
		close(report->name);
	if (report->cookies >= 0)
		close(report->cookies);
	report->name = report->cookies = -1;
}

static bool replace(int fd, const void *bytes, size_t length)
{
	return ftruncate(fd, 0) == 0 &&
	       pwrite(fd, bytes, length, 0) == (ssize_t)length;
}

/* Where somebody put something else in the file's place, opening it must not
 * wait. */
static size_t read_file(const char *path, void *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t got;

	if (fd < 0)
		return 0;
	got = read(fd, bytes, size);
	close(fd);
	return got > 0 ? (size_t)got : 0;
}

bool display_report_write(const struct display_report *report,
	const struct display_target *target)
{
	char *bytes = xmalloc(MOST_COOKIE_BYTES), *names;
	size_t length = 0;
	bool written;

	if (target->authority != NULL)
		length = read_file(target->authority, bytes, MOST_COOKIE_BYTES);
	names = xasprintf("%s\n%s", target->name,
		target->authority != NULL ? target->authority : "");
	written = replace(report->cookies, bytes, length) &&
		  replace(report->name, names, strlen(names));
	free(names);
	explicit_bzero(bytes, MOST_COOKIE_BYTES);
	free(bytes);
	return written;
}

bool display_report_read(
	const struct display_report *report, struct display_target *target)
{
	char bytes[MOST_NAME_BYTES + 1], *authority;
	ssize_t got = pread(report->name, bytes, MOST_NAME_BYTES, 0);

	if (got <= 0)
		return false;
	bytes[got] = '\0';
	authority = strchr(bytes, '\n');
	if (authority == NULL)
		return false;
	*authority++ = '\0';
	display_target_set(target, xstrdup(bytes),
		authority[0] != '\0' ? xstrdup(authority) : NULL);
	return true;
}

char *display_report_authority(const struct display_report *report)
{
	return xasprintf("/proc/self/fd/%d", report->cookies);
}
