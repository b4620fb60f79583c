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
};

const struct option_group option_group_page = OPTION_GROUP("Web page", entries);
