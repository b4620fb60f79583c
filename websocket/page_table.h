/* page_table.h - every file of -httpdir, read once, found by look-up.
 *
 * A request never opens a path: what is not in the table does not exist, so
 * nothing outside the directory can be reached.
 *
 * Owner:   page_table_load() gives; reference counted, because a response may
 *          still be going out while SIGHUP loads a new table.
 * Threads: the loop thread.
 */
#ifndef WEBSOCKET_PAGE_TABLE_H
#define WEBSOCKET_PAGE_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct page {
	char *path;       /* "/app/ui.js" */
	const char *type; /* "text/javascript; charset=utf-8" */
	uint8_t *bytes;
	size_t length;
	uint8_t *gzip; /* NULL where it would not be smaller */
	size_t gzip_length;
	char etag[44]; /* quoted, from a hash of the bytes */
};

struct page_table;

/* Reads the directory tree below `directory` (limits: 4096 files, 16 MiB each,
 * 128 MiB in all; symlinks only where they stay inside; dot files left out).
 * NULL: *error gets a sentence with the path and the reason, the caller's. */
struct page_table *page_table_load(const char *directory, char **error);
struct page_table *page_table_ref(struct page_table *table);
void page_table_unref(struct page_table *table);

size_t page_table_count(const struct page_table *table);

/* `path` is decoded, begins with '/', has no query. "/" gives index.html, else
 * vnc.html, else vnc_lite.html. NULL where there is none. Borrowed. */
const struct page *page_table_find(
	const struct page_table *table, const char *path);

#endif
