/* private_file.h - a key that we made and keep: readable by its owner alone.
 *
 * Threads: the loop thread.
 * Errors:  false, and errno says why.
 */
#ifndef SERVER_TLS_PRIVATE_FILE_H
#define SERVER_TLS_PRIVATE_FILE_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

/* The text, the caller's; NULL: there is none. One that others could read is
 * made private, with a warning. No link is followed. */
char *private_file_read(const char *path);

/* Writes PEM blocks, and makes the folders that are missing. `renewal` replaces
 * what is there; otherwise a file that appeared meanwhile, written by another
 * instance that starts too, is left and is the one to use: *theirs. */
bool private_file_keep(const char *path, const gnutls_datum_t *blocks,
	int count, bool renewal, bool *theirs);

#endif
