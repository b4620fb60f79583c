/* One encoding for several viewers gives each what it would have had alone. */
#include "test/unit/session_fixture.h"

#include <zlib.h>

#include "rfb/update.h"

#define ALL_AT_ONCE "\3\0\0\0\0\0\0\x40\0\x30"
#define HEXTILE "\2\0\0\1\0\0\0\5"
#define HEXTILE_AND_NAME "\2\0\0\2\0\0\0\5\xff\xff\xfe\xcd"
#define TIGHT "\2\0\0\1\0\0\0\7"
#define TIGHT_AND_PNG "\2\0\0\2\0\0\0\7\xff\xff\xfe\xfc"
/* With compression 9, so that what repeats is looked for. */
#define ZRLE "\2\0\0\2\0\0\0\x10\xff\xff\xff\x09"
#define ZLIB "\2\0\0\2\0\0\0\x06\xff\xff\xff\x09"

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
}

/* ---- one stream for ever ---- */

/* Noise, which repeats only itself; the same for the same seed. */
static void paint(struct pair *pair, unsigned seed)
{
	struct frame *frame = pair->one->frame;
	size_t i;

	for (i = 0; i < frame->stride * HEIGHT; i++) {
		seed = seed * 1103515245 + 12345;
		frame->pixels[i] = (uint8_t)(seed >> 16);
	}
}

static struct update *ask(struct pair *pair, struct fixture *f)
{
	SAY(f->session, ALL_AT_ONCE);
	return begin(pair, f);
}

static void send_own(struct pair *pair, struct fixture *f)
{
	struct update *update = ask(pair, f);

	fixture_encode(update);
	session_end_update(f->session, update);
}

static void send_both(struct pair *pair)
{
	struct update *lead = ask(pair, pair->one);
	struct update *follower = ask(pair, pair->other);

	assert_true(update_is_like(follower, lead));
	update_follow(follower, lead);
	fixture_encode(lead);
	update_copy_parts(follower, lead);
	session_end_update(pair->other->session, follower);
	session_end_update(pair->one->session, lead);
}

/* What was sent is one rectangle; the start of its pixels' bytes. */
static void inflate_sent(
	z_stream *stream, struct fixture *f, uint8_t *plain, size_t size)
{
	struct buffer *sent = &f->recorder.sent;
	const size_t head = 4 + 12 + 4;

	assert_true(buffer_length(sent) > head);
	stream->next_in = buffer_bytes(sent) + head;
	stream->avail_in = (uInt)(buffer_length(sent) - head);
	stream->next_out = plain;
	stream->avail_out = (uInt)size;
	assert_int_equal(inflate(stream, Z_SYNC_FLUSH), Z_OK);
	assert_int_equal(stream->avail_in, 0);
	assert_int_equal(stream->avail_out, 0);
	buffer_clear(sent);
}

/* Both viewers' decoders get the same pixels, each out of its one stream. */
static void check_same_pixels(
	struct pair *pair, z_stream streams[2], size_t size)
{
	uint8_t *one = malloc(size), *other = malloc(size);

	inflate_sent(&streams[0], pair->one, one, size);
	inflate_sent(&streams[1], pair->other, other, size);
	assert_memory_equal(one, other, size);
	free(one);
	free(other);
}

static void check_stream_goes_on(struct pair *pair, size_t size)
{
	z_stream streams[2] = { 0 };
	uint8_t *plain = malloc(size);
	int i;

	for (i = 0; i < 2; i++)
		assert_int_equal(inflateInit(&streams[i]), Z_OK);
	send_both(pair); /* which begins both streams */
	check_same_pixels(pair, streams, size);
	/* They remember different pictures. */
	paint(pair, 1);
	send_own(pair, pair->one);
	inflate_sent(&streams[0], pair->one, plain, size);
	paint(pair, 2);
	send_own(pair, pair->other);
	inflate_sent(&streams[1], pair->other, plain, size);
	/* What only the lead remembers; then what neither has just before. */
	paint(pair, 1);
	send_both(pair);
	check_same_pixels(pair, streams, size);
	paint(pair, 2);
	send_own(pair, pair->one);
	send_own(pair, pair->other);
	check_same_pixels(pair, streams, size);
	for (i = 0; i < 2; i++)
		inflateEnd(&streams[i]);
	free(plain);
}

static void test_streams_go_on(void **state)
{
	struct pair pair;

	(void)state;
	pair_open(&pair);
	SAY(pair.one->session, ZRLE);
	SAY(pair.other->session, ZRLE);
	check_stream_goes_on(&pair, 1 + (size_t)WIDTH * HEIGHT * 3);
	pair_close(&pair);
	pair_open(&pair);
	SAY(pair.one->session, ZLIB);
	SAY(pair.other->session, ZLIB);
	check_stream_goes_on(&pair, (size_t)WIDTH * HEIGHT * 4);
	pair_close(&pair);
}

/* One stream began, the other did not: its beginning is two bytes more. */
static void test_late_comer(void **state)
{
	struct update *lead, *follower;
	struct pair pair;

	(void)state;
	pair_open(&pair);
	SAY(pair.one->session, ZRLE);
	SAY(pair.other->session, ZRLE);
	send_own(&pair, pair.one);
	lead = ask(&pair, pair.one);
	follower = ask(&pair, pair.other);
	assert_false(update_is_like(follower, lead));
	fixture_encode(lead);
	fixture_encode(follower);
	session_end_update(pair.one->session, lead);
	session_end_update(pair.other->session, follower);
	send_both(&pair);
	pair_close(&pair);
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
		cmocka_unit_test(test_streams_go_on),
		cmocka_unit_test(test_late_comer),
		cmocka_unit_test(test_follower_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
