/* Copy and paste through a session, as each kind of viewer does it. */
#include "test/unit/session_fixture.h"

#include <zlib.h>

#include "rfb/clipboard_form.h"
#include "rfb/extended_clipboard.h"

#define TEXT CLIPBOARD_BIT(CLIPBOARD_TEXT)
#define HTML CLIPBOARD_BIT(CLIPBOARD_HTML)

/* SetEncodings with the Extended Clipboard alone, and what we say to that. */
#define LISTED "\2\0\0\1\xc0\xa1\xe5\xce"
#define OUR_CAPS                                                               \
	"\3\0\0\0\xff\xff\xff\xec\x1f\0\0\x0f"                                 \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
/* noVNC's and TigerVNC's capabilities. */
#define CAPS "\6\0\0\0\xff\xff\xff\xf8\x1f\0\0\1\0\0\0\0"
#define ASK "\3\1\0\0\0\0\0\x40\0\x30"

static void draw(struct fixture *f)
{
	fixture_draw(f);
	buffer_clear(&f->recorder.sent);
}

static void say_provide(struct fixture *f, uint32_t flags, const void *stream,
	size_t count, size_t piece)
{
	struct buffer message = { 0 };
	size_t at = 0;

	buffer_append(&message, "\6\0\0\0", 4);
	buffer_s32(&message, -(int32_t)(count + 4));
	buffer_u32(&message, flags);
	buffer_append(&message, stream, count);
	while (at < buffer_length(&message)) {
		size_t step = buffer_length(&message) - at;

		if (step > piece)
			step = piece;
		session_receive(f->session, buffer_bytes(&message) + at, step);
		at += step;
	}
	buffer_finish(&message);
}

/* A zlib stream of one form; `flush` as zlib has it. */
static size_t pack(const void *bytes, size_t count, uint32_t length, int flush,
	uint8_t *to, size_t room)
{
	z_stream stream = { .next_out = to, .avail_out = (uInt)room };
	struct buffer all = { 0 };

	buffer_u32(&all, length);
	buffer_append(&all, bytes, count);
	assert_int_equal(deflateInit(&stream, 9), Z_OK);
	stream.next_in = buffer_bytes(&all);
	stream.avail_in = (uInt)buffer_length(&all);
	deflate(&stream, flush);
	deflateEnd(&stream);
	buffer_finish(&all);
	return room - stream.avail_out;
}

/* The Provide that was sent, unpacked; its flags. */
static uint32_t read_provide(struct fixture *f, struct clipboard_parts *parts)
{
	struct reader reader;
	uint32_t length, flags;

	TAKES(&f->recorder, "\3\0\0\0");
	reader_init(&reader, buffer_bytes(&f->recorder.sent),
		buffer_length(&f->recorder.sent));
	length = -reader_u32(&reader);
	flags = reader_u32(&reader);
	assert_int_equal(reader_left(&reader), length - 4);
	*parts = (struct clipboard_parts){ 0 };
	extended_clipboard_inflate(flags, reader_take(&reader, length - 4),
		length - 4, 1 << 20, parts);
	buffer_clear(&f->recorder.sent);
	return flags;
}

static void test_a_viewer_that_announces(void **state)
{
	struct fixture *f = *state;
	struct clipboard_parts parts;

	fixture_log_in(f);
	session_clipboard_offer(f->session, TEXT | HTML); /* waits */
	SAY(f->session, LISTED);
	TAKES(&f->recorder, OUR_CAPS);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	SAY(f->session, CAPS);
	TAKES(&f->recorder, "\3\0\0\0\xff\xff\xff\xfc\x08\0\0\1");
	assert_int_equal(f->recorder.wants, 0);
	/* It asks for HTML too, which it never said it can. */
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\2\0\0\5");
	assert_int_equal(f->recorder.wants, 1);
	assert_int_equal(f->recorder.wanted_forms, TEXT | HTML);
	session_clipboard_give(f->session, CLIPBOARD_TEXT, "a\n\xc3\xa9", 4);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	session_clipboard_give(f->session, CLIPBOARD_HTML, NULL, 0);
	assert_int_equal(read_provide(f, &parts), 0x10000001);
	assert_int_equal(buffer_length(&parts.part[CLIPBOARD_TEXT]), 6);
	assert_memory_equal(
		buffer_bytes(&parts.part[CLIPBOARD_TEXT]), "a\r\n\xc3\xa9", 6);
	clipboard_parts_finish(&parts);
	/* Peek: what there is. The capabilities come with every list. */
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\4\0\0\0");
	TAKES(&f->recorder, "\3\0\0\0\xff\xff\xff\xfc\x08\0\0\1");
	SAY(f->session, LISTED);
	TAKES(&f->recorder, OUR_CAPS);
	/* Nothing that was not asked for, and nothing twice. */
	session_clipboard_give(f->session, CLIPBOARD_TEXT, "b", 1);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.closes, 0);
}

/* libvncclient: it lists the encoding, and says nothing more about it. */
static void test_a_viewer_without_capabilities(void **state)
{
	struct fixture *f = *state;
	struct clipboard_parts parts;

	fixture_log_in(f);
	SAY(f->session, LISTED ASK);
	session_clipboard_offer(f->session, TEXT);
	assert_int_equal(f->recorder.wants, 0);
	draw(f);
	assert_int_equal(f->recorder.wants, 0); /* a picture, no answer yet */
	SAY(f->session, ASK);
	assert_int_equal(f->recorder.wants, 1);
	session_clipboard_give(f->session, CLIPBOARD_TEXT, "ja", 2);
	assert_int_equal(read_provide(f, &parts), 0x10000001);
	clipboard_parts_finish(&parts);
	session_clipboard_offer(f->session, TEXT);
	assert_int_equal(f->recorder.wants, 2);
}

/* One that cannot be told of a copy takes it, up to the size that it says. */
static void test_a_viewer_that_takes_some_unasked(void **state)
{
	struct fixture *f = *state;
	struct clipboard_parts parts;

	fixture_log_in(f);
	SAY(f->session, LISTED "\6\0\0\0\xff\xff\xff\xf8\x11\0\0\1\0\0\0\4");
	buffer_clear(&f->recorder.sent);
	session_clipboard_offer(f->session, TEXT);
	session_clipboard_give(f->session, CLIPBOARD_TEXT, "four", 4);
	assert_int_equal(f->recorder.wants, 1);
	assert_int_equal(buffer_length(&f->recorder.sent), 0); /* and a NUL */
	session_clipboard_offer(f->session, TEXT);
	session_clipboard_give(f->session, CLIPBOARD_TEXT, "few", 3);
	assert_int_equal(read_provide(f, &parts), 0x10000001);
	clipboard_parts_finish(&parts);
}

static void test_an_old_viewer(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	session_clipboard_offer(f->session, HTML | TEXT);
	assert_int_equal(f->recorder.wants, 0);
	SAY(f->session, "\2\0\0\0");
	assert_int_equal(f->recorder.wanted_forms, TEXT);
	session_clipboard_give(
		f->session, CLIPBOARD_TEXT, "\xe2\x80\x9cx\xe2\x80\x9d\n", 8);
	TAKES(&f->recorder, "\3\0\0\0\0\0\0\4\"x\"\n");
	/* An answer to an older offer, and nothing to be had. */
	session_clipboard_offer(f->session, HTML);
	session_clipboard_give(f->session, CLIPBOARD_TEXT, "late", 4);
	session_clipboard_offer(f->session, TEXT);
	session_clipboard_give(f->session, CLIPBOARD_TEXT, NULL, 0);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	/* The host refuses from inside, as it does what is too long. */
	f->recorder.refuse = f->session;
	session_clipboard_offer(f->session, TEXT);
	f->recorder.refuse = NULL;
	assert_int_equal(f->recorder.wants, 3);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	SAY(f->session, "\6\0\0\0\0\0\0\3\xe9\r\n");
	assert_int_equal(f->recorder.offered, TEXT);
	assert_string_equal(f->recorder.text, "\xc3\xa9\n");
	/* Empty, and of a negative length though it cannot know that. */
	SAY(f->session, "\6\0\0\0\0\0\0\0");
	assert_int_equal(f->recorder.gifts, 2);
	assert_string_equal(f->recorder.text, "");
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\x08\0\0\1");
	assert_int_equal(f->recorder.offers, 2);
	assert_int_equal(f->recorder.closes, 0);
}

static void test_what_a_viewer_copied(void **state)
{
	struct fixture *f = *state;
	uint8_t stream[256];
	size_t length;

	fixture_log_in(f);
	SAY(f->session, LISTED CAPS);
	buffer_clear(&f->recorder.sent);
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\x08\0\0\x15");
	assert_int_equal(f->recorder.offers, 1);
	assert_int_equal(f->recorder.offered, TEXT | HTML);
	session_clipboard_want(f->session, TEXT | HTML);
	TAKES(&f->recorder, "\3\0\0\0\xff\xff\xff\xfc\2\0\0\5");
	/* noVNC's stream has no end. */
	length = pack(
		"\xd0\x96\r\ny", 6, 6, Z_FULL_FLUSH, stream, sizeof(stream));
	say_provide(f, 0x10000001, stream, length, 3);
	assert_int_equal(f->recorder.offers, 1);
	assert_string_equal(f->recorder.text, "\xd0\x96\ny");
	assert_int_equal(f->recorder.refusals, 0); /* HTML may still come */
	say_provide(f, 0x10000004, "no zlib", 7, 99);
	assert_int_equal(f->recorder.refusals, 1);
	/* Unasked, as libvncclient does it: is an offer, too. */
	length = pack("z", 2, 2, Z_FINISH, stream, sizeof(stream));
	say_provide(f, 0x10000001, stream, length, 99);
	assert_int_equal(f->recorder.offers, 2);
	assert_string_equal(f->recorder.text, "z");
	/* Announced, then unasked. */
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\x08\0\0\1");
	say_provide(f, 0x10000001, stream, length, 99);
	assert_int_equal(f->recorder.offers, 3);
	assert_int_equal(f->recorder.gifts, 3);
	assert_int_equal(f->recorder.closes, 0);
}

static void test_who_may_only_look(void **state)
{
	struct fixture *f = *state;
	uint8_t stream[64];
	size_t length = pack("z", 2, 2, Z_FINISH, stream, sizeof(stream));

	f->config.view_only = true;
	fixture_log_in(f);
	SAY(f->session, LISTED CAPS);
	buffer_clear(&f->recorder.sent);
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\x08\0\0\1");
	say_provide(f, 0x10000001, stream, length, 99);
	SAY(f->session, "\6\0\0\0\0\0\0\3abc");
	assert_int_equal(f->recorder.offers + f->recorder.gifts, 0);
	session_clipboard_offer(f->session, TEXT);
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\2\0\0\1");
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\4\0\0\0");
	assert_int_equal(f->recorder.wants, 0);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void test_directions(void **state)
{
	struct fixture *f = *state;

	f->config.no_clipboard_out = true;
	fixture_log_in(f);
	SAY(f->session, LISTED CAPS);
	TAKES(&f->recorder, OUR_CAPS);
	session_clipboard_offer(f->session, TEXT);
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\2\0\0\1");
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
	assert_int_equal(f->recorder.wants, 0);
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\x08\0\0\1");
	assert_int_equal(f->recorder.offers, 1);
	f->config.no_clipboard_in = true;
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfc\x08\0\0\1");
	assert_int_equal(f->recorder.offers, 1);
	SAY(f->session, LISTED);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

/* What is announced and what is there are two things. */
static void test_hostile_streams(void **state)
{
	enum { BOMB = 64 << 20 };
	struct fixture *f = *state;
	uint8_t *zeros = calloc(1, BOMB), *stream = malloc(1 << 17);
	size_t length;

	fixture_log_in(f);
	SAY(f->session, LISTED CAPS);
	/* A bomb, of a length that says so, and of one that lies. */
	length = pack(zeros, BOMB, BOMB, Z_FINISH, stream, 1 << 17);
	say_provide(f, 0x10000001, stream, length, 4000);
	assert_int_equal(f->recorder.gifts, 0);
	length = pack(zeros, BOMB, 1, Z_FINISH, stream, 1 << 17);
	say_provide(f, 0x1000ffff, stream, length, 4000);
	assert_int_equal(f->recorder.gifts, 2); /* empty text and RTF */
	/* More than is there, cut, and nothing at all. */
	length = pack("abc", 3, 4, Z_FINISH, stream, 1 << 17);
	say_provide(f, 0x10000001, stream, length, 4000);
	length = pack("abc", 3, 3, Z_FINISH, stream, 1 << 17);
	say_provide(f, 0x10000001, stream, length - 8, 4000);
	say_provide(f, 0x10000001, "", 0, 1);
	say_provide(f, 0xffffffff, "", 0, 1);
	say_provide(f, 0x1f00ffff, stream, length, 1);
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xff\6");
	SAY(f->session, "\6\0\0\0\xff\xff\xff\xfd\6\6\6");
	assert_int_equal(f->recorder.gifts, 2);
	assert_int_equal(f->recorder.closes, 0);
	SAY(f->session, "\4\1\0\0\0\0\0\x61");
	assert_int_equal(f->recorder.keys, 1);
	free(zeros);
	free(stream);
}

/* Capabilities that are too short are none. */
static void test_short_capabilities(void **state)
{
	struct fixture *f = *state;

	fixture_log_in(f);
	SAY(f->session, LISTED "\6\0\0\0\xff\xff\xff\xf8\x1f\0\0\3\0\0\0\0");
	session_clipboard_offer(f->session, TEXT);
	TAKES(&f->recorder, OUR_CAPS);
	assert_int_equal(buffer_length(&f->recorder.sent), 0);
}

static void check_form(enum clipboard_format format, const void *bytes,
	size_t length, const void *wire, size_t wire_length)
{
	struct buffer there = { 0 }, back = { 0 };

	assert_true(clipboard_form_to_wire(format, bytes, length, &there));
	assert_int_equal(buffer_length(&there), wire_length);
	assert_memory_equal(buffer_bytes(&there), wire, wire_length);
	assert_true(clipboard_form_from_wire(
		format, buffer_bytes(&there), buffer_length(&there), &back));
	assert_int_equal(buffer_length(&back), length);
	assert_memory_equal(buffer_bytes(&back), bytes, length);
	buffer_finish(&there);
	buffer_finish(&back);
}

static void test_forms(void **state)
{
	static const char html[] =
		"Version:0.9\r\nStartHTML:0000000105\r\n"
		"EndHTML:0000000181\r\n"
		"StartFragment:0000000139\r\n"
		"EndFragment:0000000147\r\n<html><body>\r\n"
		"<!--StartFragment--><b>x</b>"
		"<!--EndFragment-->\r\n</body></html>";
	uint8_t bmp[14 + 40 + 8] = "BM\x3e\0\0\0\0\0\0\0\x36\0\0\0\x28";

	(void)state;
	bmp[14 + 14] = 24; /* bits a pixel */
	check_form(CLIPBOARD_TEXT, "a\nb\n", 4, "a\r\nb\r\n", 7);
	check_form(CLIPBOARD_RTF, "{\\rtf1 x}", 9, "{\\rtf1 x}", 10);
	check_form(CLIPBOARD_HTML, "<b>x</b>", 8, html, sizeof(html));
	check_form(CLIPBOARD_BMP, bmp, sizeof(bmp), bmp + 14, 48);
}

static void check_bad(
	enum clipboard_format format, const void *wire, size_t length)
{
	struct buffer back = { 0 };

	assert_false(clipboard_form_from_wire(format, wire, length, &back));
	assert_int_equal(buffer_length(&back), 0);
}

static void test_forms_that_are_none(void **state)
{
	uint8_t dib[48] = { 40 };
	struct buffer back = { 0 };

	(void)state;
	check_bad(CLIPBOARD_BMP, dib, 39);
	dib[14] = 8; /* 256 colours, which are not there */
	check_bad(CLIPBOARD_BMP, dib, sizeof(dib));
	dib[14] = 24;
	dib[35] = 0xff; /* and so many */
	check_bad(CLIPBOARD_BMP, dib, sizeof(dib));
	dib[35] = 0;
	dib[3] = 0x80; /* a head of 2 GiB */
	check_bad(CLIPBOARD_BMP, dib, sizeof(dib));
	check_bad(CLIPBOARD_HTML, "", 0);
	assert_false(clipboard_form_to_wire(
		CLIPBOARD_BMP, (const uint8_t *)"BM", 2, &back));
	/* HTML whose numbers are wrong is taken as it is. */
	assert_true(clipboard_form_from_wire(CLIPBOARD_HTML,
		(const uint8_t *)"StartFragment:9 EndFragment:99999999999999 x",
		44, &back));
	assert_int_equal(buffer_length(&back), 44);
	buffer_finish(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_a_viewer_that_announces),
		SESSION_TEST(test_a_viewer_without_capabilities),
		SESSION_TEST(test_a_viewer_that_takes_some_unasked),
		SESSION_TEST(test_an_old_viewer),
		SESSION_TEST(test_what_a_viewer_copied),
		SESSION_TEST(test_who_may_only_look),
		SESSION_TEST(test_directions),
		SESSION_TEST(test_hostile_streams),
		SESSION_TEST(test_short_capabilities),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_forms_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
