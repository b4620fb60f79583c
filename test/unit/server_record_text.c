/* A session as noVNC plays it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/record/record_text.h"

static void check(struct buffer *text, const char *expected)
{
	assert_int_equal(buffer_length(text), strlen(expected));
	assert_memory_equal(buffer_bytes(text), expected, strlen(expected));
	buffer_clear(text);
}

static void as_javascript(void **state)
{
	struct buffer notes = { 0 }, text = { 0 };

	(void)state;
	record_text_note(&notes, RECORD_FROM_SERVER, 0, "RFB 003.008\n", 12);
	record_text_note(&notes, RECORD_FROM_CLIENT, 4000000000U,
		"a'b\\c\0\xff\x7f ~", 10);
	record_text_note(&notes, RECORD_FROM_SERVER, 7, "", 0);
	record_text_write(&text, &notes, 1000);
	assert_int_equal(buffer_length(&notes), 0);
	check(&text,
		"'{0{RFB 003.008\\x0a',\n"
		"'}4000000000}a\\x27b\\x5cc\\x00\\xff\\x7f ~',\n"
		"'{7{',\n");
	buffer_finish(&notes);
	buffer_finish(&text);
}

/* Long sessions are not in memory twice. */
static void in_pieces(void **state)
{
	struct buffer notes = { 0 }, text = { 0 };
	int i, pieces = 0;

	(void)state;
	for (i = 0; i < 10; i++)
		record_text_note(&notes, RECORD_FROM_CLIENT, 1, "12345", 5);
	while (buffer_length(&notes) > 0) {
		record_text_write(&text, &notes, 1);
		check(&text, "'}1}12345',\n");
		pieces++;
	}
	assert_int_equal(pieces, 10);
	buffer_finish(&notes);
	buffer_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_javascript),
		cmocka_unit_test(in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
