#include "server/options/option_check_process.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/options/option_value.h"
#include "server/options/options.h"

/* TigerVNC's levels: 0 errors, 10 what matters, 30 the usual, 100 all. */
enum { LEVEL_USUAL = 30, LEVEL_ALL = 100 };

/* NAME:WHERE:LEVEL. The names are TigerVNC's parts; here there is one. */
static bool deal_out_log_rule(struct options *options, const char *rule)
{
	const char *where = strchr(rule, ':'), *level;

	level = where != NULL ? strchr(where + 1, ':') : NULL;
	if (level == NULL || !option_value_is_number(level + 1)) {
		log_error("-Log: '%s' is not of the form *:stderr:30", rule);
		return false;
	}
	if (!strncasecmp(where, ":syslog:", 8))
		options->syslog_given = true;
	else if (strncasecmp(where, ":stderr:", 8) &&
		 strncasecmp(where, ":stdout:", 8) && level > where + 1) {
		log_error(
			"-Log: '%s': lines go to stderr or syslog; for a file "
			"say -o FILE",
			rule);
		return false;
	}
	options->verbose |= atoi(level + 1) >= LEVEL_ALL;
	options->quiet |= rule[0] == '*' && atoi(level + 1) < LEVEL_USUAL;
	return true;
}

static bool ask_for_port(struct options *options)
{
	char answer[32] = "";
	long port;

	if (!isatty(STDIN_FILENO)) {
		log_error("-rfbport PROMPT: there is no terminal to ask at");
		return false;
	}
	fputs("Port (5900): ", stdout);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) == NULL)
		answer[0] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	port = answer[0] != '\0' ? strtol(answer, NULL, 10) : 5900;
	if ((answer[0] != '\0' && !option_value_is_number(answer)) ||
		port < 0 || port > 65535) {
		log_error("-rfbport PROMPT: '%s' is no port", answer);
		return false;
	}
	options->port = (int)port;
	return true;
}

/* x11vnc's list has more in it: "+" and names with a condition; those are not
 * built. */
static bool pick_user(struct options *options)
{
	char **name = options->users;

	for (; name != NULL && *name != NULL; name++)
		if (strpbrk(*name, "+=:!") != NULL) {
			log_error(
				"-users: '%s' is not built yet; say -runas "
				"USER",
				*name);
			return false;
		}
	for (name = options->users; name != NULL && *name != NULL; name++)
		if (options->run_as == NULL && getpwnam(*name) != NULL)
			options->run_as = xstrdup(*name);
	if (options->users == NULL || options->run_as != NULL)
		return true;
	log_error("-users: there is none of these users here");
	return false;
}

/* Seconds, or two numbers with a dash between. */
static bool check_sleep(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 6)
		return false;
	if (text[digits] == '\0')
		return true;
	text += digits + 1;
	digits = strspn(text, "0123456789");
	return text[-1] == '-' && digits > 0 && digits <= 6 &&
	       text[digits] == '\0';
}

bool option_check_process(struct options *options)
{
	char **rule = options->log_rules;

	for (; rule != NULL && *rule != NULL; rule++)
		if (!deal_out_log_rule(options, *rule))
			return false;
	if (options->log_file != NULL && options->log_append != NULL) {
		log_error("-o and -oa are two ways to the log: give one");
		return false;
	}
	if (options->sleep_in != NULL && !check_sleep(options->sleep_in)) {
		log_error("-sleepin: '%s' is neither N nor N-M seconds",
			options->sleep_in);
		return false;
	}
	return pick_user(options) &&
	       (options->port != OPTIONS_PORT_ASKED || ask_for_port(options));
}
