/* file_stamp.h - whether a file is still the one that was read.
 *
 * Symlinks are followed, so that swapping one (certbot, Kubernetes) counts as
 * a change like any other.
 *
 * Owner:   a plain value.
 * Threads: any.
 */
#ifndef SERVER_FILE_STAMP_H
#define SERVER_FILE_STAMP_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct file_stamp {
	dev_t device;
	ino_t inode; /* 0: there is no such file */
	off_t size;
	struct timespec changed;
};

/* Of what is not there, or to be read whatever it is. */
extern const struct file_stamp file_stamp_none;

struct file_stamp file_stamp_of(const char *path);
bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b);

#endif
