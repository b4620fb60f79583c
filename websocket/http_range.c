#include "websocket/http_range.h"

enum http_range_result http_range_parse(
	struct http_text text, size_t length, size_t *first, size_t *count)
{
	struct http_text unit = http_text_cut(&text, '=');
	struct http_text from = http_text_trim(http_text_cut(&text, '-'));
	struct http_text to = http_text_trim(text);
	unsigned long long begin = 0, end = 0;

	if (!http_text_is(http_text_trim(unit), "bytes") ||
		(to.length > 0 && !http_text_number(to, &end)))
		return HTTP_RANGE_NONE;
	if (from.length == 0) { /* "-500": the last 500 */
		if (to.length == 0)
			return HTTP_RANGE_NONE;
		if (end == 0 || length == 0)
			return HTTP_RANGE_OUTSIDE;
		*count = end < length ? (size_t)end : length;
		*first = length - *count;
		return HTTP_RANGE_PART;
	}
	if (!http_text_number(from, &begin) || (to.length > 0 && end < begin))
		return HTTP_RANGE_NONE;
	if (begin >= length)
		return HTTP_RANGE_OUTSIDE;
	if (to.length == 0 || end >= length)
		end = length - 1;
	*first = (size_t)begin;
	*count = (size_t)(end - begin + 1);
	return HTTP_RANGE_PART;
}
