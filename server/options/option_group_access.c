/* Passwords, and who may do what. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	LOGIN_FLAG(no_password, true, "nopw", NULL,
		"let everybody in who can connect"),
	LOGIN_SECRET(password, "PASSWORD", "passwd",
		"the password; others may see it while the program starts"),
	LOGIN_TEXT(password_file, "FILE", "passwdfile",
		"file of passwords, one a line; those after a line "
		"__BEGIN_VIEWONLY__, or the second of two, may only watch. "
		"rm:FILE is removed after it was read, read:FILE is read "
		"again at each login, cmd:COMMAND prints such lines"),
	LOGIN_TEXT(vnc_password_file, "FILE", "rfbauth PasswordFile",
		"file made by vncpasswd or x11vnc -storepasswd"),
	LOGIN_FLAG(use_home_password, true, "usepw", NULL,
		"the password in ~/.vnc/passwd or ~/.vnc/passwdfile; where "
		"there is neither, one is asked for and kept"),
	{ .kind = OPTION_WORDS,
		.field = AT(store_password, char **),
		.flag = AT(stores_password, bool),
		.names = "storepasswd",
		.argument = "[[PASSWORD] FILE]",
		.most = 2,
		.secret = true,
		.sentence = "write a file for -rfbauth (~/.vnc/passwd where "
			    "none is named) and end; a password that is not "
			    "given is asked for, -viewpasswd adds a second "
			    "one" },
	TEXT(show_password, "FILE", "showrfbauth",
		"print the passwords in such a file and end"),
	LOGIN_SECRET(view_password, "PASSWORD", "viewpasswd",
		"a second password for those who may only watch"),
	LOGIN_TEXT(users_file, "FILE", "usersfile",
		"file of those who log in by name, one a line: "
		"NAME:HASH:RIGHTS, the hash as in /etc/shadow (mkpasswd), the "
		"rights being view, control, clipboard and monitor=NAME "
		"(that one alone), parted by commas; read again when it "
		"changes"),
	LOGIN_TEXT(pam_service, "SERVICE", "pam PAMService pam_service",
		"those come in by name and password whom PAM lets in, by "
		"/etc/pam.d/SERVICE"),
	{ .kind = OPTION_TEXT_OR_NONE,
		.field = AT(unix_users, char *),
		.scope = OPTION_OF_ONE_LOGIN,
		.flag = AT(unix_given, bool),
		.names = "unixpw",
		.argument = "[NAME,NAME]",
		.sentence = "as x11vnc has it: the users of this machine and "
			    "their passwords, or only these; the same as -pam "
			    "x11wsvnc -plainusers NAME,NAME" },
	OWN_LIST(user_names, "LIST", "plainusers PlainUsers",
		"where a user name is asked, only these come in; * is all, %u "
		"whoever runs this program"),
	OWN_LIST(security_types, "LIST", "sectypes SecurityTypes",
		"the ways to log in that are offered, in this order: TLSNone "
		"TLSVnc TLSPlain X509None X509Vnc X509Plain RA2_256 RA2 "
		"RA2ne_256 VncAuth Plain None Tight RA2ne; VeNCrypt means all "
		"that begin with TLS or X509"),
	TEXT(rsa_key, "FILE", "rsakey RSAKey",
		"RSA key (PEM) of the ways to log in that begin with RA2; made "
		"if absent, and kept beside the certificate if not named"),
	OWN_TEXT(vencrypt, "never|support|only|force", "vencrypt",
		"none, or nothing but, the encrypted ways to log in; nodh: or "
		"nox509: before it leaves out those without or with a "
		"certificate"),
	OWN_FLAG(view_only, true, "viewonly disable-input", "noviewonly",
		"everybody may only watch"),
	OWN_FLAG(shared, false, "noshared nevershared", "shared alwaysshared",
		"one viewer at a time"),
	FLAG(once, true, "once run-once", "forever many",
		"end when the first viewer has gone"),
	OWN_FLAG(disconnect_clients, false, "dontdisconnect",
		"DisconnectClients",
		"with -noshared: who comes while somebody is there is refused, "
		"instead of taking over"),
	NUMBER(first_timeout_s, 0, 31536000, 0, "timeout",
		"end where no viewer has come within so many seconds; 0, here "
		"and below, means never"),
	NUMBER(most_alone_s, 0, 31536000, 0,
		"MaxDisconnectionTime idle-timeout",
		"end after so many seconds without a viewer"),
	NUMBER(most_untouched_s, 0, 31536000, 0, "MaxIdleTime",
		"end after so many seconds in which no viewer pressed a key or "
		"moved the pointer"),
	NUMBER(most_connected_s, 0, 31536000, 0, "MaxConnectionTime",
		"end when a viewer has been there for so many seconds"),
	NUMBER(idle_timeout_s, 0, 31536000, 0, "IdleTimeout",
		"disconnect a viewer that did nothing for so many seconds"),
	{ .kind = OPTION_LIST,
		.field = AT(allowed, char **),
		.scope = OPTION_OF_ONE,
		.flag = OPTION_NO_FIELD,
		.names = "allow",
		.argument = "HOST[,HOST]",
		.sentence = "only these may connect: names, addresses, "
			    "192.168.1. or 10.0.0.0/8; or /FILE of such "
			    "lines, read again when it changes" },
	OWN_TEXT(hosts_file, "FILE", "HostsFile",
		"who may connect: lines of + (yes), - (no) or ? (ask the "
		"person at the display) and an address or ADDRESS/BITS; the "
		"first that fits counts, the file is read again when it "
		"changes"),
	OWN_FLAG(deny_all, true, "deny_all", NULL, "nobody may connect"),
	OWN_FLAG(query_connect, true, "QueryConnect", NULL,
		"a window on the display asks about every viewer that has "
		"logged in"),
	NUMBER(query_timeout_s, 1, 3600, 10, "QueryConnectTimeout",
		"seconds until no answer means no"),
	TEXT(accept, "WHAT", "accept",
		"who decides about viewers that have logged in: "
		"popup[:SECONDS][+X+Y], popupmouse, popupkey, xmessage, or a "
		"command that ends with status 0 for yes; "
		"'yes:0,no:*,view:3 COMMAND' says which status means what; "
		"it is told about the viewer in RFB_CLIENT_IP and more"),
	TEXT(after_accept, "COMMAND", "afteraccept",
		"run this when a viewer has come in"),
	TEXT(gone, "COMMAND", "gone", "run this when a viewer has gone"),
	FLAG(use_blacklist, false, "noblacklist", "UseBlacklist",
		"tell a wrong password at once, and let everybody try as often "
		"as they like"),
	NUMBER(blacklist_threshold, 0, 1000, 5,
		"maxauthfails BlacklistThreshold",
		"wrong passwords or tokens from one address (IPv6: /64) before "
		"it is not listened to for a while; 0 means any number"),
	NUMBER(blacklist_timeout_s, 1, 3600, 10,
		"authfailtimeout BlacklistTimeout",
		"seconds of that the first time, doubled with each further "
		"wrong password"),
};

const struct option_group option_group_access =
	OPTION_GROUP("Passwords and access", entries);
