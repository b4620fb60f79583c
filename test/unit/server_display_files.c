/* X servers and their cookies, found in a /proc and a /run of our own. */
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

#include "base/xmalloc.h"
#include "server/display/authority_files.h"
#include "server/display/display_command.h"
#include "server/display/display_target.h"
#include "server/display/x_servers.h"

/* Every folder of the path is made. */
static void put(
	const char *root, const char *path, const void *bytes, size_t length)
{
	char *whole = xasprintf("%s%s", root, path), *slash;
	FILE *file;

	for (slash = strchr(whole + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(whole, 0700);
		*slash = '/';
	}
	file = fopen(whole, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	fclose(file);
	free(whole);
}

#define PUT(root, path, text) put(root, path, text, sizeof(text))

static int set_up(void **state)
{
	char *root = xstrdup("/tmp/server_display_files.XXXXXX");

	*state = root;
	unsetenv("XAUTHORITY");
	return mkdtemp(root) == NULL;
}

static int tear_down(void **state)
{
	char *command = xasprintf("rm -r '%s'", (char *)*state);
	int status = system(command);

	free(command);
	free(*state);
	return status;
}

/* Command lines as display managers of Debian 12 and Fedora 40 make them. */
static void put_servers(const char *root)
{
	PUT(root, "/proc/700/cmdline",
		"/usr/lib/xorg/Xorg\0vt2\0-displayfd\0" /**/
		"3\0"
		"-auth\0/run/user/1000/gdm/Xauthority\0-nolisten\0tcp");
	PUT(root, "/tmp/.X1-lock", "       700\n");
	PUT(root, "/proc/701/cmdline",
		"/usr/lib/xorg/Xorg\0:0\0-seat\0seat0\0-auth\0"
		"/var/run/lightdm/root/:0\0-nolisten\0tcp\0vt7\0-novtswitch");
	PUT(root, "/proc/702/cmdline", "Xvfb\0:99\0-screen\0" /**/ "0");
	PUT(root, "/proc/703/cmdline",
		"/usr/bin/Xwayland\0:2\0-rootless\0-auth\0/run/user/1000/x");
	PUT(root, "/proc/704/cmdline", "vim\0Xorg\0:5");
	PUT(root, "/proc/705/cmdline", "/usr/bin/X\0:x\0-auth");
	PUT(root, "/proc/706/cmdline", "");
	PUT(root, "/proc/self/cmdline", "Xvfb\0:98");
}

static void test_servers_in_their_order(void **state)
{
	struct x_servers servers;

	put_servers(*state);
	x_servers_list(&servers, *state);
	assert_int_equal(servers.count, 4);
	assert_int_equal(servers.list[0].number, 0);
	assert_int_equal(servers.list[0].vt, 7);
	assert_string_equal(
		servers.list[0].authority, "/var/run/lightdm/root/:0");
	assert_int_equal(servers.list[1].number, 1);
	assert_int_equal(servers.list[1].vt, 2);
	assert_string_equal(
		servers.list[1].authority, "/run/user/1000/gdm/Xauthority");
	assert_int_equal(servers.list[2].number, 99);
	assert_null(servers.list[2].authority);
	assert_true(servers.list[3].is_xwayland);
	assert_int_equal(servers.list[3].number, 2);
	assert_ptr_equal(x_servers_find(&servers, 99), &servers.list[2]);
	assert_null(x_servers_find(&servers, 98));
	x_servers_finish(&servers);
}

static void test_no_proc_at_all(void **state)
{
	struct x_servers servers;

	x_servers_list(&servers, *state);
	assert_int_equal(servers.count, 0);
	x_servers_finish(&servers);
}

static bool lists(
	const struct authority_files *files, const char *root, const char *path)
{
	int i;

	for (i = 0; i < files->count; i++)
		if (strcmp(files->list[i] + strlen(root), path) == 0)
			return true;
	return false;
}

static void test_where_display_managers_put_cookies(void **state)
{
	static const char *const paths[] = { "/run/user/1000/gdm/Xauthority",
		"/run/user/1000/xauth_AbCdEf", "/run/sddm/xauth_XyZ",
		"/tmp/xauth_QwErTy", "/run/lightdm/root/:3",
		"/var/lib/xdm/authdir/authfiles/A:3-x1Y2z3",
		"/home/u/.serverauth.1234", "/home/u/.Xauthority" };
	static const char *const others[] = { "/run/lightdm/root/:4",
		"/var/lib/xdm/authdir/authfiles/A:33-q", "/tmp/other" };
	const struct x_server server = { .number = 3, .owner = geteuid() };
	const char *root = *state;
	struct authority_files files;
	size_t i;

	setenv("HOME", "/home/u", 1);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		PUT(root, paths[i], "cookie");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		PUT(root, others[i], "cookie");
	authority_files_list(&files, root, 3, &server);
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (geteuid() == 0 || strncmp(paths[i], "/run/user/", 10) != 0)
			assert_true(lists(&files, root, paths[i]));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(lists(&files, root, others[i]));
	authority_files_finish(&files);
}

static void test_the_servers_own_comes_first(void **state)
{
	struct x_server server = { .number = 3,
		.owner = geteuid(),
		.authority = (char *)"/odd/place" };
	const char *root = *state;
	struct authority_files files;

	PUT(root, "/odd/place", "cookie");
	PUT(root, "/run/lightdm/root/:3", "cookie");
	authority_files_list(&files, root, 3, &server);
	assert_true(files.count >= 2);
	assert_string_equal(files.list[0] + strlen(root), "/odd/place");
	authority_files_finish(&files);
}

/* Who could write it could show us another screen. */
static void test_files_of_others_are_not_believed(void **state)
{
	struct x_server server = { .number = 3, .owner = geteuid() };
	const char *root = *state;
	struct authority_files files;
	char *path = xasprintf("%s/tmp/xauth_evil", root);

	if (geteuid() == 0) {
		PUT(root, "/tmp/xauth_evil", "cookie");
		assert_int_equal(chown(path, 4321, 4321), 0);
	} else {
		PUT(root, "/tmp/x", "");
		assert_int_equal(mkdir(path, 0700), 0);
	}
	authority_files_list(&files, root, 3, &server);
	assert_false(lists(&files, root, "/tmp/xauth_evil"));
	authority_files_finish(&files);
	free(path);
}

static void test_what_a_command_prints(void **state)
{
	struct display_target told = { NULL, NULL };
	char full[] = "noise\nDISPLAY=:4.0,VT=7\r\nXAUTHORITY=/x y/z\nmore";
	char bare[] = "DISPLAY=host:1\nXAUTHORITY=\n", none[] = "DISPLAY=\n",
	     empty[] = "", odd[] = "XAUTHORITY=/x\nDISPLAY=zero\n";

	(void)state;
	assert_true(display_command_parse(full, &told));
	assert_string_equal(told.name, ":4.0");
	assert_string_equal(told.authority, "/x y/z");
	assert_true(display_command_parse(bare, &told));
	assert_string_equal(told.name, "host:1");
	assert_null(told.authority);
	assert_false(display_command_parse(none, &told));
	assert_false(display_command_parse(empty, &told));
	assert_false(display_command_parse(odd, &told));
	display_target_reset(&told);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_servers_in_their_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_no_proc_at_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_where_display_managers_put_cookies, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_the_servers_own_comes_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_files_of_others_are_not_believed, set_up,
			tear_down),
		cmocka_unit_test(test_what_a_command_prints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
