#include "base/random.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void random_bytes(void *bytes, size_t count)
{
	uint8_t *next = bytes;

	while (count > 0) {
		ssize_t got = getrandom(next, count, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			perror("x11wsvnc: getrandom");
			abort();
		}
		next += got;
		count -= (size_t)got;
	}
}
