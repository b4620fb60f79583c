#include "server/create/cookie_file.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/random.h"

enum { FAMILY_WILD = 0xffff, COOKIE_BYTES = 16 };

static void add_text(struct buffer *to, const void *bytes, size_t length)
{
	buffer_u16(to, (uint16_t)length);
	buffer_append(to, bytes, length);
}

bool cookie_file_make(const char *path)
{
	static const char kind[] = "MIT-MAGIC-COOKIE-1";
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	uint8_t cookie[COOKIE_BYTES];
	struct buffer entry = { 0 };
	bool written;

	if (fd < 0)
		return false;
	random_bytes(cookie, sizeof(cookie));
	buffer_u16(&entry, FAMILY_WILD);
	add_text(&entry, "", 0); /* whatever machine */
	add_text(&entry, "", 0); /* whatever number */
	add_text(&entry, kind, strlen(kind));
	add_text(&entry, cookie, sizeof(cookie));
	written = write(fd, buffer_bytes(&entry), buffer_length(&entry)) ==
		  (ssize_t)buffer_length(&entry);
	explicit_bzero(cookie, sizeof(cookie));
	buffer_finish(&entry);
	close(fd);
	return written;
}
