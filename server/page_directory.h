/* page_directory.h - where the web page is, when -httpdir does not say.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_PAGE_DIRECTORY_H
#define SERVER_PAGE_DIRECTORY_H

#include "websocket/page_table.h"

/* The directory given; or, where it is NULL, the installed page of our own, or
 * Debian's noVNC. NULL with *error NULL: there is none, which was logged; NULL
 * with *error: the given one cannot be used. The caller owns both. */
struct page_table *page_directory_load(const char *directory, char **error);

#endif
