/* Runs a fuzz target over every file of its corpus, so that the ordinary
 * checks repeat what the fuzzer once found.
 *
 *	TARGET [DIRECTORY | FILE]...
 *
 * Without an argument: CORPUS below $srcdir. Prints TAP; an empty or missing
 * corpus fails. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/xmalloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void stop(const char *what)
{
	printf("Bail out! %s\n", what);
	perror(what);
	exit(1);
}

static void run_file(const char *path)
{
	struct buffer bytes = { 0 };
	FILE *file = fopen(path, "rb");
	uint8_t *room, *copy;
	size_t count;

	if (file == NULL)
		stop(path);
	do {
		room = buffer_reserve(&bytes, 4096);
		if (room == NULL)
			stop(path);
		count = fread(room, 1, 4096, file);
		buffer_commit(&bytes, count);
	} while (count > 0);
	if (ferror(file))
		stop(path);
	fclose(file);
	/* To its own size, so that ASan sees a read behind the end. */
	count = buffer_length(&bytes);
	copy = realloc(bytes.start, count ? count : 1);
	if (copy == NULL)
		stop(path);
	printf("# %s\n", path);
	fflush(stdout); /* names the culprit should the target abort */
	LLVMFuzzerTestOneInput(copy, count);
	free(copy);
}

static unsigned run_path(const char *path)
{
	struct stat status;
	const struct dirent *entry;
	unsigned runs = 0;
	DIR *directory;

	if (stat(path, &status) != 0)
		stop(path);
	if (!S_ISDIR(status.st_mode)) {
		run_file(path);
		return 1;
	}
	directory = opendir(path);
	if (directory == NULL)
		stop(path);
	while ((entry = readdir(directory)) != NULL) {
		char *inside;

		if (entry->d_name[0] == '.')
			continue;
		inside = xasprintf("%s/%s", path, entry->d_name);
		run_file(inside);
		free(inside);
		runs++;
	}
	closedir(directory);
	return runs;
}

static unsigned run_own_corpus(void)
{
	const char *source = getenv("srcdir");
	char *path = xasprintf("%s/%s", source ? source : ".", CORPUS);
	unsigned runs = run_path(path);

	free(path);
	return runs;
}

int main(int argc, char **argv)
{
	unsigned runs = 0;
	int i;

	puts("1..1");
	for (i = 1; i < argc; i++)
		runs += run_path(argv[i]);
	if (argc < 2)
		runs = run_own_corpus();
	printf("%s 1 - %u inputs of %s\n", runs ? "ok" : "not ok", runs,
		CORPUS);
	return runs ? 0 : 1;
}
