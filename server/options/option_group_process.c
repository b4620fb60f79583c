/* The program itself. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	TEXT(log_file, "FILE", "o logfile log-file oa logappend",
		"append the log to this file; to stderr if absent"),
	TEXT(audit_file, "FILE", "audit",
		"append a line to this file for each login, refusal and end: "
		"who, from where, how, rights, seconds, bytes, why"),
	{ .kind = OPTION_CHOICE,
		.field = AT(audit_format, char *),
		.flag = OPTION_NO_FIELD,
		.names = "auditformat",
		.argument = "logfmt|json",
		.sentence = "what these lines look like; logfmt if absent" },
	FLAG(sandbox, false, "nosandbox", "sandbox",
		"keep the right to run programs and to open any file, which "
		"is given up before anybody is served"),
	TEXT(run_as, "USER", "runas",
		"become this user before anybody is served, where root "
		"started it"),
	FLAG(quiet, true, "q quiet", "noquiet", "log warnings and errors only"),
	FLAG(verbose, true, "v verbose", NULL, "log more"),
	FLAG(help, true, "help h ? opts", NULL, "print this list and end"),
	FLAG(version, true, "version V", NULL, "print the version and end"),
	FLAG(print_man, true, "print-man", NULL,
		"print the options for the man page and end"),
	FLAG(print_readme, true, "print-readme", NULL,
		"print the options as a Markdown table and end"),
};

const struct option_group option_group_process =
	OPTION_GROUP("Program", entries);
