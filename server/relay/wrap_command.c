#include "server/relay/wrap_command.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/xmalloc.h"

/* All of them know -rfbport; how they are kept to this machine differs. */
static const struct kind {
	const char *program;
	const char *keep_local; /* words */
} kinds[] = {
	{ "Xtigervnc", "-localhost" },
	{ "Xvnc", "-localhost" },
	{ "Xtightvnc", "-localhost" },
	{ "tigervncserver", "-localhost yes" },
	{ "vncserver", "-localhost" },
	{ "tightvncserver", "-localhost" },
	{ "x0vncserver", "-localhost" },
	{ "x0tigervncserver", "-localhost" },
	{ "x11vnc", "-localhost" },
	{ "x11wsvnc", "-localhost" },
};

static const struct kind *find_kind(const char *program)
{
	const char *slash = strrchr(program, '/');
	size_t i;

	program = slash != NULL ? slash + 1 : program;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].program, program) == 0)
			return &kinds[i];
	return NULL;
}

/* In single quotes nothing means anything to a shell but their end. */
static void add_quoted(struct buffer *to, const char *text, size_t length)
{
	size_t i;

	buffer_text(to, " '");
	for (i = 0; i < length; i++)
		if (text[i] == '\'')
			buffer_text(to, "'\\''");
		else
			buffer_u8(to, (uint8_t)text[i]);
	buffer_text(to, "'");
}

static void add_word(struct buffer *to, const char *word, int port)
{
	static const char mark[] = "{port}";
	struct buffer whole = { 0 };
	const char *at;

	for (; (at = strstr(word, mark)) != NULL; word = at + strlen(mark)) {
		buffer_append(&whole, word, (size_t)(at - word));
		buffer_printf(&whole, "%d", port);
	}
	buffer_text(&whole, word);
	add_quoted(
		to, (const char *)buffer_bytes(&whole), buffer_length(&whole));
	buffer_finish(&whole);
}

static bool has_mark(const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(*words, "{port}") != NULL)
			return true;
	return false;
}

/* The word's option is `name`: -name, --name, with '=' or without. */
static bool is_option(const char *word, const char *name, bool *has_value)
{
	size_t length = strlen(name);

	if (word[0] != '-')
		return false;
	word += 1 + (word[1] == '-');
	*has_value =
		word[0] != '\0' && strlen(word) > length && word[length] == '=';
	return strncasecmp(word, name, length) == 0 &&
	       (word[length] == '\0' || *has_value);
}

static bool is_truth(const char *word)
{
	return word != NULL &&
	       (strcasecmp(word, "yes") == 0 || strcasecmp(word, "no") == 0 ||
		       strcmp(word, "0") == 0 || strcmp(word, "1") == 0);
}

/* How many words are what ours replace; 0: it is another. */
static int count_replaced(const char *const *words)
{
	bool has_value;

	if (is_option(words[0], "rfbport", &has_value))
		return has_value || words[1] == NULL ? 1 : 2;
	if (is_option(words[0], "localhost", &has_value))
		return has_value || !is_truth(words[1]) ? 1 : 2;
	return 0;
}

/* Ours come first: behind "--" may be another program's. But tightvncserver
 * knows a display only where it is the very first. */
static void add_known(struct buffer *to, const char *const *words,
	const struct kind *kind, int port)
{
	bool replaces = true;

	add_word(to, *words++, port);
	if (*words != NULL && (*words)[0] == ':')
		add_word(to, *words++, port);
	buffer_printf(to, " -rfbport %d %s", port, kind->keep_local);
	for (; *words != NULL; words++) {
		int count = replaces ? count_replaced(words) : 0;

		replaces = replaces && strcmp(*words, "--") != 0;
		if (count == 0)
			add_word(to, *words, port);
		else
			words += count - 1;
	}
}

static char *list_kinds(void)
{
	struct buffer list = { 0 };
	char *text;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		buffer_printf(
			&list, "%s%s", i > 0 ? ", " : "", kinds[i].program);
	text = xstrndup(
		(const char *)buffer_bytes(&list), buffer_length(&list));
	buffer_finish(&list);
	return text;
}

char *wrap_command_write(const char *const *words, int port, char **error)
{
	const struct kind *kind = find_kind(words[0]);
	struct buffer text = { 0 };
	char *made, *known;

	if (kind == NULL && !has_mark(words)) {
		known = list_kinds();
		*error = xasprintf(
			"-- %s: how to tell it another port is not known; "
			"write {port} where its port belongs, or start it "
			"yourself and say PORT HOST:PORT; a desktop's "
			"session needs -create (known are %s)",
			words[0], known);
		free(known);
		return NULL;
	}
	buffer_text(&text, "exec");
	if (has_mark(words))
		for (; *words != NULL; words++)
			add_word(&text, *words, port);
	else
		add_known(&text, words, kind, port);
	made = xstrndup(
		(const char *)buffer_bytes(&text), buffer_length(&text));
	buffer_finish(&text);
	return made;
}
