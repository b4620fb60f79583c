/* cookie_file.h - an X authority file of our own, with a new cookie.
 *
 * Threads: any; writes a file.
 * Source:  libXau's format: numbers are of 16 bits, the highest byte first.
 */
#ifndef SERVER_CREATE_COOKIE_FILE_H
#define SERVER_CREATE_COOKIE_FILE_H

#include <stdbool.h>

/* Good for every display: an X server takes whatever cookie its file has, and
 * nobody else is given this file. Mode 0600. False: errno says why. */
bool cookie_file_make(const char *path);

#endif
