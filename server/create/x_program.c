#include "server/create/x_program.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"

enum { LEAST_SIDE = 16, MOST_SIDE = 16384 };

/* In this order. "%s" is WIDTHxHEIGHT, "%d" the depth, "%p" a socket's path.
 * Xtigervnc is to serve nobody: from 1.13 on it ends where it has neither a
 * port nor a socket, so it gets one that only its own user can reach. */
struct kind {
	const char *name;
	const char *words[12];
};

static const struct kind kinds[] = {
	{ "Xtigervnc",
		{ "-geometry", "%s", "-depth", "%d", "-SecurityTypes", "None",
			"-rfbport", "-1", "-rfbunixpath", "%p" } },
	{ "Xvfb", { "-screen", "0", "%sx%d" } },
};

static const struct kind *kind_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	if (strcmp(name, "Xvnc") == 0 || strcmp(name, "Xvnc.exe") == 0)
		return &kinds[0];
	return strcmp(name, kinds[0].name) == 0 ? &kinds[0] : &kinds[1];
}

char *x_program_find(const char *name)
{
	const char *path = getenv("PATH"), *end;

	if (strchr(name, '/') != NULL)
		return access(name, X_OK) == 0 ? xstrdup(name) : NULL;
	for (; path != NULL; path = *end == ':' ? end + 1 : NULL) {
		char *whole;

		end = strchrnul(path, ':');
		whole = xasprintf("%.*s/%s", (int)(end - path), path, name);
		if (end > path && access(whole, X_OK) == 0)
			return whole;
		free(whole);
	}
	return NULL;
}

static bool read_geometry(struct x_program *program, const char *text)
{
	int used = 0;

	program->width = 1280;
	program->height = 800;
	program->depth = 24;
	if (text == NULL)
		return true;
	if (sscanf(text, "%5dx%5d%n", &program->width, &program->height,
		    &used) != 2)
		return false;
	text += used;
	if (*text == 'x' && sscanf(text, "x%2d%n", &program->depth, &used) == 1)
		text += used;
	return *text == '\0' && program->width >= LEAST_SIDE &&
	       program->height >= LEAST_SIDE && program->width <= MOST_SIDE &&
	       program->height <= MOST_SIDE &&
	       (program->depth == 16 || program->depth == 24);
}

bool x_program_choose(struct x_program *program, const char *wanted,
	const char *geometry, char **error)
{
	size_t i;

	*program = (struct x_program){ .path = NULL };
	if (!read_geometry(program, geometry)) {
		*error = xasprintf(
			"-geometry: '%s' is no WIDTHxHEIGHT such as 1280x800",
			geometry);
		return false;
	}
	if (wanted != NULL)
		program->path = x_program_find(wanted);
	else
		for (i = 0; i < 2 && program->path == NULL; i++)
			program->path = x_program_find(kinds[i].name);
	if (program->path != NULL) {
		program->name = kind_of(program->path)->name;
		return true;
	}
	*error = xasprintf(
		"-create: the X server %s is not installed; Debian's packages "
		"are xvfb and tigervnc-standalone-server",
		wanted != NULL ? wanted : "Xtigervnc or Xvfb");
	return false;
}

void x_program_finish(struct x_program *program)
{
	free(program->path);
	program->path = NULL;
}

static char *fill_in(
	const char *word, const struct x_program *program, const char *socket)
{
	if (strcmp(word, "%p") == 0)
		return xstrdup(socket);
	if (strcmp(word, "%s") == 0)
		return xasprintf("%dx%d", program->width, program->height);
	if (strcmp(word, "%d") == 0)
		return xasprintf("%d", program->depth);
	if (strcmp(word, "%sx%d") == 0)
		return xasprintf("%dx%dx%d", program->width, program->height,
			program->depth);
	return xstrdup(word);
}

void x_program_words(const struct x_program *program, int number, int number_fd,
	const char *authority, const char *socket,
	char *words[X_PROGRAM_MOST_WORDS])
{
	/* No black screen after ten minutes, and no end with the last program.
	 */
	static const char *const common[] = { "-nolisten", "tcp", "-noreset",
		"-s", "0" };
	const char *const *own = kind_of(program->path)->words;
	size_t i;
	int count = 0;

	words[count++] = xstrdup(program->path);
	if (number >= 0)
		words[count++] = xasprintf(":%d", number);
	words[count++] = xstrdup("-displayfd");
	words[count++] = xasprintf("%d", number_fd);
	words[count++] = xstrdup("-auth");
	words[count++] = xstrdup(authority);
	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		words[count++] = xstrdup(common[i]);
	for (; *own != NULL; own++)
		words[count++] = fill_in(*own, program, socket);
	assert(count < X_PROGRAM_MOST_WORDS);
	words[count] = NULL;
}
