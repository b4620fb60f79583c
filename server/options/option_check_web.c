#include "server/options/option_check_web.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/options/options.h"

/* ---- websockify's plug-ins ---- */

/* Moves the words of -auth-source, parted by blanks, into a list. */
static void move_words(char **source, char ***list)
{
	char *rest = *source, *word;
	size_t count = 0;

	while (*list && (*list)[count])
		count++;
	while ((word = strsep(&rest, " ")) != NULL) {
		char **longer;

		if (!*word)
			continue;
		longer = xcalloc(count + 2, sizeof(*longer));
		if (count)
			memcpy(longer, *list, count * sizeof(*longer));
		longer[count++] = xstrdup(word);
		free(*list);
		*list = longer;
	}
	free(*source);
	*source = NULL;
}

static bool deal_out_plugin(struct options *options)
{
	const char *name = options->auth_plugin, *dot;

	if (!name)
		return true;
	dot = strrchr(name, '.'); /* websockify.auth_plugins.NAME */
	name = dot ? dot + 1 : name;
	if (!options->auth_source) {
		log_error("-auth-plugin: needs -auth-source");
		return false;
	}
	if (!strcmp(name, "ExpectOrigin"))
		move_words(&options->auth_source, &options->origins);
	else if (!strcmp(name, "ClientCertCNAuth"))
		move_words(&options->auth_source, &options->client_names);
	else if (strcmp(name, "BasicHTTPAuth")) {
		log_error(
			"-auth-plugin: '%s' is none of BasicHTTPAuth, "
			"ExpectOrigin, ClientCertCNAuth",
			options->auth_plugin);
		return false;
	}
	return true;
}

static bool check_web_auth(const struct options *options)
{
	if (options->web_auth && !options->auth_source &&
		!options->auth_plugin) {
		log_error("-web-auth: needs -auth-source: who may come in?");
		return false;
	}
	return true;
}

/* ---- header fields ---- */

static bool is_name(const char *text, size_t length)
{
	return length > 0 && strspn(text,
				     "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789!#$%&'*+-.^_`|~") == length;
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

/* Those that say where an answer ends, and those of the handshake. */
static bool is_ours(const char *name, size_t length)
{
	static const char *const ours[] = { "Connection", "Content-Length",
		"Content-Encoding", "Content-Range", "Content-Type", "Date",
		"ETag", "Keep-Alive", "Location", "Transfer-Encoding",
		"Trailer", "Upgrade", "WWW-Authenticate" };
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == length &&
			!strncasecmp(ours[i], name, length))
			return true;
	return length > 13 && !strncasecmp(name, "Sec-WebSocket", 13);
}

/* "Name=value" as KasmVNC has it, or "Name: value". */
static bool mend_header(char **header)
{
	size_t length = strcspn(*header, "=:");
	const char *value = *header + length + 1;
	char *mended;

	if (!(*header)[length] || !is_name(*header, length) ||
		!is_printable(value)) {
		log_error("-http-header: '%s' is not of the form NAME=VALUE",
			is_printable(*header) ? *header : "?");
		return false;
	}
	if (is_ours(*header, length)) {
		log_error("-http-header: %.*s is not for others to set",
			(int)length, *header);
		return false;
	}
	mended = xasprintf(
		"%.*s: %s", (int)length, *header, value + strspn(value, " "));
	free(*header);
	*header = mended;
	return true;
}

bool option_check_web(struct options *options)
{
	char **header = options->http_headers;

	for (; header && *header; header++)
		if (!mend_header(header))
			return false;
	return check_web_auth(options) && deal_out_plugin(options);
}
