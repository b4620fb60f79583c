/* -usersfile: what is taken, what is refused, whose password it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "server/access/user_file.h"
#include "test/unit/temporary_file.h"

/* SHA-512 and yescrypt of "secret", as mkpasswd makes them. */
#define SHA512                                                                 \
	"$6$rounds=1000$saltsalt$uQ.EdDYdz4NcoOqeQmGgiP6AnQrjlGBDPQ/gPuWqRO5"  \
	"XcRMpuKnSoGCvJnhnahHRQm1OrVkw8ROWHABv.zLIr1"

static bool read_text(struct user_file *file, const char *text)
{
	struct temporary_file own;
	bool good;

	temporary_file_create(&own, text, strlen(text));
	good = user_file_read(file, own.path, INPUT_FILE_AT_START);
	temporary_file_remove(&own);
	return good;
}

static const char *hash_of(const char *password, const char *prefix)
{
	static char hash[CRYPT_OUTPUT_SIZE];
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data = calloc(1, sizeof(*data));

	assert_non_null(crypt_gensalt_rn(
		prefix, 1, "0123456789abcdef", 16, setting, sizeof(setting)));
	snprintf(hash, sizeof(hash), "%s", crypt_r(password, setting, data));
	free(data);
	return hash;
}

static void test_rights(void **state)
{
	struct user_file file;
	const struct user *user;

	(void)state;
	assert_true(
		read_text(&file,
			"# people\n\n"
			"all:" SHA512 "\r\n"
			"watcher:" SHA512 ":view\n"
			"typist:" SHA512 ":control\n"
			"reader:" SHA512 ":view, clipboard\n"
			"left:" SHA512 ":control,monitor=HDMI-1\n"
			"gone:!:view"));
	assert_int_equal(file.count, 6);
	user = user_file_find(&file, "all");
	assert_true(user->rights.control && user->rights.clipboard);
	user = user_file_find(&file, "watcher");
	assert_false(user->rights.control || user->rights.clipboard);
	user = user_file_find(&file, "typist");
	assert_true(user->rights.control && !user->rights.clipboard);
	user = user_file_find(&file, "reader");
	assert_true(!user->rights.control && user->rights.clipboard);
	assert_null(user->monitor);
	user = user_file_find(&file, "left");
	assert_true(user->rights.control && !user->rights.clipboard);
	assert_string_equal(user->monitor, "HDMI-1");
	assert_null(user_file_find(&file, "al"));
	assert_null(user_file_find(&file, ""));
	user_file_finish(&file);
}

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"# nobody\n",
		"joe\n",
		"joe:\n",
		"joe::view\n",
		":" SHA512 ":view\n",
		"joe:secret:view\n",
		"joe:$9$x$y:view\n",
		"joe:" SHA512 ":\n",
		"joe:" SHA512 ":admin\n",
		"joe:" SHA512 ":view:more\n",
		"joe:" SHA512 ":view,monitor=\n",
		"joe:" SHA512 ":monitor=1,monitor=2\n",
		"joe:" SHA512 "\njoe:" SHA512 "\n",
	};
	char line[1200];
	struct user_file file;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (read_text(&file, texts[i]))
			fail_msg("'%s' was accepted", texts[i]);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_false(read_text(&file, line));
	assert_false(
		user_file_read(&file, "/nowhere/users", INPUT_FILE_AT_START));
	assert_false(user_file_read(&file, "/", INPUT_FILE_AT_START));
}

static void test_passwords(void **state)
{
	static const char *const kinds[] = { "$y$", "$6$", "$5$" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *hash = hash_of("secret", kinds[i]);

		assert_true(user_file_matches(hash, "secret"));
		assert_false(user_file_matches(hash, "Secret"));
		assert_false(user_file_matches(hash, "secret1"));
		assert_false(user_file_matches(hash, ""));
	}
	assert_false(user_file_matches("*", ""));
	assert_false(user_file_matches("*0", "*0"));
	assert_false(user_file_matches("!", "secret"));
}

/* HOSTILE row 17: whoever it is, a hash of the strong kind is made. */
static void test_whose_hash(void **state)
{
	struct user_file file;
	const char *strong;

	(void)state;
	assert_true(read_text(
		&file, "shut:*:view\nann:" SHA512 "\nlater:!" SHA512 "\n"));
	strong = user_file_find(&file, "ann")->hash;
	assert_string_equal(strong, SHA512);
	assert_ptr_equal(
		user_file_hash(&file, user_file_find(&file, "ann")), strong);
	assert_ptr_equal(
		user_file_hash(&file, user_file_find(&file, "shut")), strong);
	assert_ptr_equal(
		user_file_hash(&file, user_file_find(&file, "later")), strong);
	assert_ptr_equal(user_file_hash(&file, NULL), strong);
	user_file_finish(&file);

	assert_true(read_text(&file, "shut:*\n"));
	assert_false(user_file_matches(user_file_hash(&file, NULL), "*"));
	user_file_finish(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_whose_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
