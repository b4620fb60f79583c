#include "server/access/web_users.h"

#include <errno.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "base/xmalloc.h"

enum { MOST_LINE = 1024, MOST_USERS = 1000 };

static void hash(const struct web_users *users, const void *credentials,
	size_t length, uint8_t digest[WEB_USERS_HASH])
{
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, sizeof(users->salt), users->salt);
	sha256_update(&context, length, credentials);
	sha256_digest(&context, WEB_USERS_HASH, digest);
}

/* Neither part may be empty: an empty password opens nothing. */
static bool add(struct web_users *users, const char *line)
{
	const char *colon = strchr(line, ':');

	if (colon == NULL || colon == line || colon[1] == '\0' ||
		users->count == MOST_USERS)
		return false;
	users->hashes = realloc(
		users->hashes, (users->count + 1) * sizeof(*users->hashes));
	if (users->hashes == NULL)
		abort();
	hash(users, line, strlen(line), users->hashes[users->count++]);
	return true;
}

static bool read_lines(
	struct web_users *users, FILE *file, const char *path, char **error)
{
	char line[MOST_LINE];
	int number = 0;
	bool good = true;

	while (good && fgets(line, sizeof(line), file) != NULL) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			good = add(users, line);
	}
	memset(line, 0, sizeof(line));
	if (!good)
		*error = xasprintf(
			"%s, line %d, is not of the form "
			"user:password",
			path, number);
	else if (users->count == 0)
		*error = xasprintf("%s has no user in it", path);
	return *error == NULL;
}

bool web_users_load(struct web_users *users, const char *source, char **error)
{
	bool is_file = access(source, F_OK) == 0 || strchr(source, ':') == NULL;
	FILE *file;
	bool good;

	memset(users, 0, sizeof(*users));
	*error = NULL;
	random_bytes(users->salt, sizeof(users->salt));
	if (!is_file) {
		good = add(users, source);
		if (!good)
			*error =
				xstrdup("-auth-source: a user or a password "
					"is empty");
		return good;
	}
	file = fopen(source, "re");
	if (file == NULL) {
		*error = xasprintf(
			"-auth-source: cannot read %s: %s (and it is not of "
			"the form user:password)",
			source, strerror(errno));
		return false;
	}
	good = read_lines(users, file, source, error);
	fclose(file);
	return good;
}

void web_users_finish(struct web_users *users)
{
	free(users->hashes);
	memset(users, 0, sizeof(*users));
}

bool web_users_have(
	const struct web_users *users, const void *credentials, size_t length)
{
	uint8_t digest[WEB_USERS_HASH];
	int found = 0;
	size_t i;

	hash(users, credentials, length, digest);
	for (i = 0; i < users->count; i++)
		found |= memeql_sec(digest, users->hashes[i], sizeof(digest));
	return found != 0;
}
