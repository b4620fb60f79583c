#include "server/option_table.h"

#include <stdint.h>

#include "server/options.h"

/* The offset of a field, which must have the type: the wrong one does not
 * compile. */
#define AT(member, type)                                                       \
	(offsetof(struct options, member) +                                    \
		0 * sizeof(_Generic(((struct options *)NULL)->member, type     \
				    : (char)0)))

#define FLAG(group_, member, value_, names_, opposites_, sentence_)            \
	{                                                                      \
		.group = OPTION_GROUP_##group_, .kind = OPTION_FLAG,           \
		.field = AT(member, bool), .flag = OPTION_NO_FIELD,            \
		.value = value_, .names = names_, .opposites = opposites_,     \
		.sentence = sentence_,                                         \
	}
#define NUMBER(group_, member, least_, most_, normal_, names_, sentence_)      \
	{                                                                      \
		.group = OPTION_GROUP_##group_, .kind = OPTION_NUMBER,         \
		.field = AT(member, int), .flag = OPTION_NO_FIELD,             \
		.least = least_, .most = most_, .normal = normal_,             \
		.argument = "N", .names = names_, .sentence = sentence_,       \
	}
#define TEXT(group_, member, argument_, names_, sentence_)                     \
	{                                                                      \
		.group = OPTION_GROUP_##group_, .kind = OPTION_TEXT,           \
		.field = AT(member, char *), .flag = OPTION_NO_FIELD,          \
		.argument = argument_, .names = names_, .sentence = sentence_, \
	}
#define SECRET(group_, member, argument_, names_, sentence_)                   \
	{                                                                      \
		.group = OPTION_GROUP_##group_, .kind = OPTION_TEXT,           \
		.field = AT(member, char *), .flag = OPTION_NO_FIELD,          \
		.argument = argument_, .names = names_, .sentence = sentence_, \
		.secret = true,                                                \
	}

static const struct option_entry option_table[] = {
	/* the screen */
	TEXT(SCREEN, display, ":N", "display", "X display; $DISPLAY if absent"),
	TEXT(SCREEN, authority, "FILE", "auth xauth",
		"X authority file; $XAUTHORITY or ~/.Xauthority if absent"),
	TEXT(SCREEN, clip, "WxH+X+Y", "clip Geometry",
		"share only this part of the screen"),
	NUMBER(SCREEN, fps, 1, 240, 60, "fps FrameRate max-fps",
		"at most so many frames a second"),
	FLAG(SCREEN, shm, false, "noshm", "shm UseSHM",
		"do without shared memory (MIT-SHM)"),
	FLAG(SCREEN, damage, false, "noxdamage", "xdamage",
		"do without XDamage: compare the screen all the time"),
	FLAG(SCREEN, cursor, false, "nocursor", NULL,
		"do not send the shape of the mouse pointer"),
	{ .group = OPTION_GROUP_SCREEN,
		.kind = OPTION_CURSOR,
		.field = AT(cursor, bool),
		.flag = OPTION_NO_FIELD,
		.names = "cursor",
		.argument = "[STYLE]",
		.sentence = "send the shape of the mouse pointer, as is the "
			    "default; the style 'none' "
			    "does not, others make no difference" },
	{ .group = OPTION_GROUP_SCREEN,
		.kind = OPTION_NUMBER_OR_NONE,
		.field = AT(threads, int),
		.flag = OPTION_NO_FIELD,
		.names = "threads RectThreads nthreads",
		.argument = "[N]",
		.least = 0,
		.most = 64,
		.normal = 0,
		.sentence = "encoder threads; 0 means as many as cores" },
	TEXT(SCREEN, desktop_name, "NAME", "desktop",
		"name of the desktop that viewers show"),

	/* ports and network */
	NUMBER(NETWORK, port, 0, 65535, 5900, "rfbport websocketPort",
		"the port for everything; 0 means any free one"),
	{ .group = OPTION_GROUP_NETWORK,
		.kind = OPTION_NUMBER_OR_NONE,
		.field = AT(port, int),
		.flag = AT(auto_port, bool),
		.names = "autoport",
		.argument = "[N]",
		.least = 1,
		.most = 65535,
		.normal = 5900,
		.sentence = "take the first free port from N up" },
	FLAG(NETWORK, port_of_display, true, "N", NULL,
		"port 5900 plus the number of the X display"),
	TEXT(NETWORK, listen, "ADDR", "listen interface",
		"listen only on this address; everywhere if absent"),
	FLAG(NETWORK, localhost, true, "localhost", "nolocalhost",
		"only this machine may connect"),
	FLAG(NETWORK, ipv6, false, "noipv6 no6 ipv4", "6 prefer-ipv6 UseIPv6",
		"listen on IPv4 only"),
	FLAG(NETWORK, ipv4, false, "noipv4 ipv6", "UseIPv4",
		"listen on IPv6 only"),
	NUMBER(NETWORK, sniff_wait_ms, 0, 10000, 250, "sniffwait",
		"milliseconds a silent connection has before it is taken for "
		"a VNC viewer; less on this machine, and from an address "
		"that spoke RFB last"),
	{ .group = OPTION_GROUP_NETWORK,
		.kind = OPTION_CHOICE,
		.field = AT(port_kind, char *),
		.flag = OPTION_NO_FIELD,
		.names = "only",
		.argument = "rfb|http|tls",
		.sentence = "take every connection for this kind instead of "
			    "finding out; others are closed" },
	{ .group = OPTION_GROUP_NETWORK,
		.kind = OPTION_WORD,
		.field = AT(port_kind, char *),
		.flag = OPTION_NO_FIELD,
		.names = "sslonly ssl-only",
		.word = "tls",
		.sentence = "the same as -only tls: nobody comes in without "
			    "TLS; needs -cert" },
	NUMBER(NETWORK, login_timeout_s, 1, 3600, 30, "logintimeout",
		"seconds from connecting to having logged in"),
	NUMBER(NETWORK, read_timeout_s, 0, 86400, 60, "readtimeout",
		"seconds a viewer may take nothing of what waits for it; 0 "
		"means for ever"),
	NUMBER(NETWORK, most_waiting, 1, 10000, 200, "maxwaiting",
		"connections at once that have not logged in"),
	NUMBER(NETWORK, most_waiting_an_address, 1, 10000, 40,
		"maxwaitingperhost",
		"connections from one address that have not logged in"),
	NUMBER(NETWORK, most_clients, 1, 1000, 100, "maxclients maxconnections",
		"viewers at once"),

	/* the web page */
	TEXT(PAGE, http_directory, "DIR", "httpdir web httpd",
		"web files to serve in place of the built-in page"),
	{ .group = OPTION_GROUP_PAGE,
		.kind = OPTION_LIST,
		.field = AT(origins, char **),
		.flag = OPTION_NO_FIELD,
		.names = "origin",
		.argument = "URL[,URL]",
		.sentence = "web pages from elsewhere that may connect, and "
			    "names of this machine that only others know; may "
			    "be given again" },

	/* TLS */
	TEXT(TLS, certificate, "FILE", "cert sslcertfile x509cert",
		"TLS certificate (PEM, with its chain)"),
	TEXT(TLS, key, "FILE", "key sslkeyfile x509key",
		"the certificate's private key (PEM); in the same file if "
		"absent"),

	/* passwords and access */
	FLAG(ACCESS, no_password, true, "nopw", NULL,
		"let everybody in who can connect"),
	SECRET(ACCESS, password, "PASSWORD", "passwd",
		"the password; others may see it while the program starts"),
	TEXT(ACCESS, password_file, "FILE", "passwdfile",
		"file whose first line is the password and whose second line "
		"is the view-only one"),
	TEXT(ACCESS, vnc_password_file, "FILE", "rfbauth PasswordFile",
		"file made by vncpasswd or x11vnc -storepasswd"),
	FLAG(ACCESS, use_home_password, true, "usepw", NULL,
		"the password in ~/.vnc/passwd or ~/.vnc/passwdfile"),
	SECRET(ACCESS, view_password, "PASSWORD", "viewpasswd",
		"a second password for those who may only watch"),
	FLAG(ACCESS, view_only, true, "viewonly disable-input", "noviewonly",
		"everybody may only watch"),
	FLAG(ACCESS, shared, false, "noshared nevershared dontdisconnect",
		"shared alwaysshared", "one viewer at a time"),
	FLAG(ACCESS, once, true, "once run-once", "forever many",
		"end when the first viewer has gone"),

	/* the process */
	TEXT(PROCESS, log_file, "FILE", "o logfile log-file oa logappend",
		"append the log to this file; to stderr if absent"),
	FLAG(PROCESS, quiet, true, "q quiet", "noquiet",
		"log warnings and errors only"),
	FLAG(PROCESS, verbose, true, "v verbose", NULL, "log more"),
	FLAG(PROCESS, help, true, "help h ? opts", NULL,
		"print this list and end"),
	FLAG(PROCESS, version, true, "version V", NULL,
		"print the version and end"),
	FLAG(PROCESS, print_man, true, "print-man", NULL,
		"print the options for the man page and end"),
	FLAG(PROCESS, print_readme, true, "print-readme", NULL,
		"print the options as a Markdown table and end"),
};

static const char *const titles[OPTION_GROUP_COUNT] = {
	[OPTION_GROUP_SCREEN] = "Screen",
	[OPTION_GROUP_NETWORK] = "Ports and network",
	[OPTION_GROUP_PAGE] = "Web page",
	[OPTION_GROUP_TLS] = "TLS",
	[OPTION_GROUP_ACCESS] = "Passwords and access",
	[OPTION_GROUP_PROCESS] = "Program",
};

size_t option_table_count(void)
{
	return sizeof(option_table) / sizeof(option_table[0]);
}

const struct option_entry *option_table_at(size_t index)
{
	return &option_table[index];
}

const char *option_table_group_title(enum option_group group)
{
	return titles[group];
}

const struct option_entry *option_table_find(
	struct option_name name, enum option_match match, bool *opposite)
{
	for (size_t i = 0; i < option_table_count(); i++) {
		const struct option_entry *entry = &option_table[i];

		*opposite = option_name_in(entry->opposites, name, match);
		if (*opposite || option_name_in(entry->names, name, match))
			return entry;
	}
	return NULL;
}

struct option_name option_table_name(const struct option_entry *entry)
{
	const char *names = entry->names;
	struct option_name name;

	option_name_next(&names, &name);
	return name;
}
