/* password_lines.h - the text of x11vnc's -passwdfile: a password a line.
 *
 * '#' at the start or __SKIP__ anywhere makes a line a comment, __COMM__ begins
 * one, __BEGIN_VIEWONLY__ parts the passwords of those who only watch. Where
 * there are two passwords and no such line, the second is for watching.
 *
 * Threads: any; pure.
 * Errors:  a reason, a literal; the passwords are then undefined.
 */
#ifndef SERVER_ACCESS_PASSWORD_LINES_H
#define SERVER_ACCESS_PASSWORD_LINES_H

#include "server/access/password_file.h"

/* NULL: they are read, and at least one is a full one. */
const char *password_lines_parse(
	struct passwords *passwords, const char *bytes, size_t count);

/* Adds one to a newline-parted list. NULL, or the reason. */
const char *password_lines_add(
	char list[PASSWORD_FILE_MOST_BYTES], const char *text, size_t length);

/* Whether a password of one list looks to VncAuth like one of the other. */
bool password_lines_meet(const char *list, const char *other);

/* Of any in the list, whether more than what VncAuth looks at. */
bool password_lines_any_longer(const char *list);

#endif
