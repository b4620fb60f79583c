/* Pixels lent to a message are those that would have been copied. */
#include "test/unit/session_fixture.h"

#include "rfb/update.h"
#include "test/unit/rfb_pictures.h"

enum { WIDE = 512, HIGH = 64, HEADS_BYTES = 4 + 12 };

/* With a picture large enough to be worth lending. */
static struct fixture *wide_open(void)
{
	struct fixture *f = fixture_open(WIDE, HIGH);

	f->config.workers = 2;
	frame_unref(f->frame);
	f->frame = picture_frame(WIDE, HIGH, PICTURE_NOISE, 7);
	fixture_log_in(f);
	return f;
}

static void wide_close(struct fixture *f)
{
	struct frame *frame = frame_ref(f->frame);

	fixture_close(f);
	assert_true(frame_is_sole(frame));
	frame_unref(frame);
}

/* One rectangle of all that was asked for, pixel by pixel. */
static void check_pixels(struct fixture *f, struct rect area)
{
	const struct buffer *sent = &f->recorder.sent;
	const uint8_t *bytes = buffer_bytes(sent) + HEADS_BYTES;

	assert_int_equal(buffer_length(sent),
		HEADS_BYTES + area.width * area.height * 4);
	for (int y = 0; y < area.height; y++)
		for (int x = 0; x < area.width; x++, bytes += 4) {
			uint32_t pixel =
				frame_row(f->frame, area.y + y)[area.x + x];

			assert_int_equal(
				bytes[0] | bytes[1] << 8 | bytes[2] << 16,
				frame_colour(pixel));
		}
}

static void test_whole_rows(void **state)
{
	struct fixture *f = wide_open();

	(void)state;
	SAY(f->session, "\3\0\0\0\0\0\2\0\0\x40");
	fixture_draw(f);
	assert_true(f->recorder.loans > 0);
	check_pixels(f, (struct rect){ 0, 0, WIDE, HIGH });
	wide_close(f);
}

static void test_parts_of_rows(void **state)
{
	struct fixture *f = wide_open();

	(void)state;
	SAY(f->session, "\3\0\0\x40\0\3\1\0\0\x30");
	fixture_draw(f);
	assert_int_equal(f->recorder.loans, 1);
	check_pixels(f, (struct rect){ 64, 3, 256, 48 });
	wide_close(f);
}

/* The top byte means nothing to us, but might to a viewer of depth 32; other
 * formats are not the frame's. */
static void test_other_formats_are_converted(void **state)
{
	static const char *const formats[] = {
		"\0\0\0\0\x20\x20\0\1\0\xff\0\xff\0\xff\x10\x8\0\0\0\0",
		"\0\0\0\0\x20\x18\1\1\0\xff\0\xff\0\xff\x10\x8\0\0\0\0",
		"\0\0\0\0\x20\x18\0\1\0\xff\0\xff\0\xff\0\x8\x10\0\0\0",
		"\0\0\0\0\x10\x10\0\1\0\x1f\0\x3f\0\x1f\xb\x5\0\0\0\0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct fixture *f = wide_open();

		session_receive(f->session, (const uint8_t *)formats[i], 20);
		SAY(f->session, "\3\0\0\0\0\0\2\0\0\x40");
		fixture_draw(f);
		assert_int_equal(f->recorder.loans, 0);
		wide_close(f);
	}
}

/* The others' updates hold the frame as long as they need it. */
static void test_followers_share_the_loan(void **state)
{
	struct fixture *one = wide_open(), *other = wide_open();
	struct update *lead, *follower;

	(void)state;
	SAY(one->session, "\3\0\0\0\0\0\2\0\0\x40");
	SAY(other->session, "\3\0\0\0\0\0\2\0\0\x40");
	lead = session_begin_update(one->session, one->frame);
	follower = session_begin_update(other->session, one->frame);
	assert_true(update_is_like(follower, lead));
	update_follow(follower, lead);
	fixture_encode(lead);
	update_copy_parts(follower, lead);
	session_end_update(one->session, lead);
	assert_false(frame_is_sole(one->frame));
	session_end_update(other->session, follower);
	assert_int_equal(other->recorder.loans, one->recorder.loans);
	check_pixels(one, (struct rect){ 0, 0, WIDE, HIGH });
	check_pixels(other, (struct rect){ 0, 0, WIDE, HIGH });
	wide_close(other);
	wide_close(one);
}

static bool is_slight(const char *wishes, size_t length)
{
	struct fixture *f = wide_open();
	struct update *update;
	bool slight;

	session_receive(f->session, (const uint8_t *)wishes, length);
	update = session_begin_update(f->session, f->frame);
	slight = update_is_slight(update);
	fixture_end(f, update);
	wide_close(f);
	return slight;
}

#define HEXTILE_AND_CURSOR "\2\0\0\2\0\0\0\5\xff\xff\xff\x11"
#define ALL "\3\0\0\0\0\0\2\0\0\x40"
#define SOME "\3\0\0\0\0\0\0\x40\0\x40"
#define SIXTEEN_BITS "\0\0\0\0\x10\x10\0\1\0\x1f\0\x3f\0\x1f\xb\5\0\0\0\0"
#define IS_SLIGHT(literal) is_slight(literal, sizeof(literal) - 1)

/* What no worker need be woken for. */
static void test_what_is_slight(void **state)
{
	(void)state;
	assert_true(IS_SLIGHT(ALL));
	assert_false(IS_SLIGHT(SIXTEEN_BITS ALL));
	assert_false(IS_SLIGHT(HEXTILE_AND_CURSOR ALL));
	assert_true(IS_SLIGHT(HEXTILE_AND_CURSOR SOME));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_rows),
		cmocka_unit_test(test_parts_of_rows),
		cmocka_unit_test(test_other_formats_are_converted),
		cmocka_unit_test(test_followers_share_the_loan),
		cmocka_unit_test(test_what_is_slight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
