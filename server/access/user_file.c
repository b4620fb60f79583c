#include "server/access/user_file.h"

#include <crypt.h>
#include <errno.h>
#include <nettle/memops.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input_file.h"
#include "base/log.h"
#include "base/xmalloc.h"

enum { MOST_LINE_BYTES = 1024, MOST_USERS = 10000 };

struct place {
	const char *path;
	int line;
};

static bool refuse(const struct place *place, const char *reason)
{
	log_error(
		"-usersfile %s, line %d: %s", place->path, place->line, reason);
	return false;
}

static bool read_word(
	const struct place *place, const char *word, struct user *user)
{
	static const char monitor[] = "monitor=";
	const size_t length = sizeof(monitor) - 1;

	if (strcmp(word, "control") == 0) {
		user->rights.control = true;
	} else if (strcmp(word, "clipboard") == 0) {
		user->rights.clipboard = true;
	} else if (strncmp(word, monitor, length) == 0 &&
		   word[length] != '\0' && user->monitor == NULL) {
		user->monitor = xstrdup(word + length);
	} else if (strcmp(word, "view") != 0) {
		return refuse(place,
			"the rights are view, control, clipboard and "
			"monitor=NAME, parted by commas");
	}
	return true;
}

static bool read_rights(
	const struct place *place, char *words, struct user *user)
{
	char *word, *rest = NULL;
	bool any = false;

	user->rights = session_watch_only;
	for (word = strtok_r(words, ", ", &rest); word != NULL;
		word = strtok_r(NULL, ", ", &rest)) {
		any = true;
		if (!read_word(place, word, user))
			return false;
	}
	return any || refuse(place,
			      "there are no rights behind the last ':'; "
			      "say at least view");
}

static bool is_locked(const char *hash)
{
	return hash[0] == '*' || hash[0] == '!';
}

static bool check_hash(const struct place *place, const char *hash)
{
	if (hash[0] == '\0')
		return refuse(place,
			"there is no hash, and an empty password is never "
			"accepted; mkpasswd makes one");
	if (is_locked(hash))
		return true;
	/* Any two letters would be a salt of the oldest kind, so a password
	 * written where its hash belongs would pass for one. */
	if (hash[0] != '$' || crypt_checksalt(hash) == CRYPT_SALT_INVALID)
		return refuse(
			place, "this is no password hash; mkpasswd makes one");
	if (crypt_checksalt(hash) == CRYPT_SALT_METHOD_LEGACY)
		log_warning(
			"-usersfile %s, line %d: this kind of hash is weak; "
			"mkpasswd -m yescrypt makes a better one",
			place->path, place->line);
	return true;
}

/* Takes the user's texts. */
static void add(struct user_file *file, const struct user *user)
{
	struct user *longer =
		realloc(file->users, (file->count + 1) * sizeof(*longer));

	if (longer == NULL)
		abort();
	file->users = longer;
	longer[file->count++] = *user;
}

static void forget(struct user *user)
{
	explicit_bzero(user->hash, strlen(user->hash));
	free(user->hash);
	free(user->name);
	free(user->monitor);
}

/* Overwrites the line. */
static bool read_line(
	struct user_file *file, const struct place *place, char *line)
{
	struct user user = { .rights = session_all_rights };
	char *name = strsep(&line, ":");
	char *hash = strsep(&line, ":");

	if (hash == NULL || name[0] == '\0')
		return refuse(
			place, "this is not of the form name:hash:rights");
	if (user_file_find(file, name) != NULL)
		return refuse(place, "this user was there already");
	if (file->count == MOST_USERS)
		return refuse(place, "there are too many users");
	if (!check_hash(place, hash))
		return false;
	user.name = xstrdup(name);
	user.hash = xstrdup(hash);
	if (line != NULL && !read_rights(place, line, &user)) {
		forget(&user);
		return false;
	}
	add(file, &user);
	return true;
}

static bool read_lines(
	struct user_file *file, struct place *place, FILE *stream)
{
	char line[MOST_LINE_BYTES];
	bool good = true;

	while (good && fgets(line, sizeof(line), stream) != NULL) {
		place->line++;
		if (strchr(line, '\n') == NULL && !feof(stream)) {
			good = refuse(place, "the line is too long");
			break;
		}
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			good = read_line(file, place, line);
	}
	explicit_bzero(line, sizeof(line));
	return good;
}

static void warn_of_readers(const char *path, FILE *stream)
{
	struct stat about;

	if (fstat(fileno(stream), &about) == 0 && S_ISREG(about.st_mode) &&
		(about.st_mode & (S_IRGRP | S_IROTH)) != 0)
		log_warning(
			"-usersfile %s: other users can read this file", path);
}

bool user_file_read(
	struct user_file *file, const char *path, enum input_file_when when)
{
	struct place place = { path, 0 };
	struct input_file_why why;
	FILE *stream = input_file_stream(path, when, &why);
	bool good;

	*file = (struct user_file){ 0 };
	if (stream == NULL) {
		file->passing = why.passing;
		log_error("-usersfile %s: %s%s", path, why.text,
			input_file_making(
				"; it is a text of your own, a line NAME:HASH "
				"for each user; mkpasswd prints the hash"));
		return false;
	}
	warn_of_readers(path, stream);
	good = read_lines(file, &place, stream);
	if (good && ferror(stream) != 0)
		good = refuse(&place, strerror(errno));
	if (good && file->count == 0)
		good = refuse(&place, "there is no user in it");
	fclose(stream);
	if (!good)
		user_file_finish(file);
	return good;
}

void user_file_finish(struct user_file *file)
{
	size_t i;

	for (i = 0; i < file->count; i++)
		forget(&file->users[i]);
	free(file->users);
	*file = (struct user_file){ 0 };
}

const struct user *user_file_find(
	const struct user_file *file, const char *name)
{
	size_t i;

	for (i = 0; i < file->count; i++)
		if (strcmp(file->users[i].name, name) == 0)
			return &file->users[i];
	return NULL;
}

const char *user_file_hash(
	const struct user_file *file, const struct user *user)
{
	size_t i;

	if (user != NULL && !is_locked(user->hash))
		return user->hash;
	for (i = 0; i < file->count; i++)
		if (!is_locked(file->users[i].hash))
			return file->users[i].hash;
	return file->users[0].hash;
}

bool user_file_matches(const char *hash, const char *password)
{
	struct crypt_data *data = xcalloc(1, sizeof(*data));
	const char *made = crypt_r(password, hash, data);
	bool same = made != NULL && !is_locked(hash) && !is_locked(made) &&
		    strlen(made) == strlen(hash) &&
		    memeql_sec(made, hash, strlen(hash));

	explicit_bzero(data, sizeof(*data));
	free(data);
	return same;
}
