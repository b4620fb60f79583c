/* huffman.h - the shortest prefix codes for symbols of known frequency.
 *
 * Threads: any; a pure function.
 * Source:  RFC 1951 sections 3.2.1 and 3.2.2.
 */
#ifndef RFB_HUFFMAN_H
#define RFB_HUFFMAN_H

#include <stdint.h>

enum { HUFFMAN_MOST_SYMBOLS = 288, HUFFMAN_MOST_LENGTH = 15 };

/* As deflate writes it: the code's first bit is the lowest. A length of 0:
 * the symbol has no code. */
struct huffman_code {
	uint16_t bits;
	uint16_t length;
};

/* Codes of at most `most_length` bits for the `count` symbols whose frequency
 * is not 0. Fewer than two of these get company, so that the code is complete:
 * old decoders refuse others. */
void huffman_build(struct huffman_code *codes, const uint32_t *frequencies,
	int count, int most_length);

/* Codes for given lengths. */
void huffman_assign(struct huffman_code *codes, int count);

#endif
