/* The files that passwords come from, good and bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/options/options.h"
#include "server/access/password_file.h"

struct scene {
	struct options options; /* the strings are the test's */
	struct passwords passwords;
	char path[64];
	char said[4096];
	bool good;
};

static void set_up(struct scene *scene, const void *bytes, size_t count)
{
	int file;

	memset(scene, 0, sizeof(*scene));
	strcpy(scene->path, "/tmp/x11wsvnc-password-XXXXXX");
	file = mkstemp(scene->path);
	assert_true(file >= 0);
	assert_int_equal(write(file, bytes, count), count);
	close(file);
}

/* Reads and removes the file; what was logged is in `said`. */
static void read_scene(struct scene *scene)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t count;

	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
	scene->good = password_file_read(
		&scene->passwords, &scene->options, INPUT_FILE_AT_START);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	count = fread(scene->said, 1, sizeof(scene->said) - 1, file);
	scene->said[count] = '\0';
	fclose(file);
	unlink(scene->path);
}

static void read_text(struct scene *scene, const char *text)
{
	set_up(scene, text, strlen(text));
	scene->options.password_file = scene->path;
	read_scene(scene);
}

static void read_hidden(struct scene *scene, const void *bytes, size_t count)
{
	set_up(scene, bytes, count);
	scene->options.vnc_password_file = scene->path;
	read_scene(scene);
}

static void assert_passwords(
	const struct scene *scene, const char *full, const char *view)
{
	if (!scene->good)
		fail_msg("refused: %s", scene->said);
	assert_true(scene->passwords.has_full);
	assert_string_equal(scene->passwords.full, full);
	assert_int_equal(scene->passwords.has_view, view != NULL);
	assert_string_equal(scene->passwords.view, view ? view : "");
}

/* Refused in one line that names the file and the reason; nothing is left in
 * the struct. */
static void assert_refused(const struct scene *scene, const char *reason)
{
	static const struct passwords none;

	assert_false(scene->good);
	if (!strstr(scene->said, reason) || !strstr(scene->said, scene->path))
		fail_msg("said: %s", scene->said);
	assert_ptr_equal(strchr(scene->said, '\n'),
		scene->said + strlen(scene->said) - 1);
	assert_memory_equal(&scene->passwords, &none, sizeof(none));
}

/* What x11vnc 0.9.16 -storepasswd writes for "secret12", and for "abcdef" and
 * "viewonly" one after the other, as vncpasswd does with a view-only one. */
static const uint8_t hidden_secret12[] = { 0x24, 0xb5, 0xae, 0x4c, 0xe1, 0x55,
	0x03, 0xc6 };
static const uint8_t hidden_abc_view[] = { 0x41, 0x2e, 0xa2, 0xb7, 0xa7, 0x5d,
	0xb6, 0xaa, 0x3b, 0x33, 0x82, 0x0a, 0x27, 0xba, 0x4d, 0xd0 };

static void test_hidden(void **state)
{
	struct scene scene;

	(void)state;
	read_hidden(&scene, hidden_secret12, sizeof(hidden_secret12));
	assert_passwords(&scene, "secret12", NULL);
	assert_string_equal(scene.said, "");
	read_hidden(&scene, hidden_abc_view, sizeof(hidden_abc_view));
	assert_passwords(&scene, "abcdef", "viewonly");
}

static void test_hidden_there_and_back(void **state)
{
	static const char *const plain[] = { "a", "12345678", "p w",
		"\xe4\xf6" };
	uint8_t hidden[8];
	char back[9];

	(void)state;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		password_file_obfuscate(plain[i], hidden);
		password_file_reveal(hidden, back);
		assert_string_equal(back, plain[i]);
	}
	password_file_obfuscate("secret12", hidden);
	assert_memory_equal(hidden, hidden_secret12, 8);
}

static void test_hidden_refused(void **state)
{
	uint8_t bytes[17] = { 0 };
	struct scene scene;

	(void)state;
	read_hidden(&scene, bytes, 0);
	assert_refused(&scene, "the file is empty");
	for (size_t length = 1; length <= sizeof(bytes); length++) {
		if (length == 8 || length == 16)
			continue;
		read_hidden(&scene, bytes, length);
		assert_refused(&scene, "8 or 16 bytes long");
	}
	password_file_obfuscate("", bytes);
	read_hidden(&scene, bytes, 8);
	assert_refused(&scene, "the password is empty");
	password_file_obfuscate("full", bytes);
	password_file_obfuscate("", bytes + 8);
	read_hidden(&scene, bytes, 16);
	assert_refused(&scene, "the password is empty");
	password_file_obfuscate("full", bytes + 8);
	read_hidden(&scene, bytes, 16);
	assert_false(scene.good);
	assert_non_null(strstr(scene.said, "the same as the full one"));
}

static void test_unreadable(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene, "", 0);
	unlink(scene.path);
	scene.options.vnc_password_file = scene.path;
	read_scene(&scene);
	assert_refused(&scene, "No such file");
	scene.options.vnc_password_file = NULL;
	scene.options.password_file = scene.path;
	read_scene(&scene);
	assert_refused(&scene, "No such file");
	strcpy(scene.path, "/tmp");
	read_scene(&scene);
	assert_refused(&scene, "Is a directory");
}

static void test_text(void **state)
{
	struct scene scene;

	(void)state;
	read_text(&scene, "full\n");
	assert_passwords(&scene, "full", NULL);
	assert_string_equal(scene.said, "");
	read_text(&scene, "full");
	assert_passwords(&scene, "full", NULL);
	read_text(&scene, "full\nview\n");
	assert_passwords(&scene, "full", "view");
	read_text(&scene, "full\r\nview\r\n");
	assert_passwords(&scene, "full", "view");
	read_text(&scene,
		"# me\n\nfull  __COMM__ mine\nx__SKIP__\n"
		"__BEGIN_VIEWONLY__\nview\n");
	assert_passwords(&scene, "full", "view");
	read_text(&scene, "full with spaces \n");
	assert_passwords(&scene, "full with spaces ", NULL);
}

static void test_text_with_more(void **state)
{
	struct scene scene;

	(void)state;
	/* Two full ones: the second must not become the view-only one. */
	read_text(&scene, "one\ntwo\n__BEGIN_VIEWONLY__\n");
	assert_passwords(&scene, "one\ntwo", NULL);
	read_text(&scene, "one\ntwo\nthree\n");
	assert_passwords(&scene, "one\ntwo\nthree", NULL);
	read_text(&scene, "one\n__BEGIN_VIEWONLY__\ntwo\nthree\n");
	assert_passwords(&scene, "one", "two\nthree");
	read_text(&scene, "one\nsameeight1\n__BEGIN_VIEWONLY__\nsameeight2\n");
	assert_false(scene.good);
	assert_non_null(strstr(scene.said, "the same as the full one"));
	read_text(&scene, "one\nsame\n__BEGIN_VIEWONLY__\nsame\n");
	assert_false(scene.good);
}

static void test_too_many(void **state)
{
	static char large[60001];
	struct scene scene;
	int i;

	(void)state;
	for (i = 0; i < 6000; i++)
		snprintf(large + i * 10, 11, "%09d\n", i);
	read_text(&scene, large);
	assert_refused(&scene, "too many passwords");
}

static void test_text_refused(void **state)
{
	static char large[64 * 1024 + 2];
	char long_line[300];
	struct scene scene;

	(void)state;
	read_text(&scene, "");
	assert_refused(&scene, "there is no password in it");
	read_text(&scene, "\n\r\n\n# x\n");
	assert_refused(&scene, "there is no password in it");
	read_text(&scene, "__COMM__ only\n");
	assert_refused(&scene, "there is no password in it");
	read_text(&scene, "__BEGIN_VIEWONLY__\nview\n");
	assert_refused(&scene, "there is no password in it");
	read_text(&scene, "__EMPTY__\n");
	assert_refused(&scene, "never accepted");
	read_text(&scene, "full\n__EMPTY__\n");
	assert_refused(&scene, "never accepted");
	memset(long_line, 'x', sizeof(long_line) - 1);
	long_line[sizeof(long_line) - 1] = '\0';
	read_text(&scene, long_line);
	assert_refused(&scene, "longer than 255");
	memset(large, '\n', sizeof(large) - 1);
	read_text(&scene, large);
	assert_refused(&scene, "longer than 64 KiB");
	set_up(&scene, "a\0b\n", 4);
	scene.options.password_file = scene.path;
	read_scene(&scene);
	assert_refused(&scene, "not a text file");
}

/* The option's value: a prefix, the file's path, and perhaps more. */
static void set_form(struct scene *scene, const char *prefix, const char *more,
	const char *text)
{
	static char argument[128];

	set_up(scene, text, strlen(text));
	snprintf(argument, sizeof(argument), "%s%s%s", prefix, scene->path,
		more);
	scene->options.password_file = argument;
}

static void test_text_forms(void **state)
{
	struct scene scene;

	(void)state;
	set_form(&scene, "rm:", "", "one\n");
	scene.good = password_file_read(
		&scene.passwords, &scene.options, INPUT_FILE_AT_START);
	assert_passwords(&scene, "one", NULL);
	assert_int_equal(access(scene.path, F_OK), -1);
	set_form(&scene, "cmd:tr a-z A-Z <", "", "one\ntwo\n");
	read_scene(&scene);
	assert_passwords(&scene, "ONE", "TWO");
	set_form(&scene, "cmd:cat ", "; false", "one\n");
	read_scene(&scene);
	assert_false(scene.good);
	assert_non_null(strstr(scene.said, "the command failed"));
	set_form(&scene, "custom:cat ", "", "one\n");
	read_scene(&scene);
	assert_false(scene.good);
	assert_non_null(strstr(scene.said, "is not built"));
}

static void write_again(const struct scene *scene, const char *text)
{
	FILE *file = fopen(scene->path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_read_again(void **state)
{
	struct scene scene;

	(void)state;
	set_form(&scene, "read:", "", "one\n");
	assert_true(password_file_is_reread(&scene.options));
	assert_true(password_file_read(
		&scene.passwords, &scene.options, INPUT_FILE_AT_START));
	write_again(&scene, "two\nthree\n");
	password_file_reread(&scene.passwords, &scene.options);
	assert_string_equal(scene.passwords.full, "two");
	assert_string_equal(scene.passwords.view, "three");
	/* Emptied: the old ones remain, nobody comes in without. */
	write_again(&scene, "");
	password_file_reread(&scene.passwords, &scene.options);
	assert_string_equal(scene.passwords.full, "two");
	unlink(scene.path);
}

static void test_others_can_read(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene, "full\n", 5);
	chmod(scene.path, 0644);
	scene.options.password_file = scene.path;
	read_scene(&scene);
	assert_passwords(&scene, "full", NULL);
	assert_non_null(strstr(scene.said, "other users can read this file"));
}

static void test_command_line(void **state)
{
	struct scene scene = { 0 };
	char full[] = "full", view[] = "view", empty[] = "";
	char longer[] = "longpassword", other[] = "longpassport";

	(void)state;
	read_scene(&scene);
	assert_true(scene.good);
	assert_false(scene.passwords.has_full || scene.passwords.has_view);
	scene.options.password = full;
	read_scene(&scene);
	assert_passwords(&scene, "full", NULL);
	scene.options.view_password = view;
	read_scene(&scene);
	assert_passwords(&scene, "full", "view");
	scene.options.view_password = empty;
	read_scene(&scene);
	assert_refused(&scene, "-viewpasswd: the password is empty");
	scene.options.view_password = full;
	read_scene(&scene);
	assert_refused(&scene, "the same as the full one");
	scene.options.password = NULL;
	read_scene(&scene);
	assert_refused(&scene, "needs a full one beside it");
	scene.options.view_password = NULL;
	scene.options.password = empty;
	read_scene(&scene);
	assert_refused(&scene, "-passwd: the password is empty");
	scene.options.password = longer;
	read_scene(&scene);
	assert_passwords(&scene, "longpassword", NULL);
	assert_non_null(strstr(scene.said, "only the first 8 characters"));
	/* Alike as far as VNC authentication sees. */
	scene.options.view_password = other;
	read_scene(&scene);
	assert_false(scene.good);
	assert_non_null(strstr(scene.said, "the same as the full one"));
}

static void test_view_beside_a_file(void **state)
{
	struct scene scene;
	char view[] = "watch";

	(void)state;
	set_up(&scene, hidden_abc_view, sizeof(hidden_abc_view));
	scene.options.vnc_password_file = scene.path;
	scene.options.view_password = view;
	read_scene(&scene);
	assert_passwords(&scene, "abcdef", "watch");
}

static void test_forget(void **state)
{
	static const struct passwords none;
	struct scene scene;

	(void)state;
	read_text(&scene, "full\nview\n");
	password_file_forget(&scene.passwords);
	assert_memory_equal(&scene.passwords, &none, sizeof(none));
}

/* 45 letters, 8000 draws: each about 178 times. One that never or hardly ever
 * comes, or comes twice as often, is an error and not bad luck (the standard
 * deviation is 13). */
static void test_invented(void **state)
{
	int times[256] = { 0 };
	int kinds = 0;
	char plain[9], before[9] = "";

	(void)state;
	for (int i = 0; i < 1000; i++) {
		password_file_invent(plain);
		assert_int_equal(strlen(plain), 8);
		assert_string_not_equal(plain, before);
		strcpy(before, plain);
		for (int j = 0; j < 8; j++)
			times[(uint8_t)plain[j]]++;
	}
	for (int i = 0; i < 256; i++)
		kinds += times[i] > 0;
	assert_true(kinds >= 32);
	for (int i = 0; i < 256; i++) {
		if (strchr("0Oo1lIi5Ss2Zzuv", i))
			assert_int_equal(times[i], 0);
		if (!times[i])
			continue;
		assert_true(times[i] > 8000 / kinds / 2);
		assert_true(times[i] < 8000 / kinds * 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_hidden_there_and_back),
		cmocka_unit_test(test_hidden_refused),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_with_more),
		cmocka_unit_test(test_text_refused),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_text_forms),
		cmocka_unit_test(test_read_again),
		cmocka_unit_test(test_others_can_read),
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_view_beside_a_file),
		cmocka_unit_test(test_forget),
		cmocka_unit_test(test_invented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
