#include "server/access/web_users.h"

#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/input_file.h"
#include "base/log.h"
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
	explicit_bzero(&context, sizeof(context));
}

/* "$6$salt$...": a file for -usersfile. As a password it would open the door to
 * whoever has read that file. */
static bool is_hash(const char *password)
{
	const char *method_end =
		password[0] == '$' ? strchr(password + 1, '$') : NULL;

	return method_end != NULL && strchr(method_end + 1, '$') != NULL;
}

/* Neither part may be empty: an empty password opens nothing. */
static bool add(struct web_users *users, const char *line)
{
	const char *colon = strchr(line, ':');

	if (colon == NULL || colon == line || colon[1] == '\0' ||
		is_hash(colon + 1) || users->count == MOST_USERS)
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
		/* The rest of one that is too long is not another. */
		good = strchr(line, '\n') != NULL || feof(file);
		line[strcspn(line, "\r\n")] = '\0';
		if (good && line[0] != '\0' && line[0] != '#')
			good = add(users, line);
	}
	explicit_bzero(line, sizeof(line));
	if (!good)
		*error = xasprintf(
			"%s, line %d, is not of the form user:password, with "
			"the password as it is typed (-usersfile takes "
			"hashes), or too long",
			path, number);
	else if (users->count == 0)
		*error = xasprintf("%s has no user in it", path);
	return *error == NULL;
}

bool web_users_is_file(const char *source)
{
	return access(source, F_OK) == 0 || strchr(source, ':') == NULL;
}

static bool load_words(struct web_users *users, const char *words, char **error)
{
	if (add(users, words))
		return true;
	*error = xstrdup("a user or a password is empty");
	return false;
}

static bool load_file(struct web_users *users, const char *path,
	enum input_file_when when, char **error)
{
	struct input_file_why why;
	FILE *file;
	bool good;

	users->file = xstrdup(path);
	/* First: what is written meanwhile is read next time. */
	users->read_as = file_stamp_of(path);
	file = input_file_stream(path, when, &why);
	if (file == NULL) {
		if (why.passing)
			users->read_as = file_stamp_none;
		*error = xasprintf(
			"cannot read %s: %s (and it is not of the form "
			"user:password)%s",
			path, why.text,
			input_file_making(
				"; the file is a text of your own, of lines of "
				"that form"));
		return false;
	}
	good = read_lines(users, file, path, error);
	fclose(file);
	return good;
}

static void begin(struct web_users *users, char **error)
{
	memset(users, 0, sizeof(*users));
	*error = NULL;
	random_bytes(users->salt, sizeof(users->salt));
}

bool web_users_load(struct web_users *users, const char *source, char **error)
{
	begin(users, error);
	if (web_users_is_file(source)
			? load_file(users, source, INPUT_FILE_AT_START, error)
			: load_words(users, source, error))
		return true;
	web_users_finish(users);
	return false;
}

bool web_users_reload(struct web_users *users, char **error)
{
	struct web_users fresh;

	begin(&fresh, error);
	if (!load_file(&fresh, users->file, INPUT_FILE_ANY_TIME, error)) {
		users->read_as = fresh.read_as;
		web_users_finish(&fresh);
		return false;
	}
	web_users_finish(users);
	*users = fresh;
	return true;
}

void web_users_refresh(struct web_users *users)
{
	struct file_stamp now;
	char *error;

	if (users->file == NULL)
		return;
	now = file_stamp_of(users->file);
	if (file_stamp_equal(&now, &users->read_as))
		return;
	if (web_users_reload(users, &error)) {
		log_info("%s: read again", users->file);
		return;
	}
	log_warning("%s; the users read before stay", error);
	free(error);
}

void web_users_finish(struct web_users *users)
{
	free(users->file);
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
