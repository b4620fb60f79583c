/* Files that users name: what is read, and what must keep nobody waiting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input_file.h"
#include "test/unit/temporary_file.h"

enum { MOST = 4096, TRIED = 2 };

static const enum input_file_when both[TRIED] = { INPUT_FILE_AT_START,
	INPUT_FILE_ANY_TIME };

static struct temporary_file own;

static int set_up(void **state)
{
	(void)state;
	temporary_file_create(&own, "", 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	temporary_file_remove(&own);
	return 0;
}

static void test_read_whole(void **state)
{
	char bytes[MOST];
	size_t lengths[] = { 0, 1, MOST - 1, MOST }, length;
	struct input_file_why why;
	int i, when;

	(void)state;
	memset(bytes, 'a', sizeof(bytes));
	bytes[MOST / 2] = '\0';
	for (i = 0; i < 4; i++) {
		temporary_file_write(&own, bytes, lengths[i]);
		for (when = 0; when < TRIED; when++) {
			char *text = input_file_read(
				own.path, both[when], MOST, &length, &why);

			assert_non_null(text);
			assert_int_equal(length, lengths[i]);
			assert_memory_equal(text, bytes, length);
			assert_int_equal(text[length], '\0');
			input_file_forget(text, length);
		}
	}
}

static void test_too_long(void **state)
{
	char bytes[MOST + 1] = "";
	struct input_file_why why;
	size_t length;

	(void)state;
	temporary_file_write(&own, bytes, sizeof(bytes));
	assert_null(input_file_read(
		own.path, INPUT_FILE_ANY_TIME, MOST, &length, &why));
	assert_int_equal(errno, EFBIG);
	assert_string_equal(why.text, "the file is longer than 4 KiB");
	/* Which is not looked at where it has no end. */
	assert_null(input_file_read(
		"/dev/zero", INPUT_FILE_AT_START, MOST, &length, &why));
	assert_int_equal(errno, EFBIG);
}

static void test_what_is_not_there(void **state)
{
	struct input_file_why why;
	size_t length;
	int when;

	(void)state;
	for (when = 0; when < TRIED; when++) {
		assert_null(input_file_read(
			"/nowhere/x", both[when], MOST, &length, &why));
		assert_int_equal(errno, ENOENT);
		assert_string_equal(why.text, strerror(ENOENT));
		assert_null(input_file_read(
			"/tmp", both[when], MOST, &length, &why));
		assert_int_equal(errno, EISDIR);
		assert_null(input_file_stream("/tmp", both[when], &why));
		assert_string_equal(input_file_making("; so"), "");
		assert_null(input_file_stream("/nowhere/x", both[when], &why));
		assert_string_equal(input_file_making("; so"), "; so");
	}
}

/* As a shell's <(...) is. */
static void test_pipe_at_the_start(void **state)
{
	struct input_file_why why;
	char name[32], *text;
	size_t length;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "said", 4), 4);
	close(ends[1]);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
	text = input_file_read(name, INPUT_FILE_AT_START, MOST, &length, &why);
	assert_non_null(text);
	assert_string_equal(text, "said");
	input_file_forget(text, length);
	close(ends[0]);
}

/* Nobody ever writes into it. */
static void test_what_would_keep_waiting(void **state)
{
	char fifo[] = "/tmp/x11wsvnc-fifo-XXXXXX";
	const char *const strange[] = { fifo, "/dev/null", "/dev/zero" };
	struct input_file_why why;
	size_t i, length;

	(void)state;
	close(mkstemp(fifo));
	unlink(fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(
			input_file_open(strange[i], INPUT_FILE_ANY_TIME, &why),
			-1);
		assert_int_equal(errno, EINVAL);
		assert_non_null(strstr(why.text, "no regular file"));
		assert_null(input_file_read(
			strange[i], INPUT_FILE_ANY_TIME, MOST, &length, &why));
		assert_null(input_file_stream(
			strange[i], INPUT_FILE_ANY_TIME, &why));
	}
	unlink(fifo);
}

static void test_line_by_line(void **state)
{
	struct input_file_why why;
	char line[16];
	FILE *file;

	(void)state;
	temporary_file_write(&own, "one\ntwo\n", 8);
	file = input_file_stream(own.path, INPUT_FILE_ANY_TIME, &why);
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_string_equal(line, "one\n");
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_whole),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_pipe_at_the_start),
		cmocka_unit_test(test_what_would_keep_waiting),
		cmocka_unit_test(test_line_by_line),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
