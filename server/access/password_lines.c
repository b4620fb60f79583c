#include "server/access/password_lines.h"

#include <string.h>

struct lines {
	const char *at, *end;
	bool view_only; /* __BEGIN_VIEWONLY__ was seen */
};

/* The length of the password in a line; 0 if there is none in it. */
static size_t line_password(const char *line, size_t length)
{
	const char *comment;

	if (length && line[length - 1] == '\r')
		length--;
	if (!length || line[0] == '#' ||
		memmem(line, length, "__SKIP__", strlen("__SKIP__")))
		return 0;
	comment = memmem(line, length, "__COMM__", strlen("__COMM__"));
	if (!comment)
		return length;
	length = (size_t)(comment - line);
	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	return length;
}

static bool is_line(const char *line, size_t length, const char *word)
{
	return length == strlen(word) && !memcmp(line, word, length);
}

/* The next password; NULL at the end. */
static const char *next_password(struct lines *lines, size_t *length)
{
	while (lines->at < lines->end) {
		const char *line = lines->at;
		size_t left = (size_t)(lines->end - line);
		const char *newline = memchr(line, '\n', left);

		lines->at = newline ? newline + 1 : lines->end;
		*length = line_password(
			line, newline ? (size_t)(newline - line) : left);
		if (is_line(line, *length, "__BEGIN_VIEWONLY__"))
			lines->view_only = true;
		else if (*length)
			return line;
	}
	return NULL;
}

const char *password_lines_add(
	char list[PASSWORD_FILE_MOST_BYTES], const char *text, size_t length)
{
	size_t used = strlen(list);

	if (length == 0)
		return "the password is empty";
	if (length > PASSWORD_FILE_MOST)
		return "a password is longer than 255 characters";
	if (memchr(text, '\n', length))
		return "a password with a line break in it";
	if (used + length + 2 > PASSWORD_FILE_MOST_BYTES)
		return "there are too many passwords in it";
	if (used > 0)
		list[used++] = '\n';
	memcpy(list + used, text, length);
	list[used + length] = '\0';
	return NULL;
}

static const char *following(const char *password)
{
	password += strcspn(password, "\n");
	return password + (*password == '\n');
}

bool password_lines_any_longer(const char *list)
{
	for (; *list; list = following(list))
		if (strcspn(list, "\n") > PASSWORD_FILE_OBFUSCATED)
			return true;
	return false;
}

static size_t seen_bytes(const char *password)
{
	size_t length = strcspn(password, "\n");

	return length < PASSWORD_FILE_OBFUSCATED ? length
						 : PASSWORD_FILE_OBFUSCATED;
}

bool password_lines_meet(const char *list, const char *other)
{
	const char *at;

	for (; *list; list = following(list))
		for (at = other; *at; at = following(at))
			if (seen_bytes(list) == seen_bytes(at) &&
				!memcmp(list, at, seen_bytes(at)))
				return true;
	return false;
}

static void watch_with_second(struct passwords *passwords)
{
	char *second = strchr(passwords->full, '\n');

	*second = '\0';
	strcpy(passwords->view, second + 1);
	explicit_bzero(second + 1, strlen(second + 1));
}

const char *password_lines_parse(
	struct passwords *passwords, const char *bytes, size_t count)
{
	struct lines lines = { bytes, bytes + count, false };
	const char *text, *why = NULL;
	size_t length, full_count = 0;

	if (memchr(bytes, '\0', count))
		return "not a text file";
	while (!why && (text = next_password(&lines, &length))) {
		if (is_line(text, length, "__EMPTY__"))
			return "__EMPTY__: an empty password is never "
			       "accepted; -nopw lets everybody in";
		full_count += !lines.view_only;
		why = password_lines_add(
			lines.view_only ? passwords->view : passwords->full,
			text, length);
	}
	if (!why && full_count == 0)
		return "there is no password in it";
	if (!why && full_count == 2 && !lines.view_only)
		watch_with_second(passwords);
	passwords->has_full = passwords->full[0] != '\0';
	passwords->has_view = passwords->view[0] != '\0';
	return why;
}
