/* The command line: every form and every complaint. */
#include <setjmp.h>
#include <stdarg.h>
#include <pwd.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/options/option_table.h"
#include "test/unit/command_line.h"

/* Accepted with one line, which contains `part`. */
static void assert_noted(const char *line, const char *part)
{
	struct command_line *run = command_line_parse(line);

	if (!run->good || command_line_count_lines(run->said) != 1 ||
		!strstr(run->said, part))
		fail_msg("'%s' was %s and said: %s", line,
			run->good ? "accepted" : "refused", run->said);
	command_line_finish(run);
}

static void test_defaults(void **state)
{
	struct command_line *run = command_line_parse_silent("");
	const struct options *options = &run->options;

	(void)state;
	assert_null(options->display);
	assert_null(options->listen);
	assert_null(options->origins);
	assert_int_equal(options->fps, 60);
	assert_int_equal(options->port, 5900);
	assert_int_equal(options->threads, 0);
	assert_int_equal(options->sniff_wait_ms, 250);
	assert_int_equal(options->login_timeout_s, 30);
	assert_int_equal(options->most_waiting, 200);
	assert_int_equal(options->most_waiting_an_address, 40);
	assert_int_equal(options->most_clients, 100);
	assert_true(options->shm && options->damage && options->cursor);
	assert_true(options->ipv4 && options->ipv6 && options->shared);
	assert_false(options->no_password || options->view_only);
	assert_false(options->once || options->auto_port || options->quiet);
	assert_false(options->localhost || options->help || options->verbose);
	command_line_finish(run);
}

static void test_every_form(void **state)
{
	static const char *const forms[] = { "-rfbport 5901", "--rfbport 5901",
		"-rfbport=5901", "--rfbport=5901", "rfbport=5901",
		"RfbPort=5901", "-RFBPORT 5901" };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct command_line *run = command_line_parse_silent(forms[i]);

		assert_int_equal(run->options.port, 5901);
		command_line_finish(run);
	}
}

static void test_short_names_keep_their_case(void **state)
{
	struct command_line *run = command_line_parse_silent("-V");

	(void)state;
	assert_true(run->options.version && !run->options.verbose);
	command_line_finish(run);
	run = command_line_parse_silent("-v");
	assert_true(run->options.verbose && !run->options.version);
	command_line_finish(run);
}

static void test_flags_and_contraries(void **state)
{
	struct command_line *run = command_line_parse_silent(
		"-noshm -nocursor -noshared -once "
		"-localhost -viewonly -noipv6 "
		"-noxdamage");

	(void)state;
	assert_false(run->options.shm || run->options.cursor);
	assert_false(run->options.shared || run->options.ipv6);
	assert_false(run->options.damage);
	assert_true(run->options.once && run->options.localhost);
	assert_true(run->options.view_only && run->options.ipv4);
	command_line_finish(run);
	run = command_line_parse_silent(
		"-noshm -shm -once -forever -localhost=0 "
		"-AlwaysShared=0 -viewonly -noviewonly -6");
	assert_true(run->options.shm && run->options.ipv6);
	assert_false(run->options.once || run->options.localhost);
	assert_false(run->options.shared || run->options.view_only);
	command_line_finish(run);
	run = command_line_parse_silent(
		"UseSHM=off -localhost yes -noshared=false");
	assert_false(run->options.shm);
	assert_true(run->options.localhost && run->options.shared);
	command_line_finish(run);
	command_line_assert_refused(
		"-localhost=maybe", "-localhost: 'maybe' is neither");
}

static void test_one_address_family(void **state)
{
	struct command_line *run = command_line_parse_silent("-ipv4");

	(void)state;
	assert_true(run->options.ipv4 && !run->options.ipv6);
	command_line_finish(run);
	run = command_line_parse_silent("-ipv6");
	assert_true(run->options.ipv6 && !run->options.ipv4);
	command_line_finish(run);
	command_line_assert_refused("-noipv4 -noipv6", "nothing to listen on");
	command_line_assert_refused(
		"UseIPv4=0 UseIPv6=0", "nothing to listen on");
}

static void test_optional_numbers(void **state)
{
	struct command_line *run =
		command_line_parse_silent("-autoport -threads -once");

	(void)state;
	assert_true(run->options.auto_port && run->options.once);
	assert_int_equal(run->options.port, 5900);
	assert_int_equal(run->options.threads, 0);
	command_line_finish(run);
	run = command_line_parse_silent("-autoport 5910 -threads 3 -once");
	assert_true(run->options.auto_port && run->options.once);
	assert_int_equal(run->options.port, 5910);
	assert_int_equal(run->options.threads, 3);
	command_line_finish(run);
	run = command_line_parse_silent("-rfbport 5950 -autoport");
	assert_int_equal(run->options.port, 5950);
	command_line_finish(run);
	command_line_assert_refused(
		"-threads -3", "-threads: '-3' is not a number from 0");
	command_line_assert_refused(
		"-autoport 0", "-autoport: '0' is not a number from 1");
	command_line_assert_refused(
		"-autoport=", "-autoport: needs a number from 1 to");
}

static void test_numbers_out_of_range(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = option_table_at(i);
		struct option_name name = option_table_name(entry);
		char line[100], part[100];

		if (entry->kind != OPTION_NUMBER &&
			entry->kind != OPTION_NUMBER_OR_NONE)
			continue;
		snprintf(part, sizeof(part), "-%.*s: ", (int)name.length,
			name.start);
		snprintf(line, sizeof(line), "-%.*s %d", (int)name.length,
			name.start, entry->least - 1);
		command_line_assert_refused(line, part);
		snprintf(line, sizeof(line), "-%.*s %d", (int)name.length,
			name.start, entry->most + 1);
		snprintf(part, sizeof(part),
			"-%.*s: '%d' is not a number from "
			"%d to %d",
			(int)name.length, name.start, entry->most + 1,
			entry->least, entry->most);
		command_line_assert_refused(line, part);
	}
	command_line_assert_refused(
		"-fps 1x", "'1x' is not a number from 1 to 240");
	command_line_assert_refused("-fps 0x10", "'0x10' is not a number");
	command_line_assert_refused("-fps +5", "'+5' is not a number");
	command_line_assert_refused(
		"-fps 99999999999999999999", "is not a number from 1");
	command_line_assert_refused(
		"-rfbport prompt", "-rfbport: 'prompt' is not a number");
	command_line_assert_refused(
		"-fps", "-fps: needs a number from 1 to 240");
}

static void test_texts(void **state)
{
	struct command_line *run = command_line_parse_silent(
		"-display :7 -auth /a -desktop my -o /l "
		"-cert c -key k -httpdir /w -listen ::1 "
		"-only http");
	const struct options *options = &run->options;

	(void)state;
	assert_string_equal(options->display, ":7");
	assert_string_equal(options->authority, "/a");
	assert_string_equal(options->desktop_name, "my");
	assert_string_equal(options->log_file, "/l");
	assert_string_equal(options->certificate, "c");
	assert_string_equal(options->key, "k");
	assert_string_equal(options->http_directory, "/w");
	assert_string_equal(options->listen[0], "::1");
	assert_string_equal(options->port_kind, "http");
	command_line_finish(run);
	run = command_line_parse_silent(
		"-desktop one -desktop two --web=/w --cert=c=d");
	assert_string_equal(run->options.desktop_name, "two");
	assert_string_equal(run->options.http_directory, "/w");
	assert_string_equal(run->options.certificate, "c=d");
	command_line_finish(run);
	command_line_assert_refused(
		"-desktop", "-desktop: needs a value (NAME)");
	command_line_assert_refused(
		"-listen=", "-listen: needs a value (ADDR[,ADDR])");
	command_line_assert_refused(
		"-listen \t", "-listen: needs a value (ADDR[,ADDR])");
	command_line_assert_refused(
		"-only udp", "-only: 'udp' is not one of rfb|http|tls");
	command_line_assert_refused("-only rf", "-only: 'rf' is not one of");
	run = command_line_parse_silent("interface=all");
	assert_null(run->options.listen);
	command_line_finish(run);
}

static void test_tls_only(void **state)
{
	static const char *const forms[] = { "-sslonly", "-cert c -sslonly",
		"--ssl-only --cert=c", "-ssl-only=yes", "-sslOnly", "-ssl",
		"-ssl SAVE", "-ssl c.pem -q", "-ssl TMP", "-sslverify /ca",
		"--cafile=/ca", "--verify-client" };
	struct command_line *run;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		run = command_line_parse_silent(forms[i]);
		assert_true(run->options.tls_only);
		command_line_finish(run);
	}
	run = command_line_parse_silent("-sslonly=no -only tls");
	assert_false(run->options.tls_only);
	assert_string_equal(run->options.port_kind, "tls");
	command_line_finish(run);
	command_line_assert_refused("-nossl -sslonly", "-nossl: contradicts");
	command_line_assert_refused("-nossl -cert c", "-nossl: contradicts");
	command_line_assert_refused("-nossl -only tls", "-nossl: contradicts");
	command_line_assert_refused("-key k", "-key: needs -cert");
}

static void test_ssl(void **state)
{
	struct command_line *run =
		command_line_parse_silent("-ssl c.pem -viewonly");

	(void)state;
	assert_string_equal(run->options.certificate, "c.pem");
	assert_false(run->options.certificate_for_once);
	command_line_finish(run);
	run = command_line_parse_silent("-ssl -once");
	assert_null(run->options.certificate);
	assert_true(run->options.once);
	command_line_finish(run);
	run = command_line_parse_silent("-ssl SAVE-name");
	assert_null(run->options.certificate);
	command_line_finish(run);
	run = command_line_parse_silent(
		"-ssl TMP -certdir /d --key-password=geheim");
	assert_true(run->options.certificate_for_once);
	assert_string_equal(run->options.certificate_folder, "/d");
	assert_string_equal(run->options.key_password, "geheim");
	command_line_finish(run);
	command_line_assert_refused("-ssl ANON", "-ssl ANON: not built");
	command_line_assert_refused(
		"-ssl a -cert b", "-ssl a: -cert names another");
	command_line_assert_refused(
		"-sslcn joe", "-sslcn and -sslCRL need -sslverify");
	command_line_assert_refused(
		"-ssl-ciphers NONSENSE", "'NONSENSE' is no cipher");
	command_line_assert_refused("-ssl-ciphers HIGH -GnuTLSPriority NORMAL",
		"only one of -ssl-ciphers and -GnuTLSPriority");
	command_line_assert_refused(
		"--ssl-version=tlsv1", "is not one of default|");
}

static void test_web(void **state)
{
	struct command_line *run = command_line_parse_silent(
		"-http-header A=b,c -http-header X-B:d=e "
		"--auth-plugin=BasicHTTPAuth --auth-source=joe:secret "
		"--web-auth -trustproxy 10.0.0.0/8,unix");

	(void)state;
	assert_string_equal(run->options.http_headers[0], "A: b,c");
	assert_string_equal(run->options.http_headers[1], "X-B: d=e");
	assert_null(run->options.http_headers[2]);
	assert_string_equal(run->options.auth_source, "joe:secret");
	assert_true(run->options.web_auth);
	assert_string_equal(run->options.trusted_proxies[1], "unix");
	command_line_finish(run);
	run = command_line_parse_silent(
		"-origin a --auth-plugin=ExpectOrigin "
		"--auth-source=https://b");
	assert_string_equal(run->options.origins[0], "a");
	assert_string_equal(run->options.origins[1], "https://b");
	assert_null(run->options.auth_source);
	command_line_finish(run);
	command_line_assert_refused(
		"--web-auth", "-web-auth: needs -auth-source");
	command_line_assert_refused(
		"--auth-plugin=BasicHTTPAuth", "needs -auth-source");
	command_line_assert_refused(
		"--auth-plugin=x --auth-source=a:b", "'x' is none of");
	command_line_assert_refused(
		"--auth-plugin=ClientCertCNAuth --auth-source=joe",
		"need -sslverify");
	command_line_assert_refused(
		"-http-header nonsense", "is not of the form");
	command_line_assert_refused("-http-header =b", "is not of the form");

	command_line_assert_refused(
		"-http-header content-length=1", "is not for others");
	command_line_assert_refused(
		"-http-header Sec-WebSocket-Accept=1", "is not for others");
}

static void test_origins(void **state)
{
	struct command_line *run = command_line_parse_silent(
		"-origin https://a,https://b "
		"-origin=https://c");
	char **origins = run->options.origins;

	(void)state;
	assert_string_equal(origins[0], "https://a");
	assert_string_equal(origins[1], "https://b");
	assert_string_equal(origins[2], "https://c");
	assert_null(origins[3]);
	command_line_finish(run);
	command_line_assert_refused("-origin ,", "-origin: needs a value");
}

static void test_cursor(void **state)
{
	struct command_line *run =
		command_line_parse_silent("-cursor none -once");

	(void)state;
	assert_false(run->options.cursor);
	assert_true(run->options.once);
	command_line_finish(run);
	run = command_line_parse_silent("-nocursor -cursor -once");
	assert_true(run->options.cursor && run->options.once);
	command_line_finish(run);
	run = command_line_parse_silent("-nocursor -cursor arrow -once");
	assert_true(run->options.cursor && run->options.once);
	command_line_finish(run);
	command_line_assert_refused(
		"-cursor=pink", "-cursor: 'pink' is no cursor style");
}

static void test_stray_words(void **state)
{
	(void)state;
	command_line_assert_refused(":1", "for the X display say -display :1");
	command_line_assert_refused("5901", "for the port say -rfbport 5901");
	command_line_assert_refused(
		"localhost:5901", "say [ADDR:]PORT HOST:PORT");
	command_line_assert_refused("hello", "'hello' is not an option");
	command_line_assert_refused("hello=1", "'hello=1' is not an option");
	command_line_assert_refused("-", "no command can be run");
	command_line_assert_refused("\t", "'' is not an option");
}

static void test_unknown_names(void **state)
{
	(void)state;
	command_line_assert_refused("-rfbprot 5901",
		"-rfbprot: unknown option; did you "
		"mean -rfbport?");
	command_line_assert_refused("-forver", "did you mean -forever?");
	command_line_assert_refused("--sslcertfle=x",
		"-sslcertfle: unknown option; did you "
		"mean -sslcertfile?");
	command_line_assert_refused("-noxrecrod", "did you mean -noxrecord?");
	command_line_assert_refused("-port 5901", "did you mean -rfbport?");
	command_line_assert_refused("-tls", "-help lists them"); /* not -fps */
	command_line_assert_refused("-qqqqqqqqqqqqqqqqqq", "-help lists them");
	command_line_assert_refused("-=", "unknown option");
}

static void test_known_names(void **state)
{
	(void)state;
	assert_noted("-ncache 10", "-ncache: not needed here, ignored");
	assert_noted("-ssh a:0", "warning: -ssh: has no effect yet");
	assert_noted("-tightfilexfer", "deliberately not built");
	assert_noted("-httpport 5800", "the web page is on the VNC port");
	assert_noted("-anontls support", "has no effect yet");
	command_line_assert_refused("-ssh", "-ssh: needs a value");
	command_line_assert_refused("-enc ca",
		"-enc: not built yet; refusing to start without the "
		"protection it asks for");
	command_line_assert_refused(
		"-rand", "do something else than it asks for");
	command_line_assert_refused(
		"-rand=banana", "-rand: not built yet; refusing");
	command_line_assert_refused(
		"-kill :1", "(x11wsvnc -display :N -R stop ends");
	command_line_assert_refused("-list", "(-listdpy lists displays)");
}

static void test_quiet_keeps_warnings(void **state)
{
	(void)state;
	assert_noted("-noxrecord -ssh a:0 -q", "-ssh: has no effect");
}

static void test_passwords_are_wiped(void **state)
{
	static const char *const lines[] = { "-passwd zebra9", "-passwd=zebra9",
		"-passwd a -viewpasswd zebra9", "--viewpasswd=zebra9",
		"-storepasswd zebra9", "-storepasswd zebra9 /tmp/f",
		"Password=zebra9", "-passwd zebra9 -nosuchoption",
		"--key-password zebra9" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct command_line *run = command_line_parse(lines[i]);

		for (int j = 0; j < run->argc; j++)
			assert_null(strstr(run->argv[j], "zebra9"));
		assert_null(strstr(run->said, "zebra9"));
		command_line_finish(run);
	}
}

static void test_password_sources(void **state)
{
	struct command_line *run = command_line_parse("-nopw -passwd secret");

	(void)state;
	assert_true(run->good);
	assert_false(run->options.no_password);
	assert_string_equal(run->options.password, "secret");
	command_line_finish(run);
	command_line_assert_refused(
		"-passwd a -rfbauth f", "only one of -passwd");
	command_line_assert_refused(
		"-viewpasswd a", "-viewpasswd: needs -passwd");
	command_line_assert_refused("-passwd \t", "-passwd: needs a value");
	command_line_assert_refused("-passwd=", "-passwd: needs a value");
}

static void test_own_user(void **state)
{
	struct command_line *run;

	(void)state;
	run = command_line_parse_silent("-usersfile u -plainusers fred,%u");
	assert_string_equal(run->options.user_names[0], "fred");
	assert_string_equal(
		run->options.user_names[1], getpwuid(getuid())->pw_name);
	assert_null(run->options.user_names[2]);
	command_line_finish(run);
	command_line_assert_refused(
		"-usersfile u -plainusers %u -runas no-such-user",
		"-plainusers: %u");
}

static void test_unix_users(void **state)
{
	struct command_line *run;

	(void)state;
	run = command_line_parse_silent("-unixpw -rfbport 1");
	assert_string_equal(run->options.pam_service, "x11wsvnc");
	assert_null(run->options.user_names);
	assert_int_equal(run->options.port, 1);
	command_line_finish(run);
	run = command_line_parse_silent("-unixpw fred,joe -pam vnc");
	assert_string_equal(run->options.pam_service, "vnc");
	assert_string_equal(run->options.user_names[0], "fred");
	assert_string_equal(run->options.user_names[1], "joe");
	assert_null(run->options.user_names[2]);
	command_line_finish(run);
	command_line_assert_refused(
		"-unixpw !fred", "-unixpw: '!fred' is not a list");
	command_line_assert_refused("-unixpw fred:viewonly", "is not a list");
}

static void test_store_password(void **state)
{
	struct command_line *run;

	(void)state;
	run = command_line_parse_silent(
		"-storepasswd secret /tmp/file -rfbport 1");
	assert_true(run->options.stores_password);
	assert_string_equal(run->options.store_password[0], "secret");
	assert_string_equal(run->options.store_password[1], "/tmp/file");
	assert_null(run->options.store_password[2]);
	assert_int_equal(run->options.port, 1);
	command_line_finish(run);
	run = command_line_parse_silent("-storepasswd");
	assert_true(run->options.stores_password);
	assert_null(run->options.store_password);
	command_line_finish(run);
}

static void test_home_password(void **state)
{
	char home[] = "/tmp/x11wsvnc-options-XXXXXX";
	char file[100];
	struct command_line *run;
	FILE *made;

	(void)state;
	assert_non_null(mkdtemp(home));
	setenv("HOME", home, 1);
	run = command_line_parse_silent("-usepw");
	snprintf(file, sizeof(file), "%s/.vnc/passwd", home);
	assert_true(run->options.home_password_missing);
	assert_string_equal(run->options.vnc_password_file, file);
	command_line_finish(run);
	snprintf(file, sizeof(file), "%s/.vnc", home);
	assert_int_equal(mkdir(file, 0700), 0);
	snprintf(file, sizeof(file), "%s/.vnc/passwdfile", home);
	made = fopen(file, "w");
	assert_non_null(made);
	fclose(made);
	run = command_line_parse_silent("-usepw");
	assert_string_equal(run->options.password_file, file);
	assert_false(run->options.home_password_missing);
	command_line_finish(run);
	run = command_line_parse_silent("-usepw -passwd x");
	assert_null(run->options.password_file);
	command_line_finish(run);
	unlink(file);
	snprintf(file, sizeof(file), "%s/.vnc", home);
	rmdir(file);
	rmdir(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_form),
		cmocka_unit_test(test_short_names_keep_their_case),
		cmocka_unit_test(test_flags_and_contraries),
		cmocka_unit_test(test_one_address_family),
		cmocka_unit_test(test_optional_numbers),
		cmocka_unit_test(test_numbers_out_of_range),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_tls_only),
		cmocka_unit_test(test_ssl),
		cmocka_unit_test(test_web),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_stray_words),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_known_names),
		cmocka_unit_test(test_quiet_keeps_warnings),
		cmocka_unit_test(test_passwords_are_wiped),
		cmocka_unit_test(test_password_sources),
		cmocka_unit_test(test_own_user),
		cmocka_unit_test(test_unix_users),
		cmocka_unit_test(test_store_password),
		cmocka_unit_test(test_home_password),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
