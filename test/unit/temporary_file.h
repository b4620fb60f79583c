/* temporary_file.h - for tests: a file of their own.
 *
 * Owner: whoever embeds it; temporary_file_remove() removes the file.
 */
#ifndef TEST_UNIT_TEMPORARY_FILE_H
#define TEST_UNIT_TEMPORARY_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct temporary_file {
	char path[32];
};

static inline void temporary_file_write(
	const struct temporary_file *file, const void *bytes, size_t length)
{
	FILE *stream = fopen(file->path, "w");

	assert_non_null(stream);
	assert_int_equal(fwrite(bytes, 1, length, stream), length);
	assert_int_equal(fclose(stream), 0);
}

static inline void temporary_file_create(
	struct temporary_file *file, const void *bytes, size_t length)
{
	int fd;

	strcpy(file->path, "/tmp/x11wsvnc-test-XXXXXX");
	fd = mkstemp(file->path);
	assert_true(fd >= 0);
	close(fd);
	temporary_file_write(file, bytes, length);
}

static inline void temporary_file_remove(const struct temporary_file *file)
{
	assert_int_equal(unlink(file->path), 0);
}

#endif
