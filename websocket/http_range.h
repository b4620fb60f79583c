/* http_range.h - which bytes of a page a Range field asks for.
 *
 * Threads: any; a pure function.
 * Source:  RFC 9110 section 14.
 */
#ifndef WEBSOCKET_HTTP_RANGE_H
#define WEBSOCKET_HTTP_RANGE_H

#include <stddef.h>

#include "websocket/http_text.h"

enum http_range_result {
	HTTP_RANGE_NONE, /* malformed, another unit, several: send the whole */
	HTTP_RANGE_PART,
	HTTP_RANGE_OUTSIDE, /* 416 */
};

/* `length` is the page's. PART: *first and *count, where count > 0. */
enum http_range_result http_range_parse(
	struct http_text text, size_t length, size_t *first, size_t *count);

#endif
