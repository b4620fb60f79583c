/* Other servers, behind this one. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	TEXT(target, "HOST:PORT", "target",
		"relay everybody to this VNC server instead of serving a "
		"display; as websockify, PORT HOST:PORT without a name does "
		"it too"),
	TEXT(unix_target, "PATH", "unix-target",
		"the same, to a socket in the file system"),
	{ .kind = OPTION_CHOICE,
		.field = AT(wrap_mode, char *),
		.flag = OPTION_NO_FIELD,
		.names = "wrap-mode",
		.argument = "exit|ignore|respawn",
		.sentence = "what to do when the VNC server ends that was "
			    "started by PORT -- COMMAND; exit if absent" },
	FLAG(ssl_target, true, "ssl-target", NULL,
		"go to targets by TLS; their certificates are not looked at"),
	TEXT(token_plugin, "NAME", "token-plugin",
		"what -token-source is: TokenFile, ReadOnlyTokenFile, "
		"TokenFileName, UnixDomainSocketDirectory; TokenFile if "
		"absent"),
	TEXT(token_source, "FILE|DIR", "token-source",
		"relay who asks for /websockify?token=NAME to where the line "
		"\"NAME: HOST:PORT\" says; looked up each time"),
	TEXT(token_config, "FILE|DIR", "target-config",
		"the same as -token-source"),
	FLAG(host_token, true, "host-token", NULL,
		"the name by which a browser came is the token"),
	TEXT(record, "FILE|DIR", "record",
		"write what each browser's session says into a file of its "
		"own, FILE.1, FILE.2 and so on or DIR/session.1, as noVNC "
		"plays it back; passwords typed there are in it"),
	FLAG(traffic, true, "traffic", NULL,
		"log each message of browsers' sessions: } from the browser, "
		"{ from the server, and its bytes"),
	FLAG(repeater, true, "repeater", NULL,
		"ask plain viewers for their token, as an UltraVNC repeater "
		"asks for an ID; without a display here they always are"),
};

const struct option_group option_group_relay =
	OPTION_GROUP("Other servers", entries);
