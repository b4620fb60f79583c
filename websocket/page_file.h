/* page_file.h - one file from the disk, made ready to be served.
 *
 * Owner:   page_file_load() fills a zeroed struct page that page_file_finish()
 *          empties again.
 * Threads: any.
 */
#ifndef WEBSOCKET_PAGE_FILE_H
#define WEBSOCKET_PAGE_FILE_H

#include <stdbool.h>

#include "websocket/page_table.h"

enum page_file_result {
	PAGE_FILE_DONE,
	PAGE_FILE_STRANGE, /* a device, a pipe, a socket: nothing was read */
	PAGE_FILE_FAILED,  /* *error gets a sentence, the caller's */
};

/* Reads `file` (a path without symlinks) as the page `path`. */
enum page_file_result page_file_load(const char *file, const char *path,
	size_t most_bytes, struct page *page, char **error);
void page_file_finish(struct page *page);

#endif
