/* Every way to log in, from the greeting on: VeNCrypt, Tight, RSA-AES. What is
 * random is known here, so that the corpus can hold whole conversations, also
 * encrypted ones (make_logins writes them).
 *
 * The first two input bytes choose the configuration, the transport and the
 * size of the pieces.
 */
#include <assert.h>
#include <string.h>

#include "base/random.h"
#include "rfb/rsa_key.h"
#include "test/fuzz/rfb_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

enum { HEAD_BYTES = 2 };

/* In place of the system's random source. */
void random_bytes(void *bytes, size_t count)
{
	memset(bytes, 0x2a, count);
}

/* Of no key that anybody uses. */
static const uint8_t prime_p[64] = { 0xda, 0x40, 0x1f, 0x21, 0xf0, 0xe1, 0x45,
	0xef, 0xa6, 0x0d, 0x09, 0x3d, 0x56, 0x09, 0x34, 0x8f, 0xbc, 0xdb, 0xd1,
	0xce, 0xeb, 0xff, 0x75, 0xfe, 0x07, 0x2a, 0xd2, 0x83, 0x9d, 0x13, 0x2f,
	0x5d, 0xee, 0x96, 0x5c, 0x32, 0x74, 0x02, 0x58, 0xd1, 0x25, 0x1e, 0x56,
	0x8b, 0x17, 0x5a, 0xdf, 0xde, 0xe9, 0x97, 0xea, 0x85, 0x5a, 0x68, 0xc8,
	0xdc, 0x72, 0xe2, 0x3b, 0xa1, 0xe2, 0x0c, 0xec, 0xd9 };

static const uint8_t prime_q[64] = { 0xc1, 0xdd, 0x36, 0x7e, 0x90, 0x71, 0x24,
	0xa5, 0xa4, 0xd7, 0x13, 0x06, 0x96, 0xd6, 0x49, 0x34, 0x41, 0x81, 0x78,
	0xe0, 0xbd, 0x2b, 0xac, 0x69, 0x72, 0xa1, 0xbf, 0xac, 0x3c, 0xe1, 0x52,
	0xf9, 0x9e, 0xb4, 0x0f, 0xc4, 0x52, 0xbe, 0x13, 0x06, 0xcf, 0xa8, 0x8c,
	0x37, 0xdd, 0xcf, 0x1c, 0x4b, 0x31, 0x35, 0xaf, 0x95, 0x0c, 0xe4, 0x2d,
	0x83, 0x4d, 0xb8, 0x89, 0x78, 0x03, 0xce, 0x73, 0xbd };

static const uint8_t exponent[3] = { 1, 0, 1 };

static struct rsa_key *make_key(void)
{
	struct rsa_key *key =
		rsa_key_create((struct rsa_number){ prime_p, sizeof(prime_p) },
			(struct rsa_number){ prime_q, sizeof(prime_q) },
			(struct rsa_number){ exponent, sizeof(exponent) });

	assert(key != NULL);
	return key;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	static const char *const names[] = { "user", NULL };
	struct fuzz_setup setup = {
		.config = { .name = "fuzz", .most_quality = 9 },
	};
	struct rsa_key *key;

	if (length < HEAD_BYTES)
		return 0;
	key = make_key();
	setup.config.full_password = input[0] & 1 ? "secret, long" : NULL;
	setup.config.checks_users = input[0] & 2;
	setup.config.user_names = input[0] & 4 ? names : NULL;
	setup.config.rsa_key = input[0] & 8 ? key : NULL;
	setup.config.tls_anonymous = input[0] & 16;
	setup.config.tls_x509 = input[0] & 32;
	setup.transport.encrypted = input[0] & 64;
	setup.transport.can_start_tls = !(input[0] & 64);
	setup.transport.is_websocket = input[0] & 128;
	setup.piece = 1u + (input[1] & 63) * (input[1] & 64 ? 64u : 1u);
	(void)fuzz_session_run(&setup, input + HEAD_BYTES, length - HEAD_BYTES);
	rsa_key_destroy(key);
	return 0;
}
