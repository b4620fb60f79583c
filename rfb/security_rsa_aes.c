/* The RSA-AES types (rfbproto): both sides show an RSA key, exchange a secret
 * under each, and from then on speak in AES-EAX messages. With RA2 that is for
 * good, with RA2ne until the viewer has said who it is. The viewer's user
 * compares the fingerprint of our key with what we logged. */
#include <nettle/memops.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/reader.h"
#include "base/xmalloc.h"
#include "rfb/login.h"
#include "rfb/rsa_key.h"
#include "rfb/seal.h"
#include "rfb/security_types.h"
#include "rfb/session_state.h"

enum {
	MOST_SECRET_BYTES = 32,
	HEAD_BYTES = 4,
	LENGTH_BYTES = 2,
	MOST_NAME_BYTES = 255,
	ASKS_NAME = 1,
	ASKS_PASSWORD = 2,
};

/* SHA-1 with AES-128, SHA-256 with AES-256. */
struct form {
	size_t key_bytes; /* of a session key, and of the secrets */
	size_t hash_bytes;
	bool stays_sealed;
};

static const struct form ra2 = { 16, SHA1_DIGEST_SIZE, true };
static const struct form ra2ne = { 16, SHA1_DIGEST_SIZE, false };
static const struct form ra2_256 = { 32, SHA256_DIGEST_SIZE, true };
static const struct form ra2ne_256 = { 32, SHA256_DIGEST_SIZE, false };

struct rsa_aes {
	const struct form *form;
	unsigned viewer_bits;
	struct buffer server_key, viewer_key; /* as they were told */
	uint8_t server_secret[MOST_SECRET_BYTES];
	uint8_t viewer_secret[MOST_SECRET_BYTES];
	uint8_t name[MOST_NAME_BYTES];
	size_t name_bytes;
};

static struct rsa_aes *state_of(struct session *session)
{
	return session->security.state;
}

static void destroy(void *state)
{
	struct rsa_aes *rsa_aes = state;

	buffer_finish(&rsa_aes->server_key);
	buffer_finish(&rsa_aes->viewer_key);
	explicit_bzero(rsa_aes, sizeof(*rsa_aes));
	free(rsa_aes);
}

/* The hash of two byte strings, one behind the other. */
static void hash(const struct form *form, const void *first, size_t first_bytes,
	const void *second, size_t second_bytes, uint8_t to[SHA256_DIGEST_SIZE])
{
	struct sha256_ctx sha256;
	struct sha1_ctx sha1;

	if (form->hash_bytes == SHA1_DIGEST_SIZE) {
		sha1_init(&sha1);
		sha1_update(&sha1, first_bytes, first);
		sha1_update(&sha1, second_bytes, second);
		sha1_digest(&sha1, SHA1_DIGEST_SIZE, to);
		return;
	}
	sha256_init(&sha256);
	sha256_update(&sha256, first_bytes, first);
	sha256_update(&sha256, second_bytes, second);
	sha256_digest(&sha256, SHA256_DIGEST_SIZE, to);
}

static void hash_keys(const struct rsa_aes *rsa_aes, const struct buffer *first,
	const struct buffer *second, uint8_t to[SHA256_DIGEST_SIZE])
{
	hash(rsa_aes->form, buffer_bytes(first), buffer_length(first),
		buffer_bytes(second), buffer_length(second), to);
}

/* ---- who it is ---- */

static void check(
	struct session *session, const uint8_t *password, size_t password_bytes)
{
	struct rsa_aes *rsa_aes = state_of(session);

	if (!rsa_aes->form->stays_sealed)
		session_unseal(session);
	login_check(session, rsa_aes->name, rsa_aes->name_bytes, password,
		password_bytes);
}

static void take_password(struct session *session, const uint8_t *bytes)
{
	check(session, bytes, session->security.lengths[0]);
}

/* The name, and the length of the password behind it. */
static void take_name(struct session *session, const uint8_t *bytes)
{
	struct rsa_aes *rsa_aes = state_of(session);
	size_t password_bytes = bytes[rsa_aes->name_bytes];

	memcpy(rsa_aes->name, bytes, rsa_aes->name_bytes);
	session->security.lengths[0] = password_bytes;
	if (password_bytes == 0)
		check(session, bytes, 0);
	else
		security_expect(session, password_bytes, take_password);
}

static void take_name_length(struct session *session, const uint8_t *bytes)
{
	state_of(session)->name_bytes = bytes[0];
	security_expect(session, (size_t)bytes[0] + 1, take_name);
}

/* The viewer saw the same two keys as we did. */
static void take_hash(struct session *session, const uint8_t *bytes)
{
	struct rsa_aes *rsa_aes = state_of(session);
	const struct session_config *config = session->config;
	bool names = config->checks_users || config->user_names != NULL;
	uint8_t expected[SHA256_DIGEST_SIZE], subtype;

	hash_keys(
		rsa_aes, &rsa_aes->viewer_key, &rsa_aes->server_key, expected);
	if (!memeql_sec(expected, bytes, rsa_aes->form->hash_bytes)) {
		session_close(session, "saw another RSA key than ours");
		return;
	}
	subtype = names ? ASKS_NAME : ASKS_PASSWORD;
	session_send(session, &subtype, 1);
	security_expect(session, 1, take_name_length);
}

/* ---- the keys ---- */

static void derive(const struct rsa_aes *rsa_aes, const uint8_t *first,
	const uint8_t *second, uint8_t key[SHA256_DIGEST_SIZE])
{
	size_t bytes = rsa_aes->form->key_bytes;

	hash(rsa_aes->form, first, bytes, second, bytes, key);
}

static void begin_seal(struct session *session)
{
	struct rsa_aes *rsa_aes = state_of(session);
	uint8_t in[SHA256_DIGEST_SIZE], out[SHA256_DIGEST_SIZE];
	uint8_t digest[SHA256_DIGEST_SIZE];

	derive(rsa_aes, rsa_aes->server_secret, rsa_aes->viewer_secret, in);
	derive(rsa_aes, rsa_aes->viewer_secret, rsa_aes->server_secret, out);
	session_seal(session, seal_create(in, out, rsa_aes->form->key_bytes));
	explicit_bzero(in, sizeof(in));
	explicit_bzero(out, sizeof(out));
	hash_keys(rsa_aes, &rsa_aes->server_key, &rsa_aes->viewer_key, digest);
	session_send(session, digest, rsa_aes->form->hash_bytes);
	security_expect(session, rsa_aes->form->hash_bytes, take_hash);
}

/* What is no secret of the right length becomes a random one: whoever sent it
 * learns at the hash that something was wrong, and not what. */
static void take_secret(struct session *session, const uint8_t *bytes)
{
	struct rsa_aes *rsa_aes = state_of(session);

	random_bytes(rsa_aes->viewer_secret, sizeof(rsa_aes->viewer_secret));
	rsa_key_decrypt(session->config->rsa_key, bytes, rsa_aes->viewer_secret,
		rsa_aes->form->key_bytes);
	begin_seal(session);
}

static void take_secret_length(struct session *session, const uint8_t *bytes)
{
	size_t length = (size_t)bytes[0] << 8 | bytes[1];

	if (length != rsa_key_bytes(session->config->rsa_key))
		session_close(session,
			"sent an RSA secret of %zu bytes, which is not our "
			"key's length",
			length);
	else
		security_expect_costly(session, length, take_secret);
}

static void take_key(struct session *session, const uint8_t *bytes)
{
	struct rsa_aes *rsa_aes = state_of(session);
	size_t size = (rsa_aes->viewer_bits + 7) / 8;
	struct buffer message = { 0 };

	buffer_append(&rsa_aes->viewer_key, bytes, 2 * size);
	random_bytes(rsa_aes->server_secret, sizeof(rsa_aes->server_secret));
	buffer_u16(&message, (uint16_t)size);
	if (rsa_key_encrypt_for(bytes, rsa_aes->viewer_bits,
		    rsa_aes->server_secret, rsa_aes->form->key_bytes,
		    &message)) {
		session_send_buffer(session, &message);
		security_expect(session, LENGTH_BYTES, take_secret_length);
	} else
		session_close(session, "sent what is no RSA key");
	buffer_finish(&message);
}

static void take_key_length(struct session *session, const uint8_t *bytes)
{
	struct rsa_aes *rsa_aes = state_of(session);
	struct reader reader;
	uint32_t bits;

	reader_init(&reader, bytes, HEAD_BYTES);
	bits = reader_u32(&reader);
	if (bits < RSA_LEAST_BITS || bits > RSA_MOST_BITS) {
		session_close(session, "has an RSA key of %lu bits",
			(unsigned long)bits);
		return;
	}
	rsa_aes->viewer_bits = bits;
	buffer_append(&rsa_aes->viewer_key, bytes, HEAD_BYTES);
	security_expect_costly(session, 2 * (size_t)((bits + 7) / 8), take_key);
}

static void start(struct session *session, const struct form *form)
{
	struct rsa_aes *rsa_aes = xcalloc(1, sizeof(*rsa_aes));

	rsa_aes->form = form;
	session->security.state = rsa_aes;
	session->security.destroy = destroy;
	rsa_key_write_public(session->config->rsa_key, &rsa_aes->server_key);
	session_send(session, buffer_bytes(&rsa_aes->server_key),
		buffer_length(&rsa_aes->server_key));
	security_expect(session, HEAD_BYTES, take_key_length);
}

static void start_ra2(struct session *session)
{
	start(session, &ra2);
}

static void start_ra2ne(struct session *session)
{
	start(session, &ra2ne);
}

static void start_ra2_256(struct session *session)
{
	start(session, &ra2_256);
}

static void start_ra2ne_256(struct session *session)
{
	start(session, &ra2ne_256);
}

/* noVNC knows RA2ne alone, and no other client in a WebSocket any. */
const struct security_type security_ra2ne = {
	.number = 6,
	.name = "RA2ne",
	.needs = SECURITY_RSA_KEY | SECURITY_CRYPTO,
	.needs_some = SECURITY_LOGIN,
	.start = start_ra2ne,
};

const struct security_type security_ra2ne_256 = {
	.number = 130,
	.name = "RA2ne_256",
	.needs = SECURITY_RSA_KEY | SECURITY_NATIVE,
	.needs_some = SECURITY_LOGIN,
	.start = start_ra2ne_256,
};

const struct security_type security_ra2 = {
	.number = 5,
	.name = "RA2",
	.needs = SECURITY_RSA_KEY | SECURITY_NATIVE,
	.needs_some = SECURITY_LOGIN,
	.inside = &security_ra2ne,
	.start = start_ra2,
};

const struct security_type security_ra2_256 = {
	.number = 129,
	.name = "RA2_256",
	.needs = SECURITY_RSA_KEY | SECURITY_NATIVE,
	.needs_some = SECURITY_LOGIN,
	.inside = &security_ra2ne_256,
	.start = start_ra2_256,
};
