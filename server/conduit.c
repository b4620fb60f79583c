#include "server/conduit.h"

#include <fcntl.h>
#include <unistd.h>

void conduit_close(struct conduit *conduit)
{
	if (!conduit->is_open)
		return;
	close(conduit->ends[0]);
	close(conduit->ends[1]);
	conduit->is_open = false;
}

static bool open_ends(struct conduit *conduit)
{
	if (!conduit->is_open) {
		conduit->is_open =
			pipe2(conduit->ends, O_CLOEXEC | O_NONBLOCK) == 0;
		/* Where that is refused it takes less at once. */
		if (conduit->is_open)
			fcntl(conduit->ends[1], F_SETPIPE_SZ,
				CONDUIT_MOST_BYTES);
	}
	return conduit->is_open;
}

ssize_t conduit_take(struct conduit *conduit, int fd)
{
	if (!open_ends(conduit))
		return -1;
	return splice(fd, NULL, conduit->ends[1], NULL, CONDUIT_MOST_BYTES,
		SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

ssize_t conduit_give(struct conduit *conduit, int fd, size_t length)
{
	return splice(conduit->ends[0], NULL, fd, NULL, length,
		SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

bool conduit_empty(struct conduit *conduit, void *bytes, size_t length)
{
	char *at = bytes;
	ssize_t got;

	while (length > 0) {
		got = read(conduit->ends[0], at, length);
		if (got <= 0)
			break;
		at += got;
		length -= (size_t)got;
	}
	if (length > 0) /* never expected; the next would get it */
		conduit_close(conduit);
	return length == 0;
}
