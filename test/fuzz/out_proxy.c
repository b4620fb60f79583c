/* What a proxy on the way out says: the first byte is its kind. All at once or
 * byte by byte must make no difference, but for what comes too much. */
#include <assert.h>
#include <string.h>

#include "server/network/proxy_talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static enum proxy_result hear(struct buffer *said, const char *url,
	const uint8_t *input, size_t length, size_t step)
{
	enum proxy_result result = PROXY_MORE;
	struct proxy_talk talk;
	struct proxy_url proxy;

	assert(proxy_url_parse(&proxy, url));
	proxy_talk_begin(&talk, &proxy, "viewer.example", 5500, said);
	for (size_t i = 0; i < length && result == PROXY_MORE; i += step)
		result = proxy_talk_receive(&talk, input + i,
			length - i < step ? length - i : step, said);
	assert((talk.why[0] != '\0') == (result == PROXY_FAILED));
	for (const char *at = talk.why; *at != '\0'; at++)
		assert((unsigned char)*at >= ' ');
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	static const char *const urls[] = { "http://p", "http://u:p@p",
		"socks4://p", "socks5://p", "socks5://user:word@p" };
	struct buffer whole = { 0 }, pieces = { 0 };
	enum proxy_result at_once, piecemeal;
	const char *url;

	if (length == 0 || length > PROXY_TALK_MOST_ANSWER)
		return 0;
	url = urls[input[0] % (sizeof(urls) / sizeof(urls[0]))];
	at_once = hear(&whole, url, input + 1, length - 1, length);
	piecemeal = hear(&pieces, url, input + 1, length - 1, 1);
	/* Bytes beyond the end are seen only where they came along. */
	assert(at_once == piecemeal ||
		(at_once == PROXY_FAILED && piecemeal == PROXY_DONE));
	assert(buffer_length(&whole) == buffer_length(&pieces));
	assert(memcmp(buffer_bytes(&whole), buffer_bytes(&pieces),
		       buffer_length(&whole)) == 0);
	buffer_finish(&whole);
	buffer_finish(&pieces);
	return 0;
}
