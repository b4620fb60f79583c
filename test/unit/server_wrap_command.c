/* How VNC servers are told another port. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/relay/wrap_command.h"

enum { MOST_WORDS = 16 };

/* `words` parted by '|'. */
static void check(const char *words, const char *written)
{
	const char *list[MOST_WORDS + 1] = { NULL };
	char copy[200], *rest = copy, *error = NULL, *made;
	int count = 0;

	strcpy(copy, words);
	while (rest != NULL && count < MOST_WORDS)
		list[count++] = strsep(&rest, "|");
	made = wrap_command_write(list, 6001, &error);
	assert_null(error);
	assert_string_equal(made, written);
	free(made);
}

static void known(void **state)
{
	(void)state;
	check("Xtigervnc", "exec 'Xtigervnc' -rfbport 6001 -localhost");
	check("/opt/x/Xvnc|:1|-depth|24",
		"exec '/opt/x/Xvnc' ':1' -rfbport 6001 -localhost '-depth' "
		"'24'");
	check("x11vnc|-rfbport|5901|-forever",
		"exec 'x11vnc' -rfbport 6001 -localhost '-forever'");
	check("Xvnc|--rfbport=5901|-localhost|no|:1",
		"exec 'Xvnc' -rfbport 6001 -localhost ':1'");
	check("Xvnc|-localhost|:1",
		"exec 'Xvnc' -rfbport 6001 -localhost ':1'");
	check("Xvnc|-rfbport", "exec 'Xvnc' -rfbport 6001 -localhost");
	check("Xvnc|-rfbportly|1",
		"exec 'Xvnc' -rfbport 6001 -localhost '-rfbportly' '1'");
}

/* Behind -- is the session, which has options of its own. */
static void session_of_its_own(void **state)
{
	(void)state;
	check("tigervncserver|:1|--|x11vnc|-rfbport|1",
		"exec 'tigervncserver' ':1' -rfbport 6001 -localhost yes '--' "
		"'x11vnc' '-rfbport' '1'");
}

static void told_where(void **state)
{
	(void)state;
	check("serve|--at={port}|{port}:{port}",
		"exec 'serve' '--at=6001' '6001:6001'");
	check("x11vnc|-rfbport|{port}", "exec 'x11vnc' '-rfbport' '6001'");
}

static void quoted(void **state)
{
	(void)state;
	check("x11vnc|-desktop|it's; $(rm) `x` \"\n",
		"exec 'x11vnc' -rfbport 6001 -localhost '-desktop' "
		"'it'\\''s; $(rm) `x` \"\n'");
	check("x11vnc||x", "exec 'x11vnc' -rfbport 6001 -localhost '' 'x'");
}

static void unknown(void **state)
{
	const char *const words[] = { "xterm", "-rfbport", "1", NULL };
	char *error = NULL;

	(void)state;
	assert_null(wrap_command_write(words, 6001, &error));
	assert_non_null(strstr(error, "{port}"));
	assert_non_null(strstr(error, "tightvncserver"));
	free(error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known),
		cmocka_unit_test(session_of_its_own),
		cmocka_unit_test(told_where),
		cmocka_unit_test(quoted),
		cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
