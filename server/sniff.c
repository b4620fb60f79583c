#include "server/sniff.h"

#include <string.h>

struct opening {
	const char *bytes;
	size_t length;
	enum sniff_kind kind;
};

/* A TLS record of type handshake and major version 3; the methods of RFC 9110
 * section 9.3 and PATCH, so that every one gets an HTTP answer. */
static const struct opening openings[] = {
	{ "\x16\x03", 2, SNIFF_TLS },
	{ "RFB ", 4, SNIFF_RFB },
	{ "PROXY ", 6, SNIFF_PROXY },
	{ "\r\n\r\n\0\r\nQUIT\n", 12, SNIFF_PROXY },
	{ "GET ", 4, SNIFF_HTTP },
	{ "HEAD ", 5, SNIFF_HTTP },
	{ "POST ", 5, SNIFF_HTTP },
	{ "PUT ", 4, SNIFF_HTTP },
	{ "DELETE ", 7, SNIFF_HTTP },
	{ "OPTIONS ", 8, SNIFF_HTTP },
	{ "TRACE ", 6, SNIFF_HTTP },
	{ "CONNECT ", 8, SNIFF_HTTP },
	{ "PATCH ", 6, SNIFF_HTTP },
};

enum sniff_kind sniff(const uint8_t *bytes, size_t length)
{
	enum sniff_kind kind = SNIFF_UNKNOWN;
	size_t i;

	for (i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		const struct opening *opening = &openings[i];

		if (length >= opening->length) {
			if (memcmp(bytes, opening->bytes, opening->length) == 0)
				return opening->kind;
		} else if (memcmp(bytes, opening->bytes, length) == 0) {
			kind = SNIFF_MORE;
		}
	}
	return kind;
}
