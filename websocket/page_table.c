#include "websocket/page_table.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/text.h"
#include "base/xmalloc.h"
#include "websocket/page_file.h"

enum {
	MOST_FILES = 4096,
	MOST_FOLDERS = 4096,
	MOST_FILE_BYTES = 16 << 20,
	MOST_BYTES = 128 << 20,
	MOST_SHOWN_BYTES = 1024, /* of a file name in the log */
};

struct page_table {
	struct page *pages; /* sorted by path once loaded */
	size_t count, capacity;
	size_t bytes; /* of the files, without their gzip forms */
	unsigned references;
};

/* A folder being read, and the ones it was reached through. */
struct folder {
	const struct folder *parent;
	const char *real; /* on the disk, without symlinks */
	const char *path; /* as a request names it; "" for the root */
	dev_t device;
	ino_t inode;
};

struct walk {
	struct page_table *table;
	const char *root; /* without symlinks; no '/' at its end */
	size_t folders;
	char **error;
};

static bool walk_folder(struct walk *walk, const struct folder *parent,
	const char *real, const char *path);

static bool fail(struct walk *walk, const char *file, const char *reason)
{
	*walk->error = xasprintf("%s: %s", file, reason);
	return false;
}

static void warn_left_out(const char *file, const char *reason)
{
	char *shown = text_printable(file, strlen(file), MOST_SHOWN_BYTES);

	log_warning("%s is not served: %s", shown, reason);
	free(shown);
}

static bool is_inside(const char *root, const char *real)
{
	size_t length = strlen(root);

	return strncmp(root, real, length) == 0 && real[length] == '/';
}

static struct page *next_page(struct page_table *table)
{
	if (table->count == table->capacity) {
		size_t capacity = table->capacity ? table->capacity * 2 : 64;
		struct page *pages = xcalloc(capacity, sizeof(*pages));

		if (table->count > 0)
			memcpy(pages, table->pages,
				table->count * sizeof(*pages));
		free(table->pages);
		table->pages = pages;
		table->capacity = capacity;
	}
	return &table->pages[table->count];
}

static bool add_file(struct walk *walk, const char *real, const char *path)
{
	struct page_table *table = walk->table;
	struct page *page = next_page(table);

	if (table->count == MOST_FILES)
		return fail(walk, walk->root, "more than 4096 files");
	switch (page_file_load(
		real, path, MOST_FILE_BYTES, page, walk->error)) {
	case PAGE_FILE_DONE:
		break;
	case PAGE_FILE_STRANGE:
		warn_left_out(real, "it is not a file");
		return true;
	case PAGE_FILE_FAILED:
		return false;
	}
	table->count++;
	table->bytes += page->length;
	if (table->bytes > MOST_BYTES)
		return fail(walk, walk->root, "more than 128 MiB of files");
	return true;
}

static bool add_real(struct walk *walk, const struct folder *folder,
	const char *real, const char *path)
{
	struct stat status;

	if (lstat(real, &status) != 0)
		return fail(walk, real, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return walk_folder(walk, folder, real, path);
	if (S_ISREG(status.st_mode))
		return add_file(walk, real, path);
	warn_left_out(real, "it is not a file");
	return true;
}

static bool add_link(struct walk *walk, const struct folder *folder,
	const char *link, const char *path)
{
	char *real = realpath(link, NULL);
	bool fine = true;

	if (real == NULL)
		warn_left_out(link, "the link leads nowhere");
	else if (!is_inside(walk->root, real))
		warn_left_out(link, "the link leads out of the directory");
	else
		fine = add_real(walk, folder, real, path);
	free(real);
	return fine;
}

static bool add_entry(
	struct walk *walk, const struct folder *folder, const char *name)
{
	char *real = xasprintf("%s/%s", folder->real, name);
	char *path = xasprintf("%s/%s", folder->path, name);
	struct stat status;
	bool fine;

	if (lstat(real, &status) != 0)
		fine = fail(walk, real, strerror(errno));
	else if (S_ISLNK(status.st_mode))
		fine = add_link(walk, folder, real, path);
	else
		fine = add_real(walk, folder, real, path);
	free(real);
	free(path);
	return fine;
}

/* A link to a folder above would be followed for ever. */
static bool is_loop(const struct folder *folder)
{
	const struct folder *above;

	for (above = folder->parent; above != NULL; above = above->parent)
		if (above->device == folder->device &&
			above->inode == folder->inode)
			return true;
	return false;
}

static bool read_folder(
	struct walk *walk, const struct folder *folder, DIR *listing)
{
	const struct dirent *entry;
	bool fine = true;

	while (fine) {
		errno = 0;
		entry = readdir(listing);
		if (entry == NULL && errno != 0)
			return fail(walk, folder->real, strerror(errno));
		if (entry == NULL)
			return true;
		if (entry->d_name[0] != '.')
			fine = add_entry(walk, folder, entry->d_name);
	}
	return false;
}

static bool walk_folder(struct walk *walk, const struct folder *parent,
	const char *real, const char *path)
{
	struct folder folder = { .parent = parent, .real = real, .path = path };
	struct stat status;
	DIR *listing;
	bool fine;

	if (stat(real, &status) != 0)
		return fail(walk, real, strerror(errno));
	folder.device = status.st_dev;
	folder.inode = status.st_ino;
	if (is_loop(&folder)) {
		warn_left_out(real, "a link leads back to it");
		return true;
	}
	if (++walk->folders > MOST_FOLDERS)
		return fail(walk, walk->root, "more than 4096 folders");
	listing = opendir(real);
	if (listing == NULL)
		return fail(walk, real, strerror(errno));
	fine = read_folder(walk, &folder, listing);
	closedir(listing);
	return fine;
}

static int compare_pages(const void *a, const void *b)
{
	const struct page *left = a, *right = b;

	return strcmp(left->path, right->path);
}

struct page_table *page_table_load(const char *directory, char **error)
{
	struct page_table *table;
	struct walk walk = { .error = error };
	char *root = realpath(directory, NULL);
	bool fine;

	if (root == NULL) {
		*error = xasprintf("%s: %s", directory, strerror(errno));
		return NULL;
	}
	if (strcmp(root, "/") == 0) {
		*error = xstrdup("/: the whole disk is not served");
		free(root);
		return NULL;
	}
	table = xcalloc(1, sizeof(*table));
	table->references = 1;
	walk.table = table;
	walk.root = root;
	fine = walk_folder(&walk, NULL, root, "");
	free(root);
	if (!fine) {
		page_table_unref(table);
		return NULL;
	}
	if (table->count > 0)
		qsort(table->pages, table->count, sizeof(*table->pages),
			compare_pages);
	return table;
}

struct page_table *page_table_ref(struct page_table *table)
{
	table->references++;
	return table;
}

void page_table_unref(struct page_table *table)
{
	size_t i;

	if (table == NULL)
		return;
	assert(table->references > 0);
	if (--table->references > 0)
		return;
	for (i = 0; i < table->count; i++)
		page_file_finish(&table->pages[i]);
	free(table->pages);
	free(table);
}

size_t page_table_count(const struct page_table *table)
{
	return table->count;
}

static const struct page *find_exactly(
	const struct page_table *table, const char *path)
{
	struct page key = { .path = (char *)path };

	if (table->count == 0)
		return NULL;
	return bsearch(
		&key, table->pages, table->count, sizeof(key), compare_pages);
}

const struct page *page_table_find(
	const struct page_table *table, const char *path)
{
	static const char *const first[] = { "/index.html", "/vnc.html",
		"/vnc_lite.html" };
	size_t i;

	if (strcmp(path, "/") != 0)
		return find_exactly(table, path);
	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		const struct page *page = find_exactly(table, first[i]);

		if (page != NULL)
			return page;
	}
	return NULL;
}
