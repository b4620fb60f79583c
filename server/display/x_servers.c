#include "server/display/x_servers.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmalloc.h"

enum { MOST_COMMAND_BYTES = 8192, MOST_NUMBER = 65535 };

static const char *const programs[] = { "X", "Xorg", "Xorg.bin", "Xvfb", "Xvnc",
	"Xtigervnc", "Xtightvnc", "Xephyr", "Xnest", "Xwayland", "Xdmx" };

/* The words of a command line. */
struct command {
	char bytes[MOST_COMMAND_BYTES];
	size_t length;
};

static bool read_text(const char *path, char *bytes, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, bytes, *length - 1);
	close(fd);
	if (got <= 0)
		return false;
	bytes[got] = '\0';
	*length = (size_t)got;
	return true;
}

static const char *first_word(const struct command *command)
{
	return command->bytes;
}

static const char *next_word(const struct command *command, const char *word)
{
	word += strlen(word) + 1;
	return word < command->bytes + command->length ? word : NULL;
}

/* Digits up to the end or a point. -1: it is none. */
static int read_number(const char *text)
{
	char *end;
	long number;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	number = strtol(text, &end, 10);
	return (*end == '\0' || *end == '.') && number <= MOST_NUMBER
		       ? (int)number
		       : -1;
}

static bool is_x_server(const char *program, bool *is_xwayland)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash != NULL ? slash + 1 : program;
	size_t i;

	*is_xwayland = strcmp(name, "Xwayland") == 0;
	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strcmp(name, programs[i]) == 0)
			return true;
	return false;
}

static void read_words(struct x_server *server, const struct command *command)
{
	const char *word = next_word(command, first_word(command)), *next;

	for (; word != NULL; word = next) {
		next = next_word(command, word);
		if (word[0] == ':' && server->number < 0)
			server->number = read_number(word + 1);
		else if (strncmp(word, "vt", 2) == 0 && server->vt == 0)
			server->vt = read_number(word + 2) > 0
					     ? read_number(word + 2)
					     : 0;
		else if (strcmp(word, "-auth") == 0 && next != NULL &&
			 server->authority == NULL)
			server->authority = xstrdup(next);
	}
}

/* Display managers let the X server choose (-displayfd): then its number is
 * that of the lock file with its process. */
static int find_lock(const char *root, long pid)
{
	char *folder = xasprintf("%s/tmp", root);
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int number = -1;

	while (number < 0 && directory != NULL &&
		(entry = readdir(directory)) != NULL) {
		char text[32];
		size_t length = sizeof(text);
		int candidate;
		char *path;

		if (sscanf(entry->d_name, ".X%5d-lock", &candidate) != 1)
			continue;
		path = xasprintf("%s/%s", folder, entry->d_name);
		if (read_text(path, text, &length) &&
			strtol(text, NULL, 10) == pid)
			number = candidate;
		free(path);
	}
	if (directory != NULL)
		closedir(directory);
	free(folder);
	return number;
}

static bool read_server(struct x_server *server, const char *root, long pid)
{
	struct command command = { .length = sizeof(command.bytes) };
	char *path = xasprintf("%s/proc/%ld/cmdline", root, pid);
	struct stat about;
	bool found;

	*server = (struct x_server){ .number = -1 };
	found = read_text(path, command.bytes, &command.length) &&
		is_x_server(first_word(&command), &server->is_xwayland) &&
		stat(path, &about) == 0;
	free(path);
	if (!found)
		return false;
	server->owner = about.st_uid;
	read_words(server, &command);
	if (server->number < 0)
		server->number = find_lock(root, pid);
	if (server->number >= 0)
		return true;
	free(server->authority);
	return false;
}

static int compare(const void *a, const void *b)
{
	const struct x_server *one = a, *other = b;

	if (one->is_xwayland != other->is_xwayland)
		return one->is_xwayland ? 1 : -1;
	if ((one->vt != 0) != (other->vt != 0))
		return one->vt != 0 ? -1 : 1;
	return one->number - other->number;
}

void x_servers_list(struct x_servers *servers, const char *root)
{
	char *folder = xasprintf("%s/proc", root);
	DIR *directory = opendir(folder);
	struct dirent *entry;

	servers->count = 0;
	while (directory != NULL && servers->count < X_SERVERS_MOST &&
		(entry = readdir(directory)) != NULL) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 &&
			read_server(&servers->list[servers->count], root, pid))
			servers->count++;
	}
	if (directory != NULL)
		closedir(directory);
	free(folder);
	qsort(servers->list, (size_t)servers->count, sizeof(servers->list[0]),
		compare);
}

void x_servers_finish(struct x_servers *servers)
{
	int i;

	for (i = 0; i < servers->count; i++)
		free(servers->list[i].authority);
	servers->count = 0;
}

const struct x_server *x_servers_find(
	const struct x_servers *servers, int number)
{
	int i;

	for (i = 0; i < servers->count; i++)
		if (servers->list[i].number == number)
			return &servers->list[i];
	return NULL;
}
