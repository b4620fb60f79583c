/* Pixels lent to a message are those that would have been copied. */
#include "test/unit/session_fixture.h"

#include "rfb/update.h"
#include "test/unit/rfb_pictures.h"

enum { WIDE = 512, HIGH = 64, HEADS_BYTES = 4 + 12 };

/* A picture large enough to be worth lending. */
struct wide {
	struct session_config config;
	struct session_layout layout;
	struct recorder recorder;
	struct session *session;
	struct frame *frame;
};

static void wide_open(struct wide *wide)
{
	*wide = (struct wide){ .config = { .name = "wide", .workers = 2 },
		.layout = { .width = WIDE,
			.height = HIGH,
			.count = 1,
			.screens = { { 1, { 0, 0, WIDE, HIGH }, 0 } } } };
	wide->frame = picture_frame(WIDE, HIGH, PICTURE_NOISE, 7);
	recorder_init(&wide->recorder);
	wide->session = session_create(
		&wide->config, &wide->layout, &recorder_host, &wide->recorder);
	session_start(wide->session);
	SAY(wide->session, "RFB 003.008\n\1\1");
	buffer_clear(&wide->recorder.sent);
}

static void wide_close(struct wide *wide)
{
	session_destroy(wide->session);
	recorder_finish(&wide->recorder);
	assert_true(frame_is_sole(wide->frame));
	frame_unref(wide->frame);
}

static void encode(struct update *update)
{
	for (int i = 0; i < update_parts(update); i++)
		update_encode(update, i);
}

static void run_update(struct wide *wide)
{
	struct update *update =
		session_begin_update(wide->session, wide->frame);

	assert_non_null(update);
	encode(update);
	session_end_update(wide->session, update);
}

/* One rectangle of all that was asked for, pixel by pixel. */
static void check_pixels(struct wide *wide, struct rect area)
{
	const struct buffer *sent = &wide->recorder.sent;
	const uint8_t *bytes = buffer_bytes(sent) + HEADS_BYTES;

	assert_int_equal(buffer_length(sent),
		HEADS_BYTES + area.width * area.height * 4);
	for (int y = 0; y < area.height; y++)
		for (int x = 0; x < area.width; x++, bytes += 4) {
			uint32_t pixel =
				frame_row(wide->frame, area.y + y)[area.x + x];

			assert_int_equal(
				bytes[0] | bytes[1] << 8 | bytes[2] << 16,
				frame_colour(pixel));
		}
}

static void test_whole_rows(void **state)
{
	struct wide wide;

	(void)state;
	wide_open(&wide);
	SAY(wide.session, "\3\0\0\0\0\0\2\0\0\x40");
	run_update(&wide);
	assert_true(wide.recorder.loans > 0);
	check_pixels(&wide, (struct rect){ 0, 0, WIDE, HIGH });
	wide_close(&wide);
}

static void test_parts_of_rows(void **state)
{
	struct wide wide;

	(void)state;
	wide_open(&wide);
	SAY(wide.session, "\3\0\0\x40\0\3\1\0\0\x30");
	run_update(&wide);
	assert_int_equal(wide.recorder.loans, 1);
	check_pixels(&wide, (struct rect){ 64, 3, 256, 48 });
	wide_close(&wide);
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
		struct wide wide;

		wide_open(&wide);
		session_receive(wide.session, (const uint8_t *)formats[i], 20);
		SAY(wide.session, "\3\0\0\0\0\0\2\0\0\x40");
		run_update(&wide);
		assert_int_equal(wide.recorder.loans, 0);
		wide_close(&wide);
	}
}

/* The others' updates hold the frame as long as they need it. */
static void test_followers_share_the_loan(void **state)
{
	struct wide one, other;
	struct update *lead, *follower;

	(void)state;
	wide_open(&one);
	wide_open(&other);
	SAY(one.session, "\3\0\0\0\0\0\2\0\0\x40");
	SAY(other.session, "\3\0\0\0\0\0\2\0\0\x40");
	lead = session_begin_update(one.session, one.frame);
	follower = session_begin_update(other.session, one.frame);
	assert_true(update_is_like(follower, lead));
	update_follow(follower, lead);
	encode(lead);
	update_copy_parts(follower, lead);
	session_end_update(one.session, lead);
	assert_false(frame_is_sole(one.frame));
	session_end_update(other.session, follower);
	assert_int_equal(other.recorder.loans, one.recorder.loans);
	check_pixels(&one, (struct rect){ 0, 0, WIDE, HIGH });
	check_pixels(&other, (struct rect){ 0, 0, WIDE, HIGH });
	wide_close(&other);
	wide_close(&one);
}

static bool is_slight(const char *wishes, size_t length)
{
	struct wide wide;
	struct update *update;
	bool slight;

	wide_open(&wide);
	session_receive(wide.session, (const uint8_t *)wishes, length);
	update = session_begin_update(wide.session, wide.frame);
	slight = update_is_slight(update);
	encode(update);
	session_end_update(wide.session, update);
	wide_close(&wide);
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
