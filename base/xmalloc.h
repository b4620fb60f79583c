/* xmalloc.h - allocation of small things, where running out means abort.
 *
 * What a peer or the screen sizes is limited first and allocated through
 * struct buffer or plain malloc(), whose failure costs one viewer or one tick.
 *
 * Threads: any.
 */
#ifndef BASE_XMALLOC_H
#define BASE_XMALLOC_H

#include <stddef.h>

/* Zeroed. Never returns NULL. The caller owns the result (free()). */
void *xcalloc(size_t count, size_t size);
void *xmalloc(size_t size);
void *xrealloc(void *memory, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
