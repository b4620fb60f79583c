/* authority_files.h - the files in which the cookie of a display may be, as
 * display managers and startx name them.
 *
 * Only files that belong to root, to us or to the X server's owner: whoever can
 * write one decides which X server we believe.
 *
 * Owner:   authority_files_list() fills, authority_files_finish() frees.
 * Threads: any; reads directories.
 */
#ifndef SERVER_DISPLAY_AUTHORITY_FILES_H
#define SERVER_DISPLAY_AUTHORITY_FILES_H

struct x_server;

enum { AUTHORITY_FILES_MOST = 32 };

struct authority_files {
	char *list[AUTHORITY_FILES_MOST];
	int count;
};

/* The likeliest first. `server` may be NULL: not known. `root`: x_servers.h. */
void authority_files_list(struct authority_files *files, const char *root,
	int number, const struct x_server *server);
void authority_files_finish(struct authority_files *files);

#endif
