/* AES-EAX messages: there and back, and nothing that was touched. The other
 * side of the protocol, in Python, checks that they are the right ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "rfb/eax_channel.h"
#include "rfb/rsa_key.h"

static const uint8_t key[32] = "0123456789abcdef0123456789abcdef";

struct pair {
	struct eax_channel out, in;
	struct buffer sealed, opened;
};

static void pair_init(struct pair *pair, size_t key_bytes)
{
	memset(pair, 0, sizeof(*pair));
	eax_channel_init(&pair->out, key, key_bytes);
	eax_channel_init(&pair->in, key, key_bytes);
}

static void pair_finish(struct pair *pair)
{
	eax_channel_finish(&pair->out);
	eax_channel_finish(&pair->in);
	buffer_finish(&pair->sealed);
	buffer_finish(&pair->opened);
}

static void test_there_and_back(void **state)
{
	static const size_t lengths[] = { 1, 2, 15, 16, 17, 8192, 8193, 70000 };
	static uint8_t bytes[70000];
	size_t key_bytes, i;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	for (key_bytes = 16; key_bytes <= 32; key_bytes += 16) {
		struct pair pair;

		pair_init(&pair, key_bytes);
		for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			eax_channel_seal(
				&pair.out, bytes, lengths[i], &pair.sealed);
			while (buffer_length(&pair.sealed) > 0)
				assert_int_equal(
					eax_channel_open(&pair.in, &pair.sealed,
						&pair.opened),
					EAX_OPENED);
			assert_int_equal(
				buffer_length(&pair.opened), lengths[i]);
			assert_memory_equal(
				buffer_bytes(&pair.opened), bytes, lengths[i]);
			buffer_clear(&pair.opened);
		}
		pair_finish(&pair);
	}
}

static void test_nothing_is_opened_early(void **state)
{
	struct buffer part = { 0 };
	struct pair pair;
	size_t i, whole;

	(void)state;
	pair_init(&pair, 16);
	eax_channel_seal(&pair.out, "hello", 5, &pair.sealed);
	whole = buffer_length(&pair.sealed);
	for (i = 0; i < whole; i++) {
		assert_int_equal(
			eax_channel_open(&pair.in, &part, &pair.opened),
			EAX_MORE);
		buffer_append(&part, buffer_bytes(&pair.sealed) + i, 1);
	}
	assert_int_equal(buffer_length(&pair.opened), 0);
	assert_int_equal(
		eax_channel_open(&pair.in, &part, &pair.opened), EAX_OPENED);
	assert_int_equal(buffer_length(&part), 0);
	buffer_finish(&part);
	pair_finish(&pair);
}

static void test_what_was_touched(void **state)
{
	struct pair pair;
	size_t i;

	(void)state;
	for (i = 0; i < 2 + 5 + 16; i++) {
		pair_init(&pair, 32);
		eax_channel_seal(&pair.out, "hello", 5, &pair.sealed);
		buffer_bytes(&pair.sealed)[i] ^= i == 0 ? 0 : 1;
		if (i == 0) /* the same message as the second */
			eax_channel_seal(&pair.in, "x", 1, &pair.opened);
		buffer_clear(&pair.opened);
		assert_int_not_equal(
			eax_channel_open(&pair.in, &pair.sealed, &pair.opened),
			EAX_OPENED);
		assert_int_equal(buffer_length(&pair.opened), 0);
		pair_finish(&pair);
	}
}

/* The least that could be keys: even, one, equal to zero. */
static void test_what_makes_no_key(void **state)
{
	static const uint8_t zero[64] = { 0 }, one[64] = { [63] = 1 },
			     even[64] = { [0] = 0x80 },
			     odd[64] = { [0] = 0x80, [63] = 1 },
			     three[1] = { 3 };
	static const uint8_t *const numbers[] = { zero, one, even };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_null(
			rsa_key_create((struct rsa_number){ numbers[i], 64 },
				(struct rsa_number){ odd, 64 },
				(struct rsa_number){ three, 1 }));
		assert_null(rsa_key_create((struct rsa_number){ odd, 64 },
			(struct rsa_number){ odd, 64 },
			(struct rsa_number){ numbers[i], 64 }));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_nothing_is_opened_early),
		cmocka_unit_test(test_what_was_touched),
		cmocka_unit_test(test_what_makes_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
