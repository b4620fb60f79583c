/* The program itself. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	{ .kind = OPTION_SUFFIX,
		.field = AT(loop, char *),
		.flag = AT(background, bool),
		.names = "loopbg loopbg*",
		.argument = "[MS[,N]]",
		.sentence = "-loop and -bg" },
	{ .kind = OPTION_SUFFIX,
		.field = AT(loop, char *),
		.flag = OPTION_NO_FIELD,
		.names = "loop loop*",
		.argument = "[MS[,N]]",
		.sentence = "start again whenever the program ends, MS "
			    "milliseconds later (2000 if absent), N times in "
			    "all" },
	FLAG(background, true, "bg background D daemon", "fg",
		"go into the background once the port is open; the status "
		"tells whether it is"),
	TEXT(sleep_in, "N[-M]", "sleepin",
		"wait so many seconds before anything else, or some number "
		"between the two"),
	TEXT(flag_file, "FILE", "flag",
		"write the line PORT=N to this file when viewers can come"),
	TEXT(remove_at_end, "FILE", "rmflag", "remove this file at the end"),
	{ .kind = OPTION_LINES,
		.field = AT(environment, char **),
		.flag = OPTION_NO_FIELD,
		.names = "env",
		.argument = "NAME=VALUE",
		.sentence = "set a variable of the environment" },
	TEXT(rc_file, "FILE", "rc",
		"read options from this file, before all others; "
		"~/.x11wsvncrc if absent"),
	FLAG(no_rc, true, "norc", NULL,
		"read no such file, and not $X11WSVNC_OPTIONS"),
	TEXT(log_file, "FILE", "o logfile",
		"write the log to this file, which is emptied first; to "
		"stderr if absent. SIGUSR1 opens it again"),
	TEXT(log_append, "FILE", "oa logappend log-file",
		"the same, but what is in the file is kept"),
	{ .kind = OPTION_TEXT_OR_NONE,
		.field = AT(syslog, char *),
		.flag = AT(syslog_given, bool),
		.names = "syslog",
		.argument = "[WHERE]",
		.sentence = "log to syslog: a facility (daemon), the path of a "
			    "socket (/dev/log), or HOST[:PORT] over UDP; to "
			    "-o's file too, if given" },
	LIST(log_rules, "*:WHERE:LEVEL", "Log",
		"TigerVNC's way to say where to (stderr, syslog) and how much: "
		"below 30 is -q, 100 is -v"),
	TEXT(audit_file, "FILE", "audit",
		"append a line to this file for each login, refusal and end: "
		"who, from where, how, rights, seconds, bytes, why"),
	{ .kind = OPTION_CHOICE,
		.field = AT(audit_format, char *),
		.flag = OPTION_NO_FIELD,
		.names = "auditformat",
		.argument = "logfmt|json",
		.sentence = "what these lines look like; logfmt if absent" },
	TEXT(control, "PATH", "control socket",
		"the socket by which programs of this user steer it; "
		"$XDG_RUNTIME_DIR/x11wsvnc/NUMBER.sock if absent, by the "
		"display's number"),
	FLAG(control_wanted, false, "nocontrol noremote", "yesremote",
		"no such socket"),
	TEXT(remote, "WORD[:VALUE]", "R r remote remote-control",
		"tell the one that runs: stop, ping, disconnect:all, "
		"disconnect:ID, viewonly, noviewonly, accept:ID, refuse:ID, "
		"connect:HOST, block:ADDR, unblock:ADDR, reload, events, an "
		"option that can change as fps:30, help for more; and end"),
	TEXT(query, "NAME[,NAME]", "Q query QD",
		"ask the one that runs for clients, client_count, display, "
		"port, desktop, pid, version, size, uptime, or an option's "
		"value; and end"),
	FLAG(json, true, "json", NULL, "-R and -Q print the answers as JSON"),
	FLAG(self_check, true, "selfcheck", NULL,
		"say why it would be slow or blind with these options here, "
		"what to do about it, and end; status 1 where something will "
		"not work"),
	FLAG(sync, true, "sync", "nosync",
		"-R waits for the answer, as it always does"),
	FLAG(sandbox, false, "nosandbox", "sandbox",
		"keep the right to run programs and to open any file, which "
		"is given up before anybody is served"),
	TEXT(run_as, "USER", "runas",
		"become this user before anybody is served, where root "
		"started it"),
	LIST(users, "USER[,USER]", "users",
		"the same with the first of these that there is"),
	FLAG(quiet, true, "q quiet", "noquiet", "log warnings and errors only"),
	FLAG(verbose, true, "v verbose", NULL, "log more"),
	FLAG(find_display, true, "finddpy", NULL,
		"print the display that -find shares and end"),
	FLAG(list_displays, true, "listdpy listdpy_auth listdpy_loc", NULL,
		"print all displays that can be opened and end"),
	{ .kind = OPTION_TEXT_OR_NONE,
		.field = AT(authority_of, char *),
		.flag = AT(find_authority, bool),
		.names = "findauth",
		.argument = "[:N]",
		.sentence = "print the X authority file of a display and end" },
	FLAG(help, true, "help h ? opts", NULL, "print this list and end"),
	FLAG(version, true, "version V", NULL, "print the version and end"),
	FLAG(license, true, "license copying warranty", NULL,
		"print under which conditions the program comes, and end"),
	FLAG(print_man, true, "print-man", NULL,
		"print the options for the man page and end"),
	FLAG(print_readme, true, "print-readme", NULL,
		"print the options as a Markdown table and end"),
	{ .kind = OPTION_CHOICE,
		.field = AT(print_completion, char *),
		.flag = OPTION_NO_FIELD,
		.names = "print-completion",
		.argument = "bash|zsh",
		.sentence = "print what that shell needs to complete the "
			    "options and end" },
};

const struct option_group option_group_process =
	OPTION_GROUP("Program", entries);
