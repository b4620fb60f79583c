/* The command line: every form, every complaint, every name people paste. */
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

#include "server/option_known.h"
#include "server/option_nearest.h"
#include "server/option_table.h"
#include "server/option_value.h"
#include "server/options.h"

enum { MOST_WORDS = 24 };

/* One parse: writable words as main() has them, and what was printed. */
struct run {
	struct options options;
	bool good;
	int argc;
	char *argv[MOST_WORDS + 1];
	char said[65536];
};

/* What is written to `which` while `act` runs, NUL-ended. A file and not a
 * pipe: nobody reads while it is written. */
static void capture(
	int which, void (*act)(void *), void *data, char *said, size_t room)
{
	FILE *file = tmpfile();
	int saved = dup(which);
	size_t count;

	assert_non_null(file);
	assert_true(saved >= 0);
	fflush(stdout);
	dup2(fileno(file), which);
	act(data);
	fflush(stdout);
	dup2(saved, which);
	close(saved);
	rewind(file);
	count = fread(said, 1, room - 1, file);
	said[count] = '\0';
	fclose(file);
}

static void act_parse(void *data)
{
	struct run *run = data;

	run->good = options_parse(&run->options, run->argc, run->argv);
}

/* Words parted by single spaces; "\t" in a word stands for nothing at all. */
static struct run *parse(const char *line)
{
	struct run *run = calloc(1, sizeof(*run));
	const char *at = line;

	assert_non_null(run);
	run->argv[run->argc++] = strdup("x11wsvnc");
	while (*at) {
		size_t length = strcspn(at, " ");

		assert_true(run->argc < MOST_WORDS);
		run->argv[run->argc++] =
			strndup(at, at[0] == '\t' ? 0 : length);
		at += length;
		at += *at == ' ';
	}
	capture(STDERR_FILENO, act_parse, run, run->said, sizeof(run->said));
	return run;
}

static void finish(struct run *run)
{
	options_finish(&run->options);
	for (int i = 0; i < run->argc; i++)
		free(run->argv[i]);
	free(run);
}

static int count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* Accepted, and nothing was said. */
static struct run *parse_silent(const char *line)
{
	struct run *run = parse(line);

	if (!run->good || run->said[0])
		fail_msg("'%s' said: %s", line, run->said);
	return run;
}

/* Refused in one line, which contains `part`. */
static void assert_refused(const char *line, const char *part)
{
	struct run *run = parse(line);

	if (run->good || count_lines(run->said) != 1 ||
		!strstr(run->said, part))
		fail_msg("'%s' was %s and said: %s", line,
			run->good ? "accepted" : "refused", run->said);
	finish(run);
}

/* Accepted with one line, which contains `part`. */
static void assert_noted(const char *line, const char *part)
{
	struct run *run = parse(line);

	if (!run->good || count_lines(run->said) != 1 ||
		!strstr(run->said, part))
		fail_msg("'%s' was %s and said: %s", line,
			run->good ? "accepted" : "refused", run->said);
	finish(run);
}

static void test_defaults(void **state)
{
	struct run *run = parse_silent("");
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
	finish(run);
}

static void test_every_form(void **state)
{
	static const char *const forms[] = { "-rfbport 5901", "--rfbport 5901",
		"-rfbport=5901", "--rfbport=5901", "rfbport=5901",
		"RfbPort=5901", "-RFBPORT 5901" };

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct run *run = parse_silent(forms[i]);

		assert_int_equal(run->options.port, 5901);
		finish(run);
	}
}

static void test_short_names_keep_their_case(void **state)
{
	struct run *run = parse_silent("-V");

	(void)state;
	assert_true(run->options.version && !run->options.verbose);
	finish(run);
	run = parse_silent("-v");
	assert_true(run->options.verbose && !run->options.version);
	finish(run);
}

static void test_flags_and_contraries(void **state)
{
	struct run *run = parse_silent(
		"-noshm -nocursor -noshared -once "
		"-localhost -viewonly -noipv6 "
		"-noxdamage");

	(void)state;
	assert_false(run->options.shm || run->options.cursor);
	assert_false(run->options.shared || run->options.ipv6);
	assert_false(run->options.damage);
	assert_true(run->options.once && run->options.localhost);
	assert_true(run->options.view_only && run->options.ipv4);
	finish(run);
	run = parse_silent(
		"-noshm -shm -once -forever -localhost=0 "
		"-AlwaysShared=0 -viewonly -noviewonly -6");
	assert_true(run->options.shm && run->options.ipv6);
	assert_false(run->options.once || run->options.localhost);
	assert_false(run->options.shared || run->options.view_only);
	finish(run);
	run = parse_silent("UseSHM=off -localhost yes -noshared=false");
	assert_false(run->options.shm);
	assert_true(run->options.localhost && run->options.shared);
	finish(run);
	assert_refused("-localhost=maybe", "-localhost: 'maybe' is neither");
}

static void test_one_address_family(void **state)
{
	struct run *run = parse_silent("-ipv4");

	(void)state;
	assert_true(run->options.ipv4 && !run->options.ipv6);
	finish(run);
	run = parse_silent("-ipv6");
	assert_true(run->options.ipv6 && !run->options.ipv4);
	finish(run);
	assert_refused("-noipv4 -noipv6", "nothing to listen on");
	assert_refused("UseIPv4=0 UseIPv6=0", "nothing to listen on");
}

static void test_optional_numbers(void **state)
{
	struct run *run = parse_silent("-autoport -threads -once");

	(void)state;
	assert_true(run->options.auto_port && run->options.once);
	assert_int_equal(run->options.port, 5900);
	assert_int_equal(run->options.threads, 0);
	finish(run);
	run = parse_silent("-autoport 5910 -threads 3 -once");
	assert_true(run->options.auto_port && run->options.once);
	assert_int_equal(run->options.port, 5910);
	assert_int_equal(run->options.threads, 3);
	finish(run);
	run = parse_silent("-rfbport 5950 -autoport");
	assert_int_equal(run->options.port, 5950);
	finish(run);
	assert_refused("-threads -3", "-threads: '-3' is not a number from 0");
	assert_refused("-autoport 0", "-autoport: '0' is not a number from 1");
	assert_refused("-autoport=", "-autoport: needs a number from 1 to");
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
		assert_refused(line, part);
		snprintf(line, sizeof(line), "-%.*s %d", (int)name.length,
			name.start, entry->most + 1);
		snprintf(part, sizeof(part),
			"-%.*s: '%d' is not a number from "
			"%d to %d",
			(int)name.length, name.start, entry->most + 1,
			entry->least, entry->most);
		assert_refused(line, part);
	}
	assert_refused("-fps 1x", "'1x' is not a number from 1 to 240");
	assert_refused("-fps 0x10", "'0x10' is not a number");
	assert_refused("-fps +5", "'+5' is not a number");
	assert_refused("-fps 99999999999999999999", "is not a number from 1");
	assert_refused("-rfbport PROMPT", "-rfbport: 'PROMPT' is not a number");
	assert_refused("-fps", "-fps: needs a number from 1 to 240");
}

static void test_texts(void **state)
{
	struct run *run = parse_silent(
		"-display :7 -auth /a -desktop my -o /l "
		"-cert c -key k -httpdir /w -listen ::1 "
		"-only tls");
	const struct options *options = &run->options;

	(void)state;
	assert_string_equal(options->display, ":7");
	assert_string_equal(options->authority, "/a");
	assert_string_equal(options->desktop_name, "my");
	assert_string_equal(options->log_file, "/l");
	assert_string_equal(options->certificate, "c");
	assert_string_equal(options->key, "k");
	assert_string_equal(options->http_directory, "/w");
	assert_string_equal(options->listen, "::1");
	assert_string_equal(options->port_kind, "tls");
	finish(run);
	run = parse_silent("-desktop one -desktop two --web=/w --cert=c=d");
	assert_string_equal(run->options.desktop_name, "two");
	assert_string_equal(run->options.http_directory, "/w");
	assert_string_equal(run->options.certificate, "c=d");
	finish(run);
	assert_refused("-desktop", "-desktop: needs a value (NAME)");
	assert_refused("-listen=", "-listen: needs a value (ADDR)");
	assert_refused("-listen \t", "-listen: needs a value (ADDR)");
	assert_refused("-only udp", "-only: 'udp' is not one of rfb|http|tls");
	assert_refused("-only rf", "-only: 'rf' is not one of");
	run = parse_silent("interface=all");
	assert_null(run->options.listen);
	finish(run);
}

static void test_origins(void **state)
{
	struct run *run = parse_silent(
		"-origin https://a,https://b "
		"-origin=https://c");
	char **origins = run->options.origins;

	(void)state;
	assert_string_equal(origins[0], "https://a");
	assert_string_equal(origins[1], "https://b");
	assert_string_equal(origins[2], "https://c");
	assert_null(origins[3]);
	finish(run);
	assert_refused("-origin ,", "-origin: needs a value");
}

static void test_cursor(void **state)
{
	struct run *run = parse_silent("-cursor none -once");

	(void)state;
	assert_false(run->options.cursor);
	assert_true(run->options.once);
	finish(run);
	run = parse_silent("-nocursor -cursor -once");
	assert_true(run->options.cursor && run->options.once);
	finish(run);
	run = parse_silent("-nocursor -cursor arrow -once");
	assert_true(run->options.cursor && run->options.once);
	finish(run);
	assert_refused("-cursor=pink", "-cursor: 'pink' is no cursor style");
}

static void test_clip(void **state)
{
	struct run *run = parse_silent("-clip 640x480+10+20");

	(void)state;
	assert_string_equal(run->options.clip, "640x480+10+20");
	finish(run);
	run = parse_silent("Geometry=640x480");
	assert_string_equal(run->options.clip, "640x480+0+0");
	finish(run);
	/* x11vnc's scale is not a clip. */
	assert_noted("-geometry 640x480", "-geometry: has no effect yet");
	assert_refused("-clip 640", "-clip: '640' is not of the form WxH+X+Y");
	assert_refused("-clip 0x480+0+0", "-clip: '0x480+0+0' is not");
	assert_refused("-clip xinerama1", "-clip: 'xinerama1' is not");
	assert_refused("-clip 640x480+1", "is not of the form");
	assert_refused("-clip 640x480+1+2x", "is not of the form");
	assert_refused("-clip 640x480-1+2", "is not of the form");
	assert_refused("-clip -640x480+1+2", "is not of the form");
}

static void test_display_forms(void **state)
{
	struct run *run = parse("-display WAIT:3");

	(void)state;
	assert_true(run->good);
	assert_string_equal(run->options.display, ":3");
	finish(run);
	run = parse("-display WAIT::3");
	assert_string_equal(run->options.display, ":3");
	finish(run);
	assert_refused("-display WAIT:cmd=FINDDISPLAY", "-display: ");
	run = parse("-auth guess");
	assert_true(run->good);
	assert_null(run->options.authority);
	finish(run);
	run = parse_silent("-display :12.0 -N");
	assert_int_equal(run->options.port, 5912);
	finish(run);
	run = parse_silent("-display :12 -N -rfbport 5900");
	assert_int_equal(run->options.port, 5900);
	finish(run);
	assert_noted("-display :99999 -N", "-N: has no effect");
}

static void test_stray_words(void **state)
{
	(void)state;
	assert_refused(":1", "for the X display say -display :1");
	assert_refused("5901", "for the port say -rfbport 5901");
	assert_refused("localhost:5901", "no second server");
	assert_refused("hello", "'hello' is not an option");
	assert_refused("hello=1", "'hello=1' is not an option");
	assert_refused("-", "no command can be run");
	assert_refused("-- xterm", "no command can be run");
	assert_refused("\t", "'' is not an option");
}

static void test_unknown_names(void **state)
{
	(void)state;
	assert_refused("-rfbprot 5901",
		"-rfbprot: unknown option; did you "
		"mean -rfbport?");
	assert_refused("-forver", "did you mean -forever?");
	assert_refused("--sslcertfle=x",
		"-sslcertfle: unknown option; did you "
		"mean -sslcertfile?");
	assert_refused("-noxrecrod", "did you mean -noxrecord?");
	assert_refused("-qqqqqqqqqqqqqqqqqq", "-help lists them");
	assert_refused("-=", "unknown option");
}

static void test_known_names(void **state)
{
	(void)state;
	assert_noted("-ncache 10", "-ncache: not needed here, ignored");
	assert_noted("-scale 3/4", "warning: -scale: has no effect yet");
	assert_noted("-tightfilexfer", "deliberately not built");
	assert_noted("-httpport 5800", "the web page is on the VNC port");
	assert_noted("-vencrypt support", "has no effect yet");
	assert_refused("-scale", "-scale: needs a value");
	assert_refused("-sslonly",
		"-sslonly: not built yet; refusing to start without the "
		"protection it asks for");
	assert_refused("-allow 10.", "-allow: not built yet; refusing");
	assert_refused("-inetd", "do something else than it asks for");
	assert_refused("-inetd=banana", "-inetd: not built yet; refusing");
}

static void test_quiet_keeps_warnings(void **state)
{
	(void)state;
	assert_noted("-noxrecord -scale 1/2 -q", "-scale: has no effect");
}

static void test_passwords_are_wiped(void **state)
{
	static const char *const lines[] = { "-passwd zebra9", "-passwd=zebra9",
		"-passwd a -viewpasswd zebra9", "--viewpasswd=zebra9",
		"-storepasswd zebra9", "Password=zebra9",
		"-passwd zebra9 -nosuchoption", "--key-password zebra9" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct run *run = parse(lines[i]);

		for (int j = 0; j < run->argc; j++)
			assert_null(strstr(run->argv[j], "zebra9"));
		assert_null(strstr(run->said, "zebra9"));
		finish(run);
	}
}

static void test_password_sources(void **state)
{
	struct run *run = parse("-nopw -passwd secret");

	(void)state;
	assert_true(run->good);
	assert_false(run->options.no_password);
	assert_string_equal(run->options.password, "secret");
	finish(run);
	assert_refused("-passwd a -rfbauth f", "only one of -passwd");
	assert_refused("-viewpasswd a", "-viewpasswd: needs -passwd");
	assert_refused("-passwd \t", "-passwd: needs a value");
	assert_refused("-passwd=", "-passwd: needs a value");
}

static void test_home_password(void **state)
{
	char home[] = "/tmp/x11wsvnc-options-XXXXXX";
	char file[100];
	struct run *run;
	FILE *made;

	(void)state;
	assert_non_null(mkdtemp(home));
	setenv("HOME", home, 1);
	assert_refused("-usepw", "-usepw: there is neither");
	snprintf(file, sizeof(file), "%s/.vnc", home);
	assert_int_equal(mkdir(file, 0700), 0);
	snprintf(file, sizeof(file), "%s/.vnc/passwdfile", home);
	made = fopen(file, "w");
	assert_non_null(made);
	fclose(made);
	run = parse_silent("-usepw");
	assert_string_equal(run->options.password_file, file);
	finish(run);
	run = parse_silent("-usepw -passwd x");
	assert_null(run->options.password_file);
	finish(run);
	unlink(file);
	snprintf(file, sizeof(file), "%s/.vnc", home);
	rmdir(file);
	rmdir(home);
}

/* Each line with a port after it: a wrong count of words would swallow it, or
 * leave a word over. */
static void test_pasted_names(void **state)
{
	FILE *file = fopen(CORPUS "/option_names.txt", "r");
	char line[200], whole[300];
	int count = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		bool refused = line[0] == '!';
		struct run *run;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !line[0])
			continue;
		snprintf(whole, sizeof(whole), "%s -rfbport 5999",
			line + (refused ? 2 : 0));
		run = parse(whole);
		if (strstr(run->said, "unknown option") ||
			strstr(run->said, "not an option") ||
			run->good == refused ||
			(run->good && run->options.port != 5999) ||
			count_lines(run->said) > 1)
			fail_msg("'%s' was %s and said: %s", whole,
				run->good ? "accepted" : "refused", run->said);
		finish(run);
		count++;
	}
	fclose(file);
	assert_true(count > 500);
}

/* No name stands twice, in either table, in any case of letters but for what
 * is told apart on purpose. */
static bool told_apart(struct option_name name)
{
	static const char apart[] = "geometry Geometry";

	return name.length <= 2 ||
	       option_name_in(apart, name, OPTION_MATCH_EXACT);
}

static int times_named(struct option_name name)
{
	enum option_match match =
		told_apart(name) ? OPTION_MATCH_EXACT : OPTION_MATCH_ANY_CASE;
	int times = 0;

	for (size_t i = 0; i < option_table_count(); i++) {
		times += option_name_in(option_table_at(i)->names, name, match);
		times += option_name_in(
			option_table_at(i)->opposites, name, match);
	}
	for (size_t i = 0; i < option_known_count(); i++)
		times += option_name_in(option_known_at(i)->names, name, match);
	return times;
}

static void assert_named_once(const char *names)
{
	struct option_name name;

	while (option_name_next(&names, &name)) {
		if (times_named(name) != 1)
			fail_msg("'%.*s' stands in %d rows", (int)name.length,
				name.start, times_named(name));
	}
}

static void test_tables_are_sane(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = option_table_at(i);

		assert_named_once(entry->names);
		assert_named_once(entry->opposites);
		assert_non_null(entry->sentence);
		assert_true(entry->field < sizeof(struct options));
		assert_true((entry->kind == OPTION_FLAG) == !entry->argument);
		assert_true(entry->least <= entry->normal);
		assert_true(entry->normal <= entry->most);
		assert_true(entry->kind != OPTION_NUMBER ||
			    entry->least < entry->most);
	}
	for (size_t i = 0; i < option_known_count(); i++)
		assert_named_once(option_known_at(i)->names);
}

static void act_help(void *data)
{
	(void)data;
	options_print_help();
}

static void act_man(void *data)
{
	(void)data;
	options_print_man();
}

static void act_readme(void *data)
{
	(void)data;
	options_print_readme();
}

/* `before` stands in front of every documented name. */
static void assert_mentions_all(void (*act)(void *), const char *before)
{
	char *said = malloc(65536);

	assert_non_null(said);
	capture(STDOUT_FILENO, act, NULL, said, 65536);
	for (size_t i = 0; i < option_table_count(); i++) {
		struct option_name name = option_table_name(option_table_at(i));
		char wanted[100];
		size_t length =
			(size_t)snprintf(wanted, sizeof(wanted), "%s", before);

		for (size_t j = 0; j < name.length; j++) {
			/* man pages write a hyphen like this */
			if (act == act_man && name.start[j] == '-')
				wanted[length++] = '\\';
			wanted[length++] = name.start[j];
		}
		wanted[length] = '\0';
		if (!strstr(said, wanted))
			fail_msg("'%s' is not mentioned", wanted);
	}
	free(said);
}

static void test_documents_mention_all(void **state)
{
	(void)state;
	assert_mentions_all(act_help, "\n  -");
	assert_mentions_all(act_man, ".TP\n\\fB\\-");
	assert_mentions_all(act_readme, "\n| `-");
}

static void test_help_fits_a_terminal(void **state)
{
	char *said = malloc(65536);
	const char *line = said;

	(void)state;
	assert_non_null(said);
	capture(STDOUT_FILENO, act_help, NULL, said, 65536);
	while (*line) {
		size_t length = strcspn(line, "\n");

		assert_true(length <= 80);
		line += length + 1;
	}
	free(said);
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
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_clip),
		cmocka_unit_test(test_display_forms),
		cmocka_unit_test(test_stray_words),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_known_names),
		cmocka_unit_test(test_quiet_keeps_warnings),
		cmocka_unit_test(test_passwords_are_wiped),
		cmocka_unit_test(test_password_sources),
		cmocka_unit_test(test_home_password),
		cmocka_unit_test(test_pasted_names),
		cmocka_unit_test(test_tables_are_sane),
		cmocka_unit_test(test_documents_mention_all),
		cmocka_unit_test(test_help_fits_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
