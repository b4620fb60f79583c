/* password_store.h - writes and shows the file of -rfbauth: -storepasswd,
 * -showrfbauth, and -usepw where there is no file yet.
 *
 * Threads: before there are any: it reads from the terminal.
 * Errors:  a sentence was logged.
 */
#ifndef SERVER_ACCESS_PASSWORD_STORE_H
#define SERVER_ACCESS_PASSWORD_STORE_H

#include <stdbool.h>

struct options;

/* What -storepasswd and -showrfbauth say; an enum exit_code. */
int password_store_run(const struct options *options);

/* Asks for a password, twice and without echo, and writes the file, which only
 * its owner can read. Folders that are missing are made. */
bool password_store_ask(const char *file);

#endif
