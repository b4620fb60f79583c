/* What SetDesktopSize may ask for, and what it is answered: hostile sizes,
 * screens that leave the picture, viewers that may only watch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rfb/session_state.h"
#include "test/unit/session_fixture.h"

enum { RESIZED = 0, PROHIBITED = 1, NO_RESOURCES = 2, BAD_LAYOUT = 3 };

struct asked {
	int status, width, height, count;
	struct rect rects[3];
};

static const struct asked asked_table[] = {
	{ RESIZED, 800, 600, 1, { { 0, 0, 800, 600 } } },
	{ RESIZED, 32, 32, 1, { { 0, 0, 32, 32 } } },
	{ RESIZED, 800, 600, 2, { { 0, 0, 400, 600 }, { 400, 0, 400, 600 } } },
	/* A gap is no fault. */
	{ RESIZED, 800, 600, 1, { { 10, 10, 100, 100 } } },
	{ RESIZED, 16384, 4096, 1, { { 0, 0, 16384, 4096 } } },
	{ BAD_LAYOUT, 0, 0, 1, { { 0, 0, 0, 0 } } },
	{ BAD_LAYOUT, 800, 0, 1, { { 0, 0, 800, 0 } } },
	{ BAD_LAYOUT, 0, 600, 1, { { 0, 0, 0, 600 } } },
	{ BAD_LAYOUT, 1, 1, 1, { { 0, 0, 1, 1 } } },
	{ BAD_LAYOUT, 1, 65535, 1, { { 0, 0, 1, 65535 } } },
	{ BAD_LAYOUT, 65535, 1, 1, { { 0, 0, 65535, 1 } } },
	{ BAD_LAYOUT, 65535, 65535, 1, { { 0, 0, 65535, 65535 } } },
	{ BAD_LAYOUT, 32768, 32, 1, { { 0, 0, 32768, 32 } } },
	{ NO_RESOURCES, 32767, 32767, 1, { { 0, 0, 32767, 32767 } } },
	{ NO_RESOURCES, 16384, 4097, 1, { { 0, 0, 16384, 4097 } } },
	{ BAD_LAYOUT, 800, 600, 0, { { 0, 0, 0, 0 } } },
	{ BAD_LAYOUT, 800, 600, 1, { { 1, 0, 800, 600 } } },
	{ BAD_LAYOUT, 800, 600, 1, { { 65535, 65535, 800, 600 } } },
	{ BAD_LAYOUT, 800, 600, 1, { { 0, 0, 800, 1 } } },
	{ BAD_LAYOUT, 800, 600, 1, { { 0, 0, 800, 0 } } },
	{ BAD_LAYOUT, 800, 600, 2,
		{ { 0, 0, 800, 600 }, { 400, 0, 400, 600 } } },
	{ BAD_LAYOUT, 800, 600, 2, { { 0, 0, 800, 600 }, { 0, 0, 0, 0 } } },
};

static void put_u16(struct buffer *to, int value)
{
	buffer_u16(to, (uint16_t)value);
}

static void ask(struct fixture *f, const struct asked *asked, int count)
{
	struct buffer message = { 0 };
	int i;

	buffer_u8(&message, 251);
	buffer_u8(&message, 0);
	put_u16(&message, asked->width);
	put_u16(&message, asked->height);
	buffer_u8(&message, (uint8_t)count);
	buffer_u8(&message, 0);
	for (i = 0; i < count; i++) {
		const struct rect *rect = &asked->rects[i % 3];

		buffer_u32(&message, 0xffffffff);
		put_u16(&message, rect->x);
		put_u16(&message, rect->y);
		put_u16(&message, rect->width);
		put_u16(&message, rect->height);
		buffer_u32(&message, 0);
	}
	session_receive(
		f->session, buffer_bytes(&message), buffer_length(&message));
	buffer_finish(&message);
}

/* The status in the ExtendedDesktopSize that is owed now. */
static int answer(struct fixture *f)
{
	const uint8_t *bytes;

	buffer_consume(&f->recorder.sent, buffer_length(&f->recorder.sent));
	assert_null(session_begin_update(f->session, f->frame));
	bytes = buffer_bytes(&f->recorder.sent);
	/* One rectangle; reason 1, the status, and the size as it is. */
	assert_int_equal(bytes[3], 1);
	assert_int_equal(bytes[5], 1);
	assert_int_equal(bytes[8] << 8 | bytes[9], f->layout.width);
	assert_int_equal(bytes[10] << 8 | bytes[11], f->layout.height);
	return bytes[7];
}

static void learn(struct fixture *f)
{
	fixture_log_in(f);
	session_receive(
		f->session, (const uint8_t *)"\2\0\0\1\xff\xff\xfe\xcc"
				 "\3\1\0\0\0\0\0\x40\0\x30",
		18);
	session_begin_update(f->session, f->frame);
}

static void test_sizes(void **state)
{
	struct fixture *f = *state;
	int done = 0;

	learn(f);
	for (size_t i = 0; i < sizeof(asked_table) / sizeof(asked_table[0]);
		i++) {
		const struct asked *asked = &asked_table[i];

		ask(f, asked, asked->count);
		assert_int_equal(answer(f), asked->status);
		done += asked->status == RESIZED;
		assert_int_equal(f->recorder.resizes, done);
	}
	assert_int_equal(done, 5);
}

static void test_too_many_screens(void **state)
{
	struct fixture *f = *state;

	learn(f);
	ask(f, &asked_table[0], 255);
	assert_int_equal(answer(f), NO_RESOURCES);
	assert_int_equal(f->recorder.resizes, 0);
}

static void test_the_hosts_answer(void **state)
{
	struct fixture *f = *state;

	learn(f);
	f->recorder.resize_status = SESSION_RESIZE_NO_RESOURCES;
	ask(f, &asked_table[2], 2);
	assert_int_equal(answer(f), NO_RESOURCES);
	assert_int_equal(f->recorder.wanted_layout.width, 800);
	assert_int_equal(f->recorder.wanted_layout.count, 2);
	assert_int_equal(f->recorder.wanted_layout.screens[1].rect.x, 400);
}

static void test_watchers_do_not_resize(void **state)
{
	struct fixture *f = *state;

	learn(f);
	f->session->rights = session_watch_only;
	ask(f, &asked_table[0], 1);
	assert_int_equal(answer(f), PROHIBITED);
	assert_int_equal(f->recorder.resizes, 0);
}

static void test_no_resize(void **state)
{
	struct fixture *f = *state;

	learn(f);
	f->config.no_resize = true;
	ask(f, &asked_table[0], 1);
	assert_int_equal(answer(f), PROHIBITED);
	assert_int_equal(f->recorder.resizes, 0);
}

/* Another viewer's doing has its own reason; an answer that is owed stays. */
static void test_reasons(void **state)
{
	struct fixture *f = *state;
	const uint8_t *bytes;

	learn(f);
	f->layout.width = 40;
	session_resize(f->session, &f->layout, true);
	buffer_consume(&f->recorder.sent, buffer_length(&f->recorder.sent));
	session_receive(
		f->session, (const uint8_t *)"\3\1\0\0\0\0\0\x40\0\x30", 10);
	session_begin_update(f->session, f->frame);
	bytes = buffer_bytes(&f->recorder.sent);
	assert_int_equal(bytes[5], 2);
	ask(f, &asked_table[0], 1);
	session_resize(f->session, &f->layout, true);
	assert_int_equal(answer(f), RESIZED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_sizes),
		SESSION_TEST(test_too_many_screens),
		SESSION_TEST(test_the_hosts_answer),
		SESSION_TEST(test_watchers_do_not_resize),
		SESSION_TEST(test_no_resize),
		SESSION_TEST(test_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
