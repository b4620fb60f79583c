#include "rfb/rsa_key.h"

#include <nettle/bignum.h>
#include <nettle/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/xmalloc.h"

struct rsa_key {
	struct rsa_public_key public;
	struct rsa_private_key private;
};

static void give_random(void *context, size_t length, uint8_t *bytes)
{
	(void)context;
	random_bytes(bytes, length);
}

/* What Chinese remaindering needs. */
static bool complete(struct rsa_key *key)
{
	struct rsa_private_key *private = &key->private;
	mpz_t less;
	bool good;

	mpz_init(less);
	mpz_mul(key->public.n, private->p, private->q);
	mpz_sub_ui(less, private->p, 1);
	good = mpz_invert(private->a, key->public.e, less) != 0;
	mpz_sub_ui(less, private->q, 1);
	good = good && mpz_invert(private->b, key->public.e, less) != 0;
	good = good && mpz_invert(private->c, private->q, private->p) != 0;
	mpz_clear(less);
	return good && rsa_public_key_prepare(&key->public) &&
	       rsa_private_key_prepare(private);
}

static unsigned bits_of(const struct rsa_key *key)
{
	return (unsigned)mpz_sizeinbase(key->public.n, 2);
}

static bool is_prime_like(const mpz_t number)
{
	return mpz_cmp_ui(number, 2) > 0 && mpz_odd_p(number);
}

struct rsa_key *rsa_key_create(
	struct rsa_number p, struct rsa_number q, struct rsa_number e)
{
	struct rsa_key *key = xcalloc(1, sizeof(*key));

	rsa_public_key_init(&key->public);
	rsa_private_key_init(&key->private);
	nettle_mpz_set_str_256_u(key->private.p, p.length, p.bytes);
	nettle_mpz_set_str_256_u(key->private.q, q.length, q.bytes);
	nettle_mpz_set_str_256_u(key->public.e, e.length, e.bytes);
	if (is_prime_like(key->private.p) && is_prime_like(key->private.q) &&
		complete(key) && bits_of(key) >= RSA_LEAST_BITS &&
		bits_of(key) <= RSA_MOST_BITS)
		return key;
	rsa_key_destroy(key);
	return NULL;
}

static void wipe(mpz_t number)
{
	size_t limbs = mpz_size(number);

	if (limbs > 0)
		explicit_bzero(mpz_limbs_modify(number, (mp_size_t)limbs),
			limbs * sizeof(mp_limb_t));
}

void rsa_key_destroy(struct rsa_key *key)
{
	if (key == NULL)
		return;
	wipe(key->private.p);
	wipe(key->private.q);
	wipe(key->private.a);
	wipe(key->private.b);
	wipe(key->private.c);
	rsa_public_key_clear(&key->public);
	rsa_private_key_clear(&key->private);
	free(key);
}

size_t rsa_key_bytes(const struct rsa_key *key)
{
	return key->public.size;
}

void rsa_key_write_public(const struct rsa_key *key, struct buffer *to)
{
	size_t size = key->public.size;
	uint8_t *room;

	buffer_u32(to, bits_of(key));
	room = buffer_reserve(to, 2 * size);
	if (room == NULL)
		return;
	nettle_mpz_get_str_256(size, room, key->public.n);
	nettle_mpz_get_str_256(size, room + size, key->public.e);
	buffer_commit(to, 2 * size);
}

void rsa_key_decrypt(const struct rsa_key *key, const uint8_t *cipher,
	uint8_t *secret, size_t length)
{
	mpz_t number;

	nettle_mpz_init_set_str_256_u(number, key->public.size, cipher);
	if (mpz_cmp(number, key->public.n) < 0)
		(void)rsa_sec_decrypt(&key->public, &key->private, NULL,
			give_random, length, secret, number);
	mpz_clear(number);
}

/* An exponent as long as the modulus would cost seconds of CPU: those in use
 * are 65537 and less. */
enum { MOST_EXPONENT_BITS = 32 };

static bool is_usable(const struct rsa_public_key *key, unsigned bits)
{
	return mpz_sizeinbase(key->n, 2) == bits && mpz_odd_p(key->n) &&
	       mpz_cmp_ui(key->e, 3) >= 0 && mpz_odd_p(key->e) &&
	       mpz_sizeinbase(key->e, 2) <= MOST_EXPONENT_BITS;
}

static bool encrypt(struct rsa_public_key *key, const uint8_t *secret,
	size_t length, struct buffer *to)
{
	uint8_t *room = buffer_reserve(to, key->size);
	mpz_t number;
	bool good;

	if (room == NULL)
		return false;
	mpz_init(number);
	good = rsa_encrypt(key, NULL, give_random, length, secret, number);
	if (good) {
		nettle_mpz_get_str_256(key->size, room, number);
		buffer_commit(to, key->size);
	}
	mpz_clear(number);
	return good;
}

bool rsa_key_encrypt_for(const uint8_t *public_key, unsigned bits,
	const uint8_t *secret, size_t length, struct buffer *to)
{
	size_t size = (bits + 7) / 8;
	struct rsa_public_key key;
	bool good;

	rsa_public_key_init(&key);
	nettle_mpz_set_str_256_u(key.n, size, public_key);
	nettle_mpz_set_str_256_u(key.e, size, public_key + size);
	good = is_usable(&key, bits) && rsa_public_key_prepare(&key) &&
	       encrypt(&key, secret, length, to);
	rsa_public_key_clear(&key);
	return good;
}
