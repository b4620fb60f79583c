/* The same pictures give the same bytes whatever malloc() leaves in memory:
 * nothing uninitialised goes out. The program runs itself with different
 * fillings and compares what the runs print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "rfb/cursor.h"
#include "rfb/encoder.h"
#include "test/unit/rfb_pictures.h"

enum { DIGEST_TEXT = 256 };

static const char *own_path;

static unsigned long digest_of(const struct encoder *encoder,
	const struct pixel_format *format, unsigned long digest)
{
	void *state = encoder->state_create ? encoder->state_create() : NULL;
	struct encode_settings settings = { .format = *format,
		.jpeg_quality = 70,
		.jpeg_subsampling = 1,
		.compress_level = -1 };

	for (int p = 0; p < PICTURE_COUNT; p++) {
		struct frame *frame =
			picture_frame(331, 203, (enum picture)p, 3);
		struct rect_writer writer = { 0 };

		encoder->encode(
			state, &settings, frame, frame_rect(frame), &writer);
		encoder->encode(state, &settings, frame,
			(struct rect){ 7, 9, 77, 31 }, &writer);
		digest = crc32(digest, buffer_bytes(&writer.bytes),
			(uInt)buffer_length(&writer.bytes));
		rect_writer_finish(&writer);
		frame_unref(frame);
	}
	if (encoder->state_destroy)
		encoder->state_destroy(state);
	return digest;
}

static void print_digest(void)
{
	for (int e = 0; e < ENCODER_COUNT; e++) {
		unsigned long digest = 0;

		for (int f = 0; f < PICTURE_FORMATS; f++)
			digest = digest_of(encoder_table[e],
				&picture_formats[f].format, digest);
		printf("%s %08lx ", encoder_table[e]->name, digest);
	}
	printf("\n");
}

/* `byte` for glibc, and for the allocator of AddressSanitizer. */
static void run(int byte, char *text)
{
	char command[1024];
	FILE *pipe;

	snprintf(command, sizeof(command),
		"MALLOC_PERTURB_=%d ASAN_OPTIONS=max_malloc_fill_size="
		"268435456:malloc_fill_byte=%d '%s' digest",
		byte, byte, own_path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(text, DIGEST_TEXT, pipe));
	assert_int_equal(pclose(pipe), 0);
}

static void memory_does_not_show(void **state)
{
	static const int fillings[] = { 255, 1, 170 };
	char first[DIGEST_TEXT], other[DIGEST_TEXT];

	(void)state;
	run(85, first);
	assert_non_null(strstr(first, "tight "));
	for (size_t i = 0; i < sizeof(fillings) / sizeof(fillings[0]); i++) {
		run(fillings[i], other);
		assert_string_equal(first, other);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_does_not_show),
	};

	own_path = argv[0];
	if (argc > 1) {
		print_digest();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
