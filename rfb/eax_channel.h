/* eax_channel.h - one direction of a conversation in AES-EAX messages: a length
 * of two bytes, so many bytes of ciphertext, a tag of 16. The nonce counts the
 * messages.
 *
 * Owner:   embedded; nothing to free, eax_channel_finish() wipes the key.
 * Threads: one at a time.
 * Source:  rfbproto, "RSA-AES Security Type".
 */
#ifndef RFB_EAX_CHANNEL_H
#define RFB_EAX_CHANNEL_H

#include <nettle/aes.h>
#include <nettle/eax.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct eax_channel {
	struct eax_key key;
	union {
		struct aes128_ctx aes128;
		struct aes256_ctx aes256;
	} cipher;
	nettle_cipher_func *encrypt;
	uint8_t nonce[EAX_IV_SIZE];
};

enum {
	EAX_CHANNEL_LENGTH_BYTES = 2,
	EAX_CHANNEL_EXTRA_BYTES = EAX_CHANNEL_LENGTH_BYTES + EAX_DIGEST_SIZE,
	/* What TigerVNC puts into one message; it may be up to 65535. */
	EAX_CHANNEL_MOST_SEALED = 8192,
};

/* A key of 16 or 32 bytes. */
void eax_channel_init(
	struct eax_channel *channel, const uint8_t *key, size_t key_bytes);
void eax_channel_finish(struct eax_channel *channel);

/* Appends the bytes as one message or several. */
void eax_channel_seal(struct eax_channel *channel, const void *bytes,
	size_t length, struct buffer *to);

enum eax_result { EAX_OPENED, EAX_MORE, EAX_FORGED };
/* Takes the first message from `from` and appends what was in it, if it is
 * whole and genuine. */
enum eax_result eax_channel_open(
	struct eax_channel *channel, struct buffer *from, struct buffer *to);

#endif
