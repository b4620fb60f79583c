/* A folder in which the names of the files are the tokens: sockets, or files
 * that say the target. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input_file.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/relay/relay_target.h"
#include "server/relay/token_source.h"
#include "server/relay/token_text.h"

/* A name in the folder itself, and not a hidden one: no token leads out. */
static bool is_name(const char *token)
{
	return token[0] != '\0' && token[0] != '.' &&
	       strchr(token, '/') == NULL;
}

static bool check(const char *place, void **state, char **error)
{
	struct stat about;

	(void)state;
	if (stat(place, &about) == 0 && S_ISDIR(about.st_mode))
		return true;
	*error = xasprintf("-token-source: %s is no folder", place);
	return false;
}

static enum token_answer find_file(const char *place, void *state,
	const char *token, struct relay_target *target)
{
	enum token_answer answer = TOKEN_UNKNOWN;
	struct input_file_why why;
	size_t length;
	char *path, *text;

	(void)state;
	if (!is_name(token))
		return TOKEN_UNKNOWN;
	path = xasprintf("%s/%s", place, token);
	text = input_file_read(path, INPUT_FILE_ANY_TIME,
		TOKEN_SOURCE_MOST_FILE, &length, &why);
	if (text != NULL && token_text_target(text, length, target))
		answer = TOKEN_FOUND;
	else if (text == NULL && errno != ENOENT && errno != ENAMETOOLONG)
		answer = TOKEN_BROKEN;
	if (answer == TOKEN_BROKEN)
		log_warning("tokens: cannot read a file in %s: %s", place,
			why.text);
	free(text);
	free(path);
	return answer;
}

static enum token_answer find_socket(const char *place, void *state,
	const char *token, struct relay_target *target)
{
	struct stat about;
	char *path;
	bool found;

	(void)state;
	if (!is_name(token))
		return TOKEN_UNKNOWN;
	path = xasprintf("%s/%s", place, token);
	found = stat(path, &about) == 0 && S_ISSOCK(about.st_mode) &&
		relay_target_set_path(target, path);
	free(path);
	return found ? TOKEN_FOUND : TOKEN_UNKNOWN;
}

const struct token_source_ops token_source_names = {
	.name = "TokenFileName",
	.open = check,
	.find = find_file,
};

const struct token_source_ops token_source_sockets = {
	.name = "UnixDomainSocketDirectory",
	.open = check,
	.find = find_socket,
};
