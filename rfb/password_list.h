/* password_list.h - goes through the passwords of session_config, which are
 * parted by newlines.
 *
 * Threads: any; pure.
 */
#ifndef RFB_PASSWORD_LIST_H
#define RFB_PASSWORD_LIST_H

#include <stddef.h>

/* The next password and its length, never 0; NULL at the end. *at begins as the
 * whole list, which may be NULL. An empty password is none (HOSTILE row 2). */
const char *password_list_next(const char **at, size_t *length);

#endif
