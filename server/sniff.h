/* sniff.h - what a peer speaks, from its first bytes.
 *
 * A pure function; the same one is asked again inside TLS. Silence is not its
 * business: see sniffer.c.
 */
#ifndef SERVER_SNIFF_H
#define SERVER_SNIFF_H

#include <stddef.h>
#include <stdint.h>

enum sniff_kind {
	SNIFF_MORE, /* a proper prefix of one of those below */
	SNIFF_TLS,
	SNIFF_HTTP,
	SNIFF_PROXY, /* a PROXY header, before any of the others */
	SNIFF_RFB,   /* a viewer that speaks first, e.g. through a proxy */
	SNIFF_UNKNOWN,
};

enum sniff_kind sniff(const uint8_t *bytes, size_t length);

#endif
