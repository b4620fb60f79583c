/* xmalloc.h - allocation of small things, where running out means the end.
 *
 * A reserve is given up then, so that what is under way goes on; who runs the
 * process ends it in order as soon as xmalloc_is_short(). Where there is no
 * reserve, or it is used up too, the process aborts.
 *
 * What a peer or the screen sizes is limited first and allocated through
 * struct buffer or plain malloc(), whose failure costs one viewer or one tick.
 *
 * Threads: any.
 */
#ifndef BASE_XMALLOC_H
#define BASE_XMALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Once, at the start of the program. */
void xmalloc_keep_reserve(void);
/* What was asked for is not to be had: to be tried again after this. */
void xmalloc_use_reserve(void);
/* The reserve is in use: told in the log. */
bool xmalloc_is_short(void);

/* Zeroed. Never returns NULL. The caller owns the result (free()). */
void *xcalloc(size_t count, size_t size);
void *xmalloc(size_t size);
void *xrealloc(void *memory, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
