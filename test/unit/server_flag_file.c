/* -flag's file. */
#include "server/process/flag_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	char folder[64], flag[128], fresh[160], other[128];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	strcpy(place->folder, "/tmp/x11wsvnc-flag-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->flag, sizeof(place->flag), "%s/flag", place->folder);
	snprintf(place->fresh, sizeof(place->fresh), "%s.%ld", place->flag,
		(long)getpid());
	snprintf(place->other, sizeof(place->other), "%s/other", place->folder);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	unlink(place->flag);
	unlink(place->fresh);
	unlink(place->other);
	rmdir(place->folder);
	free(place);
	return 0;
}

static void assert_text(const char *path, const char *wanted)
{
	char text[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, wanted);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_written_anew(void **state)
{
	const struct place *place = *state;

	assert_true(flag_file_write(place->flag, 5901));
	assert_text(place->flag, "PORT=5901\n");
	assert_true(flag_file_write(place->flag, 5902));
	assert_text(place->flag, "PORT=5902\n");
	flag_file_remove(place->flag);
	assert_int_equal(access(place->flag, F_OK), -1);
}

/* In a folder where others may write, too. */
static void test_link_in_the_way(void **state)
{
	const struct place *place = *state;

	write_text(place->other, "precious\n");
	assert_int_equal(symlink(place->other, place->fresh), 0);
	assert_true(flag_file_write(place->flag, 5903));
	assert_text(place->flag, "PORT=5903\n");
	assert_text(place->other, "precious\n");
}

static void test_what_one_that_died_left(void **state)
{
	const struct place *place = *state;

	write_text(place->fresh, "PORT=12345 and more\n");
	assert_true(flag_file_write(place->flag, 5904));
	assert_text(place->flag, "PORT=5904\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_written_anew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_link_in_the_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_what_one_that_died_left, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
