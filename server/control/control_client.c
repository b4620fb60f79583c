#include "server/control/control_client.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/xmalloc.h"
#include "server/control/control_path.h"
#include "server/control/control_word.h"
#include "server/options/options.h"

enum { PATIENCE_MS = 10000, READ_BYTES = 4096, FOREVER = -1 };

struct client {
	char *path;
	int fd;
	struct buffer input;
	bool json;
};

bool control_client_is_asked(const struct options *options)
{
	return options->remote != NULL || options->query != NULL;
}

static bool fail_to_connect(const char *path)
{
	log_error("no x11wsvnc answers at %s: %s", path, strerror(errno));
	return false;
}

static bool open_client(struct client *client, const struct options *options)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	char *error = NULL;

	client->path = options->control != NULL
			       ? xstrdup(options->control)
			       : control_path_find(options->display, &error);
	if (client->path == NULL) {
		log_error("%s", error);
		free(error);
		return false;
	}
	errno = ENAMETOOLONG;
	if (strlen(client->path) >= sizeof(name.sun_path))
		return fail_to_connect(client->path);
	strcpy(name.sun_path, client->path);
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0 ||
		connect(client->fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		return fail_to_connect(client->path);
	return true;
}

static bool read_some(struct client *client, int patience_ms)
{
	struct pollfd wait = { .fd = client->fd, .events = POLLIN };
	uint8_t *room = buffer_reserve(&client->input, READ_BYTES);
	ssize_t got = 0;

	if (room == NULL)
		return false;
	if (poll(&wait, 1, patience_ms) > 0)
		got = recv(client->fd, room, READ_BYTES, 0);
	if (got <= 0)
		return false;
	buffer_commit(&client->input, (size_t)got);
	return true;
}

/* Gives one line's object; NULL: none came. */
static json_t *read_object(struct client *client, int patience_ms)
{
	const uint8_t *end = NULL;
	size_t length;
	json_t *object;

	do {
		if (buffer_length(&client->input) > 0)
			end = memchr(buffer_bytes(&client->input), '\n',
				buffer_length(&client->input));
	} while (end == NULL && read_some(client, patience_ms));
	if (end == NULL)
		return NULL;
	length = (size_t)(end - buffer_bytes(&client->input));
	object = json_loadb(
		(const char *)buffer_bytes(&client->input), length, 0, NULL);
	buffer_consume(&client->input, length + 1);
	return object;
}

static bool say(struct client *client, json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	size_t length = strlen(text);
	bool whole;

	text[length] = '\n'; /* in the place of the NUL */
	whole = send(client->fd, text, length + 1, MSG_NOSIGNAL) ==
		(ssize_t)length + 1;
	free(text);
	json_decref(request);
	return whole;
}

/* Takes the request; gives the whole answer. NULL: it was said why. */
static json_t *ask(struct client *client, json_t *request)
{
	json_t *answer = NULL;

	if (say(client, request))
		answer = read_object(client, PATIENCE_MS);
	if (answer == NULL) {
		log_error("x11wsvnc at %s does not answer", client->path);
		return NULL;
	}
	if (client->json)
		json_dumpf(answer, stdout, JSON_COMPACT);
	if (client->json)
		puts("");
	if (json_is_true(json_object_get(answer, "ok")))
		return answer;
	if (!client->json)
		log_error("%s",
			json_string_value(json_object_get(answer, "error")));
	json_decref(answer);
	return NULL;
}

static void print_result(const struct client *client, const json_t *answer)
{
	const json_t *result = json_object_get(answer, "result");

	if (client->json)
		return;
	json_dumpf(result, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	puts("");
}

/* Until the server ends, or we are. */
static void print_events(struct client *client)
{
	json_t *event;

	fflush(stdout);
	while ((event = read_object(client, FOREVER)) != NULL) {
		json_dumpf(event, stdout, JSON_COMPACT);
		puts("");
		fflush(stdout);
		json_decref(event);
	}
}

static bool do_remote(struct client *client, const char *text)
{
	json_t *request = control_word_request(text), *answer;

	if (request == NULL) {
		log_error("-R: '%s' is not UTF-8", text);
		return false;
	}
	answer = ask(client, request);
	if (answer == NULL)
		return false;
	if (strcmp(text, "events") == 0)
		print_events(client);
	else if (control_word_tells(text))
		print_result(client, answer);
	json_decref(answer);
	return true;
}

/* x11vnc's form: what can be changed, and what can only be read. */
static void print_value(const json_t *answer)
{
	const json_t *result = json_object_get(answer, "result");
	const json_t *value = json_object_get(result, "value");
	const char *name = json_string_value(json_object_get(result, "name"));
	bool changes = json_is_true(json_object_get(result, "changes"));

	printf("%s=%s:", changes ? "ans" : "aro", name);
	if (json_is_string(value))
		printf("%s\n", json_string_value(value));
	else
		printf("%lld\n", (long long)json_integer_value(value));
}

/* "fps", or "lab1/fps" of one of several desktops. */
static json_t *get_request(const char *text, size_t length)
{
	size_t desktop;
	const char *name = control_word_desktop(text, &desktop);
	json_t *request = json_pack("{s:s, s:s%}", "do", "get", "name", name,
		length - (size_t)(name - text));

	if (request != NULL && desktop > 0)
		json_object_set_new(
			request, "desktop", json_stringn(text, desktop));
	return request;
}

static bool do_query(struct client *client, const char *list)
{
	size_t length;
	json_t *answer;

	for (; *list != '\0'; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		if (length == 0)
			continue;
		answer = ask(client, get_request(list, length));
		if (answer == NULL)
			return false;
		if (!client->json)
			print_value(answer);
		json_decref(answer);
	}
	return true;
}

int control_client_run(const struct options *options)
{
	struct client client = { .fd = -1, .json = options->json };
	bool good = open_client(&client, options);

	if (good && options->remote != NULL)
		good = do_remote(&client, options->remote);
	if (good && options->query != NULL)
		good = do_query(&client, options->query);
	if (client.fd >= 0)
		close(client.fd);
	buffer_finish(&client.input);
	free(client.path);
	return good ? EXIT_OK : EXIT_FAULT;
}
