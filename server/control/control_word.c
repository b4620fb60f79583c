#include "server/control/control_word.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmalloc.h"

static const struct word {
	const char *word, *request;
	const char *value; /* the name of what follows the colon; may be NULL */
	const char *fixed; /* JSON, what else it says; may be NULL */
	bool tells;        /* its answer is what it was asked for */
} words[] = {
	{ "stop", "stop", NULL, NULL, false },
	{ "quit", "stop", NULL, NULL, false },
	{ "exit", "stop", NULL, NULL, false },
	{ "shutdown", "stop", NULL, NULL, false },
	{ "ping", "ping", NULL, NULL, false },
	{ "help", "help", NULL, NULL, true },
	{ "status", "status", NULL, NULL, true },
	{ "viewers", "viewers", NULL, NULL, true },
	{ "disconnect", "disconnect", "who", NULL, false },
	{ "close", "disconnect", "who", NULL, false },
	{ "disconnect_all", "disconnect", NULL, "{\"who\": \"all\"}", false },
	{ "viewonly", "view_only", "who", "{\"on\": true}", false },
	{ "noviewonly", "view_only", "who", "{\"on\": false}", false },
	{ "accept", "accept", "who", "{\"answer\": \"yes\"}", false },
	{ "accept_view", "accept", "who", "{\"answer\": \"view\"}", false },
	{ "refuse", "accept", "who", "{\"answer\": \"no\"}", false },
	{ "connect", "connect", "to", NULL, false },
	{ "block", "block", "address", NULL, false },
	{ "unblock", "unblock", "address", NULL, false },
	{ "blocked", "blocked", NULL, NULL, true },
	{ "reload", "reload", NULL, NULL, false },
	{ "reopen_log", "reopen_log", NULL, NULL, false },
	{ "events", "subscribe", NULL, NULL, true },
};

static const struct word *find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, name) == 0)
			return &words[i];
	return NULL;
}

static json_t *make(
	const struct word *word, const char *name, const char *value)
{
	static const struct word set = { NULL, "set", "value", NULL, false };
	json_t *request;

	if (word == NULL) {
		request = json_pack("{s:s}", "name", name);
		word = &set;
	} else {
		request = word->fixed != NULL ? json_loads(word->fixed, 0, NULL)
					      : json_object();
	}
	if (request == NULL)
		return NULL;
	json_object_set_new(request, "do", json_string(word->request));
	if (value != NULL && word->value != NULL)
		json_object_set_new(request, word->value, json_string(value));
	return request;
}

const char *control_word_desktop(const char *text, size_t *length)
{
	*length = strcspn(text, "/:=,");
	if (text[*length] == '/')
		return text + *length + 1;
	*length = 0;
	return text;
}

bool control_word_tells(const char *text)
{
	const struct word *word;
	size_t length;

	word = find(control_word_desktop(text, &length));
	return word != NULL && word->tells;
}

json_t *control_word_request(const char *whole)
{
	size_t desktop;
	const char *text = control_word_desktop(whole, &desktop);
	size_t length = strcspn(text, ":");
	const char *colon = text[length] != '\0' ? text + length : NULL;
	char *name = xstrndup(text, length);
	json_t *request =
		make(find(name), name, colon != NULL ? colon + 1 : NULL);

	free(name);
	if (request != NULL && desktop > 0)
		json_object_set_new(
			request, "desktop", json_stringn(whole, desktop));
	return request;
}
