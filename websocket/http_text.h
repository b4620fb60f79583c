/* http_text.h - a borrowed stretch of an HTTP head.
 *
 * Owner:   borrows; as long-lived as the bytes it points into.
 * Threads: any.
 */
#ifndef WEBSOCKET_HTTP_TEXT_H
#define WEBSOCKET_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct http_text {
	const char *at; /* not ended by NUL; may be NULL where length is 0 */
	size_t length;
};

/* ASCII letters compare without case. */
bool http_text_is(struct http_text text, const char *word);
bool http_text_equal(struct http_text a, struct http_text b);

/* Without the spaces and tabs at both ends. */
struct http_text http_text_trim(struct http_text text);

/* Cuts off what stands before the first `mark` (all of it where there is
 * none); *text keeps what follows the mark. */
struct http_text http_text_cut(struct http_text *text, char mark);

/* The next non-empty element of a comma separated list, trimmed; false at the
 * end. */
bool http_text_next(struct http_text *list, struct http_text *element);

/* Decimal digits only. False for none, for anything else, and past 2^63 - 1. */
bool http_text_number(struct http_text text, unsigned long long *number);

#endif
