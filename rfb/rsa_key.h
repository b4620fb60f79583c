/* rsa_key.h - our RSA key, which viewers know us by (security types RA2*).
 *
 * Owner:   rsa_key_create() gives, rsa_key_destroy() wipes and frees, after
 *          every session that was configured with it.
 * Threads: any; constant.
 * Source:  rfbproto, "RSA-AES Security Type"; PKCS#1.
 */
#ifndef RFB_RSA_KEY_H
#define RFB_RSA_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Of a modulus; noVNC takes no other. */
enum { RSA_LEAST_BITS = 1024, RSA_MOST_BITS = 8192 };

struct rsa_key;

struct rsa_number {
	const uint8_t *bytes; /* most significant first */
	size_t length;
};

/* From two primes and the public exponent. NULL: they make no key, or one of a
 * length that viewers do not take. */
struct rsa_key *rsa_key_create(
	struct rsa_number p, struct rsa_number q, struct rsa_number e);
void rsa_key_destroy(struct rsa_key *key);

/* Of what was encrypted for it. */
size_t rsa_key_bytes(const struct rsa_key *key);
/* As it is told to viewers: length in bits, modulus, exponent. */
void rsa_key_write_public(const struct rsa_key *key, struct buffer *to);
/* Decrypts PKCS#1 of rsa_key_bytes() in constant time. Where that does not give
 * `length` bytes, `secret` stays what it was: to be random before, so that
 * nobody learns which it was. */
void rsa_key_decrypt(const struct rsa_key *key, const uint8_t *cipher,
	uint8_t *secret, size_t length);

/* A viewer's key, as it told it: (bits + 7) / 8 bytes each of modulus and
 * exponent. Appends the secret encrypted for it, just as long as its modulus.
 * False: that is no key, and nothing was appended. */
bool rsa_key_encrypt_for(const uint8_t *public_key, unsigned bits,
	const uint8_t *secret, size_t length, struct buffer *to);

#endif
