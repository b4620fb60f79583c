/* A file of "token: target" lines, or a folder of such files: read anew for
 * each question, so that a change counts at once, or once at the start. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/input_file.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/relay/relay_target.h"
#include "server/relay/token_source.h"
#include "server/relay/token_text.h"

enum { MOST_FILES = 1000 };

/* What was read at the start. */
struct kept {
	char *text;
	size_t length;
};

/* Given each file's text in turn; true: that was it. */
typedef bool each_text(void *context, const char *text, size_t length);

static enum token_answer visit_file(
	const char *path, each_text *each, void *context)
{
	struct input_file_why why;
	size_t length;
	char *text = input_file_read(path, INPUT_FILE_ANY_TIME,
		TOKEN_SOURCE_MOST_FILE, &length, &why);
	bool found;

	if (text == NULL) {
		log_warning("tokens: cannot read %s: %s", path, why.text);
		return TOKEN_BROKEN;
	}
	found = each(context, text, length);
	free(text);
	return found ? TOKEN_FOUND : TOKEN_UNKNOWN;
}

static enum token_answer visit_folder(
	DIR *folder, const char *place, each_text *each, void *context)
{
	enum token_answer answer = TOKEN_UNKNOWN;
	const struct dirent *entry;
	int count = 0;

	while (answer != TOKEN_FOUND && (entry = readdir(folder)) != NULL) {
		char *path;

		if (entry->d_name[0] == '.')
			continue;
		if (count++ == MOST_FILES) {
			log_warning(
				"tokens: %s has more than %d files; the "
				"rest is not looked at",
				place, MOST_FILES);
			break;
		}
		path = xasprintf("%s/%s", place, entry->d_name);
		if (visit_file(path, each, context) == TOKEN_FOUND)
			answer = TOKEN_FOUND;
		free(path);
	}
	return answer;
}

static enum token_answer visit(
	const char *place, each_text *each, void *context)
{
	DIR *folder = opendir(place);
	enum token_answer answer;

	if (folder == NULL)
		return visit_file(place, each, context);
	answer = visit_folder(folder, place, each, context);
	closedir(folder);
	return answer;
}

/* ---- read for each question ---- */

struct question {
	const char *token;
	struct relay_target *target;
};

static bool ask_text(void *context, const char *text, size_t length)
{
	const struct question *question = context;

	return token_text_find(text, length, question->token, question->target);
}

static enum token_answer find_now(const char *place, void *state,
	const char *token, struct relay_target *target)
{
	struct question question = { token, target };

	(void)state;
	return visit(place, ask_text, &question);
}

static bool check(const char *place, void **state, char **error)
{
	(void)state;
	if (access(place, R_OK) == 0)
		return true;
	*error = xasprintf("-token-source: cannot read %s: %s%s", place,
		strerror(errno),
		input_file_making("; it is a text of your own, of lines TOKEN: "
				  "HOST:PORT"));
	return false;
}

const struct token_source_ops token_source_file = {
	.name = "TokenFile",
	.open = check,
	.find = find_now,
};

/* ---- read once ---- */

static bool keep_text(void *context, const char *text, size_t length)
{
	struct kept *kept = context;

	kept->text = xrealloc(kept->text, kept->length + length + 1);
	memcpy(kept->text + kept->length, text, length);
	kept->length += length;
	kept->text[kept->length++] = '\n';
	return false;
}

static void forget(void *state)
{
	struct kept *kept = state;

	if (kept != NULL)
		free(kept->text);
	free(kept);
}

static bool read_once(const char *place, void **state, char **error)
{
	*state = xcalloc(1, sizeof(struct kept));
	if (visit(place, keep_text, *state) != TOKEN_BROKEN)
		return true;
	*error = xasprintf("-token-source: cannot read %s", place);
	return false;
}

static enum token_answer find_kept(const char *place, void *state,
	const char *token, struct relay_target *target)
{
	const struct kept *kept = state;

	(void)place;
	return kept->text != NULL && token_text_find(kept->text, kept->length,
					     token, target)
		       ? TOKEN_FOUND
		       : TOKEN_UNKNOWN;
}

const struct token_source_ops token_source_read_only = {
	.name = "ReadOnlyTokenFile",
	.open = read_once,
	.find = find_kept,
	.close = forget,
};
