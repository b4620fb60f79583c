/* What browsers are given. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	TEXT(http_directory, "DIR", "httpdir web httpd",
		"web files to serve in place of the built-in page"),
	{ .kind = OPTION_LIST,
		.field = AT(origins, char **),
		.flag = OPTION_NO_FIELD,
		.names = "origin",
		.argument = "URL[,URL]",
		.sentence = "web pages from elsewhere that may connect, and "
			    "names of this machine that only others know; may "
			    "be given again" },
	{ .kind = OPTION_TEXT,
		.field = AT(auth_source, char *),
		.flag = OPTION_NO_FIELD,
		.scope = OPTION_OF_ONE,
		.renews = "auth-plugin",
		.secret = true,
		.names = "auth-source",
		.argument = "USER:PASSWORD|FILE",
		.sentence = "who may open a WebSocket: HTTP's Basic "
			    "authentication asks "
			    "browsers; a file has such a line for each, and is "
			    "read again "
			    "when it changes" },
	OWN_FLAG(web_auth, true, "web-auth", NULL,
		"-auth-source counts for the page too: without it a browser "
		"never asks its user"),
	TEXT(auth_plugin, "NAME", "auth-plugin",
		"what websockify's -auth-source means: BasicHTTPAuth, "
		"ExpectOrigin (-origin) or ClientCertCNAuth (-sslcn)"),
	FLAG(status, false, "nostatus", "status",
		"do not tell by HTTP how it goes: /healthz /readyz /metrics "
		"/status.json /screenshot.png /screenshot.jpg"),
	SECRET(status_auth, "USER:PASSWORD|FILE", "statusauth",
		"who may read these, by HTTP's Basic authentication; without "
		"it this machine alone"),
	{ .kind = OPTION_CHOICE,
		.field = AT(status_for, char *),
		.flag = OPTION_NO_FIELD,
		.names = "statusfor",
		.argument = "local|probes|all",
		.sentence = "who may read these without a password: this "
			    "machine; others /healthz and /readyz too; "
			    "everybody everything; local if absent" },
	{ .kind = OPTION_LINES,
		.field = AT(http_headers, char **),
		.flag = OPTION_NO_FIELD,
		.names = "http-header",
		.argument = "NAME=VALUE",
		.sentence = "a header field to send with every page, in place "
			    "of one that would be sent; may be given again" },
};

const struct option_group option_group_page = OPTION_GROUP("Web page", entries);
