#include "rfb/eax_channel.h"

#include <assert.h>
#include <nettle/memops.h>
#include <string.h>

void eax_channel_init(
	struct eax_channel *channel, const uint8_t *key, size_t key_bytes)
{
	assert(key_bytes == AES128_KEY_SIZE || key_bytes == AES256_KEY_SIZE);
	memset(channel, 0, sizeof(*channel));
	if (key_bytes == AES128_KEY_SIZE) {
		aes128_set_encrypt_key(&channel->cipher.aes128, key);
		channel->encrypt = (nettle_cipher_func *)aes128_encrypt;
	} else {
		aes256_set_encrypt_key(&channel->cipher.aes256, key);
		channel->encrypt = (nettle_cipher_func *)aes256_encrypt;
	}
	eax_set_key(&channel->key, &channel->cipher, channel->encrypt);
}

void eax_channel_finish(struct eax_channel *channel)
{
	explicit_bzero(channel, sizeof(*channel));
}

/* Least significant byte first. */
static void count(uint8_t nonce[EAX_IV_SIZE])
{
	int i;

	for (i = 0; i < EAX_IV_SIZE && ++nonce[i] == 0; i++)
		;
}

static void begin(struct eax_channel *channel, struct eax_ctx *eax,
	const uint8_t length[EAX_CHANNEL_LENGTH_BYTES])
{
	eax_set_nonce(eax, &channel->key, &channel->cipher, channel->encrypt,
		EAX_IV_SIZE, channel->nonce);
	eax_update(eax, &channel->key, &channel->cipher, channel->encrypt,
		EAX_CHANNEL_LENGTH_BYTES, length);
	count(channel->nonce);
}

static void seal_one(struct eax_channel *channel, const uint8_t *bytes,
	size_t length, struct buffer *to)
{
	uint8_t *message = buffer_reserve(to, length + EAX_CHANNEL_EXTRA_BYTES);
	struct eax_ctx eax;

	if (message == NULL)
		return;
	message[0] = (uint8_t)(length >> 8);
	message[1] = (uint8_t)length;
	begin(channel, &eax, message);
	eax_encrypt(&eax, &channel->key, &channel->cipher, channel->encrypt,
		length, message + EAX_CHANNEL_LENGTH_BYTES, bytes);
	eax_digest(&eax, &channel->key, &channel->cipher, channel->encrypt,
		EAX_DIGEST_SIZE, message + EAX_CHANNEL_LENGTH_BYTES + length);
	buffer_commit(to, length + EAX_CHANNEL_EXTRA_BYTES);
}

void eax_channel_seal(struct eax_channel *channel, const void *bytes,
	size_t length, struct buffer *to)
{
	const uint8_t *next = bytes;

	while (length > 0) {
		size_t step = length < EAX_CHANNEL_MOST_SEALED
				      ? length
				      : EAX_CHANNEL_MOST_SEALED;

		seal_one(channel, next, step, to);
		next += step;
		length -= step;
	}
}

enum eax_result eax_channel_open(
	struct eax_channel *channel, struct buffer *from, struct buffer *to)
{
	const uint8_t *message = buffer_bytes(from);
	uint8_t tag[EAX_DIGEST_SIZE], *room;
	struct eax_ctx eax;
	size_t length;

	if (buffer_length(from) < EAX_CHANNEL_EXTRA_BYTES)
		return EAX_MORE;
	length = (size_t)message[0] << 8 | message[1];
	if (buffer_length(from) < length + EAX_CHANNEL_EXTRA_BYTES)
		return EAX_MORE;
	room = buffer_reserve(to, length + 1); /* which may be empty */
	if (room == NULL)
		return EAX_FORGED;
	begin(channel, &eax, message);
	message += EAX_CHANNEL_LENGTH_BYTES;
	eax_decrypt(&eax, &channel->key, &channel->cipher, channel->encrypt,
		length, room, message);
	eax_digest(&eax, &channel->key, &channel->cipher, channel->encrypt,
		sizeof(tag), tag);
	if (!memeql_sec(tag, message + length, sizeof(tag)))
		return EAX_FORGED; /* not committed: nobody sees it */
	buffer_commit(to, length);
	buffer_consume(from, length + EAX_CHANNEL_EXTRA_BYTES);
	return EAX_OPENED;
}
