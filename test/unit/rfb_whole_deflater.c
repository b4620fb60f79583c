/* Whole zlib streams, with whichever library this was built for; built a second
 * time for the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/xmalloc.h"
#include "rfb/whole_deflater.h"

enum { MOST = 1 << 20 };

static uint8_t *half_noise(void)
{
	uint8_t *bytes = xmalloc(MOST);
	uint32_t seed = 1;

	for (size_t i = 0; i < MOST; i++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(i % 4096 < 2048 ? seed >> 24 : i);
	}
	return bytes;
}

static void check(struct whole_deflater *deflater, int level,
	const uint8_t *bytes, size_t count)
{
	static const uint8_t before[] = "before";
	struct buffer packed = { 0 };
	uint8_t *back = xmalloc(count + 1);
	uLongf length = (uLongf)count + 1;

	buffer_append(&packed, before, sizeof(before));
	whole_deflater_write(deflater, level, bytes, count, &packed);
	assert_false(packed.failed);
	assert_memory_equal(buffer_bytes(&packed), before, sizeof(before));
	/* Checks the sum at the end, too, and that nothing follows. */
	assert_int_equal(uncompress(back, &length,
				 buffer_bytes(&packed) + sizeof(before),
				 buffer_length(&packed) - sizeof(before)),
		Z_OK);
	assert_int_equal(length, count);
	assert_memory_equal(back, bytes, count);
	free(back);
	buffer_finish(&packed);
}

/* Every level after every other, pieces of 1 byte to 1 MiB, noise too. */
static void each_stream_stands_alone(void **state)
{
	static const size_t sizes[] = { 1, 2, 100, 4095, 70000, MOST };
	struct whole_deflater deflater = { 0 };
	uint8_t *bytes = half_noise();

	(void)state;
	for (int i = 0; i < 30; i++)
		check(&deflater, 1 + i * 7 % 9, bytes, sizes[i % 6]);
	whole_deflater_finish(&deflater);
	whole_deflater_finish(&deflater);
	free(bytes);
}

static void same_bytes_again(void **state)
{
	struct whole_deflater deflater = { 0 };
	struct buffer first = { 0 }, second = { 0 };
	uint8_t *bytes = half_noise();

	(void)state;
	whole_deflater_write(&deflater, 1, bytes, 20000, &first);
	whole_deflater_write(&deflater, 1, bytes, 20000, &second);
	assert_int_equal(buffer_length(&first), buffer_length(&second));
	assert_memory_equal(buffer_bytes(&first), buffer_bytes(&second),
		buffer_length(&first));
	whole_deflater_finish(&deflater);
	buffer_finish(&first);
	buffer_finish(&second);
	free(bytes);
}

static void little_never_pays(void **state)
{
	(void)state;
	for (int level = 1; level <= 9; level++)
		assert_false(whole_deflater_pays(level, 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_stream_stands_alone),
		cmocka_unit_test(same_bytes_again),
		cmocka_unit_test(little_never_pays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
