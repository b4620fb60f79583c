/* One encoding for several viewers gives each what it would have had alone. */
#include "test/unit/session_fixture.h"

#include "rfb/update.h"

#define ALL_AT_ONCE "\3\0\0\0\0\0\0\x40\0\x30"
#define HEXTILE "\2\0\0\1\0\0\0\5"
#define HEXTILE_AND_NAME "\2\0\0\2\0\0\0\5\xff\xff\xfe\xcd"
#define TIGHT "\2\0\0\1\0\0\0\7"
#define TIGHT_AND_PNG "\2\0\0\2\0\0\0\7\xff\xff\xfe\xfc"
#define ZRLE "\2\0\0\1\0\0\0\x10"

struct pair {
	struct fixture *one, *other;
};

static void pair_open(struct pair *pair)
{
	size_t i;

	pair->one = fixture_open(WIDTH, HEIGHT);
	pair->other = fixture_open(WIDTH, HEIGHT);
	for (i = 0; i < pair->one->frame->stride * HEIGHT; i++)
		pair->one->frame->pixels[i] = (uint8_t)(i * 7 / 5);
	fixture_log_in(pair->one);
	fixture_log_in(pair->other);
}

static void pair_close(struct pair *pair)
{
	fixture_close(pair->one);
	fixture_close(pair->other);
}

static struct update *begin(struct pair *pair, struct fixture *f)
{
	struct update *update =
		session_begin_update(f->session, pair->one->frame);

	assert_non_null(update);
	return update;
}

static void test_same_bytes(void **state)
{
	struct update *lead, *follower;
	struct pair pair;

	(void)state;
	pair_open(&pair);
	SAY(pair.one->session, HEXTILE ALL_AT_ONCE);
	SAY(pair.other->session, HEXTILE_AND_NAME ALL_AT_ONCE);
	lead = begin(&pair, pair.one);
	follower = begin(&pair, pair.other);
	assert_true(update_is_like(follower, lead));
	update_follow(follower, lead);
	assert_int_equal(update_parts(follower), 0);
	fixture_encode(lead);
	update_copy_parts(follower, lead);
	session_end_update(pair.other->session, follower);
	session_end_update(pair.one->session, lead);
	/* The other has the desktop's name before the same rectangles. */
	TAKES(&pair.one->recorder, "\0\0\0\1");
	TAKES(&pair.other->recorder,
		"\0\0\0\2\0\0\0\0\0\0\0\0\xff\xff\xfe"
		"\xcd\0\0\0\4test");
	assert_int_equal(buffer_length(&pair.one->recorder.sent),
		buffer_length(&pair.other->recorder.sent));
	assert_memory_equal(buffer_bytes(&pair.one->recorder.sent),
		buffer_bytes(&pair.other->recorder.sent),
		buffer_length(&pair.one->recorder.sent));
	pair_close(&pair);
}

/* The streams that either has with its viewer are left as they are. */
static void test_tight_alone(void **state)
{
	struct update *lead, *follower;
	struct pair pair;
	uint8_t control;

	(void)state;
	pair_open(&pair);
	/* As noVNC has it. */
	SAY(pair.one->session, TIGHT_AND_PNG ALL_AT_ONCE);
	SAY(pair.other->session, TIGHT_AND_PNG ALL_AT_ONCE);
	lead = begin(&pair, pair.one);
	follower = begin(&pair, pair.other);
	assert_true(update_is_like(follower, lead));
	update_follow(follower, lead);
	fixture_encode(lead);
	update_copy_parts(follower, lead);
	session_end_update(pair.other->session, follower);
	session_end_update(pair.one->session, lead);
	assert_int_equal(buffer_length(&pair.one->recorder.sent),
		buffer_length(&pair.other->recorder.sent));
	/* The first rectangle's control byte: a stream, and its reset. */
	control = buffer_bytes(&pair.other->recorder.sent)[4 + 12];
	assert_int_equal(control & 0x0f, 1 << (control >> 4 & 3));
	pair_close(&pair);
}

/* Who is drawn the pointer into the picture, shares while it is in both at the
 * same place. */
static void test_painted_pointers(void **state)
{
	struct cursor_image *cursor = cursor_image_create(5, 5);
	struct update *lead, *follower;
	struct pair pair;
	int x;

	(void)state;
	memset(cursor->pixels, 0xff, 5 * 5 * sizeof(cursor->pixels[0]));
	pair_open(&pair);
	for (x = 10; x <= 20; x += 10) {
		session_set_cursor(pair.one->session, cursor);
		session_set_cursor(pair.other->session, cursor);
		session_set_pointer(pair.one->session, 10, 10);
		session_set_pointer(pair.other->session, x, 10);
		SAY(pair.one->session, HEXTILE ALL_AT_ONCE);
		SAY(pair.other->session, HEXTILE ALL_AT_ONCE);
		assert_true(session_paints_cursor(pair.one->session));
		lead = begin(&pair, pair.one);
		follower = begin(&pair, pair.other);
		assert_int_equal(update_is_like(follower, lead), x == 10);
		fixture_encode(lead);
		fixture_encode(follower);
		session_end_update(pair.one->session, lead);
		session_end_update(pair.other->session, follower);
	}
	pair_close(&pair);
	cursor_image_unref(cursor);
}

static void check_unlike(const char *ask_one, size_t length_one,
	const char *ask_other, size_t length_other)
{
	struct update *lead, *follower;
	struct pair pair;

	pair_open(&pair);
	session_receive(
		pair.one->session, (const uint8_t *)ask_one, length_one);
	session_receive(
		pair.other->session, (const uint8_t *)ask_other, length_other);
	lead = begin(&pair, pair.one);
	follower = begin(&pair, pair.other);
	assert_false(update_is_like(follower, lead));
	fixture_encode(lead);
	fixture_encode(follower);
	session_end_update(pair.one->session, lead);
	session_end_update(pair.other->session, follower);
	pair_close(&pair);
}
#define CHECK_UNLIKE(one, other)                                               \
	check_unlike(one, sizeof(one) - 1, other, sizeof(other) - 1)

static void test_unlike(void **state)
{
	(void)state;
	CHECK_UNLIKE(HEXTILE ALL_AT_ONCE, ALL_AT_ONCE);
	CHECK_UNLIKE(HEXTILE ALL_AT_ONCE, HEXTILE "\3\0\0\0\0\0\0\x40\0\x2f");
	CHECK_UNLIKE(HEXTILE ALL_AT_ONCE, HEXTILE
		"\0\0\0\0\x20\x18\0\1\0\xff\0\xff\0\xff\0\x8\x10\0"
		"\0\0" ALL_AT_ONCE);
	/* One stream for ever: each viewer's is its own. */
	CHECK_UNLIKE(ZRLE ALL_AT_ONCE, ZRLE ALL_AT_ONCE);
}

/* The follower leaves while the workers are at it. */
static void test_follower_leaves(void **state)
{
	struct update *lead, *follower;
	struct pair pair;

	(void)state;
	pair_open(&pair);
	SAY(pair.one->session, HEXTILE ALL_AT_ONCE);
	SAY(pair.other->session, HEXTILE ALL_AT_ONCE);
	lead = begin(&pair, pair.one);
	follower = begin(&pair, pair.other);
	update_follow(follower, lead);
	SAY(pair.other->session, "\x7f");
	assert_int_equal(pair.other->recorder.closes, 1);
	fixture_encode(lead);
	update_copy_parts(follower, lead);
	session_end_update(pair.other->session, follower);
	session_end_update(pair.one->session, lead);
	assert_int_equal(buffer_length(&pair.other->recorder.sent), 0);
	pair_close(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_tight_alone),
		cmocka_unit_test(test_painted_pointers),
		cmocka_unit_test(test_unlike),
		cmocka_unit_test(test_follower_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
