/* What each message does for viewers with each kind of rights: who may not
 * control or share the clipboard says what he likes, and nothing comes of it.
 */
#include "test/unit/session_fixture.h"

#include "base/initialiser.h"
#include "rfb/message.h"

#define TEXT CLIPBOARD_BIT(CLIPBOARD_TEXT)

enum effect { NOTHING, CONTROLS, SHARES };

struct row {
	const char *what;
	enum effect effect;
	const char *bytes;
	size_t length;
};

#define ROW(what, effect, literal)                                             \
	INITIALISER(what, effect, literal, sizeof(literal) - 1)

/* What a viewer can be told of, so that it may use it: keys of QEMU, more
 * buttons, the screen's size, the Extended Clipboard, continuous updates and
 * fences. */
#define LISTED                                                                 \
	"\2\0\0\7\xff\xff\xfe\xfe\xff\xff\xfe\xc4\xff\xff\xfe\xcc"             \
	"\xc0\xa1\xe5\xce\xff\xff\xfe\xc7\xff\xff\xfe\xc8\0\0\0\0"
#define ASK "\3\1\0\0\0\0\0\x40\0\x30"

/* Every type that is one; in an order in which each has something to do. */
static const struct row rows[] = {
	ROW("SetPixelFormat", NOTHING,
		"\0\0\0\0\x20\x18\0\1\0\xff\0\xff\0\xff\x10\x8\0\0\0\0"),
	ROW("SetEncodings", NOTHING, LISTED),
	ROW("FramebufferUpdateRequest", NOTHING, ASK),
	ROW("KeyEvent", CONTROLS, "\4\1\0\0\0\0\0a"),
	ROW("KeyEvent up", CONTROLS, "\4\0\0\0\0\0\0a"),
	ROW("PointerEvent", CONTROLS, "\5\0\0\1\0\2"),
	ROW("PointerEvent with a button", CONTROLS, "\5\1\0\1\0\2"),
	ROW("PointerEvent with a ninth button", CONTROLS, "\5\x80\0\1\0\2\2"),
	ROW("QEMU's key", CONTROLS, "\xff\0\0\1\0\0\0b\0\0\0\x30"),
	ROW("QEMU's key up", CONTROLS, "\xff\0\0\0\0\0\0b\0\0\0\x30"),
	ROW("QEMU's key without a symbol", CONTROLS,
		"\xff\0\0\1\0\0\0\0\0\0\0\x1e"),
	ROW("SetDesktopSize", CONTROLS,
		"\xfb\0\0\x40\0\x40\1\0\0\0\0\1\0\0\0\0\0\x40\0\x40\0\0\0\0"),
	ROW("ClientCutText", SHARES, "\6\0\0\0\0\0\0\2hi"),
	ROW("the clipboard's Caps", NOTHING,
		"\6\0\0\0\xff\xff\xff\xf8\x1f\0\0\1\0\0\0\0"),
	ROW("its Notify", SHARES, "\6\0\0\0\xff\xff\xff\xfc\x08\0\0\1"),
	ROW("its Provide", SHARES,
		"\6\0\0\0\xff\xff\xff\xed\x10\0\0\1"
		"\x78\xda\x62\x60\x60\x60\xce\xc8\x64\x00\x00\x00\x00\xff\xff"),
	ROW("its Request", SHARES, "\6\0\0\0\xff\xff\xff\xfc\x02\0\0\1"),
	ROW("its Peek", NOTHING, "\6\0\0\0\xff\xff\xff\xfc\x04\0\0\0"),
	ROW("EnableContinuousUpdates", NOTHING, "\x96\1\0\0\0\0\0\x40\0\x30"),
	ROW("ClientFence", NOTHING, "\xf8\0\0\0\0\0\0\1\1x"),
	ROW("SetScale", NOTHING, "\x08\1\0\0"),
	ROW("SetScaleFactor", NOTHING, "\x0f\1\0\0"),
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static int controlled(const struct recorder *recorder)
{
	return recorder->keys + recorder->releases + recorder->points +
	       recorder->nudges + recorder->resizes;
}

static int shared(const struct recorder *recorder)
{
	return recorder->offers + recorder->gifts + recorder->refusals +
	       recorder->wants;
}

static void log_in(struct fixture *f, struct session_rights rights)
{
	const struct session_transport inside_tls = { .encrypted = true };

	f->config.checks_users = true;
	session_set_transport(f->session, &inside_tls);
	session_start(f->session);
	SAY(f->session,
		"RFB 003.008\n\x13\0\2\0\0\1\0\0\0\0\1\0\0\0\1"
		"ab\1");
	session_login_checked(f->session, &rights);
	assert_int_equal(f->recorder.logins, 1);
	buffer_clear(&f->recorder.sent);
}

static void draw_now(struct fixture *f)
{
	fixture_draw(f);
	buffer_clear(&f->recorder.sent);
}

/* What it was told of counts once a picture follows. */
static void draw(struct fixture *f)
{
	SAY(f->session, LISTED "\3\0\0\0\0\0\0\x40\0\x30");
	draw_now(f);
}

static void say(
	struct fixture *f, const struct row *row, struct session_rights rights)
{
	const int control = controlled(&f->recorder);
	const int share = shared(&f->recorder);

	session_receive(f->session, (const uint8_t *)row->bytes, row->length);
	if (f->recorder.closes != 0)
		fail_msg("%s ended it: %s", row->what, f->recorder.reason);
	if ((controlled(&f->recorder) != control) !=
		(row->effect == CONTROLS && rights.control))
		fail_msg("%s, control %d", row->what, rights.control);
	if ((shared(&f->recorder) != share) !=
		(row->effect == SHARES && rights.clipboard))
		fail_msg("%s, clipboard %d", row->what, rights.clipboard);
}

static void fresh(void **state)
{
	fixture_tear_down(state);
	fixture_set_up(state);
}

static void test_each_message(void **state)
{
	int rights, i;

	for (rights = 0; rights < 4; rights++) {
		const struct session_rights may = { rights & 1, rights & 2 };
		struct fixture *f;

		fresh(state);
		f = *state;
		log_in(f, may);
		draw(f);
		session_clipboard_offer(f->session, TEXT);
		for (i = 0; i < ROWS; i++)
			say(f, &rows[i], may);
	}
}

static bool has_row(int type)
{
	int i;

	for (i = 0; i < ROWS; i++)
		if ((uint8_t)rows[i].bytes[0] == type)
			return true;
	return false;
}

/* A message that is new belongs into the table above. */
static void test_there_are_no_others(void **state)
{
	struct fixture *f = *state;
	int type;

	log_in(f, session_all_rights);
	for (type = 0; type < 256; type++) {
		const uint8_t bytes[1] = { (uint8_t)type };
		const struct message *message;
		size_t length;

		if ((message_parse(f->session, bytes, 1, &message, &length) ==
			    PARSE_BAD) == has_row(type))
			fail_msg("message %d", type);
	}
}

/* Nothing of what was copied here, in any of the ways, for a viewer that was
 * not given the clipboard; whatever it says that it can. */
static void test_what_was_copied_here(void **state)
{
	static const struct row openings[] = {
		ROW("an old viewer", NOTHING, "\2\0\0\1\0\0\0\0" ASK ASK),
		ROW("one without capabilities", NOTHING, ASK),
		ROW("one with", NOTHING,
			LISTED "\6\0\0\0\xff\xff\xff\xf8\x1f\0\0\1\0\0\0\0"),
	};
	size_t i;
	int rights;

	for (i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
		for (rights = 0; rights < 4; rights++) {
			const struct session_rights may = { rights & 1,
				rights & 2 };
			struct fixture *f;

			fresh(state);
			f = *state;
			log_in(f, may);
			draw(f);
			session_receive(f->session,
				(const uint8_t *)openings[i].bytes,
				openings[i].length);
			buffer_clear(&f->recorder.sent);
			session_clipboard_offer(f->session, TEXT);
			session_clipboard_give(
				f->session, CLIPBOARD_TEXT, "secret", 6);
			session_drained(f->session);
			if ((buffer_length(&f->recorder.sent) > 0) !=
				may.clipboard)
				fail_msg("%s, clipboard %d", openings[i].what,
					may.clipboard);
		}
}

/* With the pointer told by its motion, which is another call. */
static void test_motion(void **state)
{
	static const struct row row =
		ROW("PointerEvent by motion", CONTROLS, "\5\1\x80\1\x80\2");
	int rights;

	for (rights = 0; rights < 4; rights++) {
		const struct session_rights may = { rights & 1, rights & 2 };
		struct fixture *f;

		fresh(state);
		f = *state;
		f->config.relative_pointer = true;
		log_in(f, may);
		draw(f);
		SAY(f->session,
			"\2\0\0\2\xff\xff\xfe\xff\0\0\0\0\3\0\0\0\0\0\0\x40\0"
			"\x30");
		draw_now(f);
		session_drained(f->session);
		say(f, &row, may);
		assert_int_equal(f->recorder.nudges, may.control);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_each_message),
		SESSION_TEST(test_there_are_no_others),
		SESSION_TEST(test_what_was_copied_here),
		SESSION_TEST(test_motion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
