#include "test/fuzz/rfb_session.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "rfb/session.h"

enum { WIDTH = 40, HEIGHT = 24 };

/* Far more than a key, a list and a challenge; far less than a picture. */
enum { MOST_BEFORE_LOGIN = 4096 };

struct fuzz_host {
	bool closed, logged_in;
	size_t sent_before_login;
	/* Asked, and answered between two pieces of input. */
	bool tls_wanted, login_wanted, login_is_right;
	struct buffer tls_bytes;
};

static void host_send(void *context, const void *bytes, size_t length)
{
	struct fuzz_host *fuzz = context;
	volatile uint8_t sum = 0;
	size_t i;

	/* Touches every byte, so that MSan and valgrind would see. */
	for (i = 0; i < length; i++)
		sum ^= ((const uint8_t *)bytes)[i];
	(void)sum;
	assert(!fuzz->closed);
	if (!fuzz->logged_in)
		fuzz->sent_before_login += length;
	assert(fuzz->sent_before_login < MOST_BEFORE_LOGIN);
}

static void host_send_lent(
	void *context, struct buffer *bytes, struct loan_list *loans)
{
	struct buffer whole = { 0 };

	loan_list_pour(loans, bytes, &whole);
	host_send(context, buffer_bytes(&whole), buffer_length(&whole));
	buffer_finish(&whole);
	buffer_finish(bytes);
	loan_list_finish(loans);
}

static bool host_lends(void *context)
{
	(void)context;
	return true;
}

static bool host_output_is_idle(void *context)
{
	(void)context;
	return true;
}

static void host_logged_in(void *context, bool exclusive)
{
	struct fuzz_host *fuzz = context;

	(void)exclusive;
	fuzz->logged_in = true;
}

static void host_update_wanted(void *context)
{
	(void)context;
}

static void host_key(
	void *context, uint32_t keysym, uint32_t scancode, bool down)
{
	assert(scancode <= 0xff);
	(void)keysym;
	(void)down;
	assert(((struct fuzz_host *)context)->logged_in);
}

static void host_pointer(void *context, int x, int y, unsigned buttons)
{
	assert(((struct fuzz_host *)context)->logged_in);
	assert(x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT);
	assert(buttons < 512);
}

static void host_nudge(void *context, int dx, int dy, unsigned buttons)
{
	assert(((struct fuzz_host *)context)->logged_in);
	assert(dx >= -0x7fff && dx <= 0x8000 && dy >= -0x7fff && dy <= 0x8000);
	assert(buttons < 512);
}

static void host_clipboard_offered(void *context, unsigned forms)
{
	assert(((struct fuzz_host *)context)->logged_in);
	assert(forms < CLIPBOARD_BIT(CLIPBOARD_FORMATS));
}

static void host_clipboard_given(void *context, enum clipboard_format format,
	const void *bytes, size_t length)
{
	assert(((struct fuzz_host *)context)->logged_in);
	if (bytes != NULL && format == CLIPBOARD_TEXT)
		assert(text_is_utf8(bytes, length) &&
			memchr(bytes, '\0', length) == NULL);
}

static void host_clipboard_wanted(void *context, unsigned forms)
{
	assert(((struct fuzz_host *)context)->logged_in);
	assert(forms != 0 && forms < CLIPBOARD_BIT(CLIPBOARD_FORMATS));
}

static enum session_resize_status host_resize_asked(
	void *context, const struct session_layout *wanted)
{
	int i;

	assert(((struct fuzz_host *)context)->logged_in);
	assert(wanted->count > 0 && wanted->count <= SESSION_MOST_SCREENS);
	for (i = 0; i < wanted->count; i++)
		assert(wanted->screens[i].rect.x +
					wanted->screens[i].rect.width <=
				wanted->width &&
			wanted->screens[i].rect.y +
					wanted->screens[i].rect.height <=
				wanted->height);
	return SESSION_RESIZED;
}

static void host_line(void *context, struct session_line *line)
{
	(void)context;
	(void)line;
}

static void host_remark(void *context, const char *text)
{
	(void)context;
	(void)text;
}

static void host_scale_asked(void *context, int divisor)
{
	assert(((struct fuzz_host *)context)->logged_in);
	assert(divisor >= 1 && divisor <= 32);
}

static void host_closed(void *context, const char *reason)
{
	struct fuzz_host *fuzz = context;

	assert(!fuzz->closed && reason[0] != '\0');
	fuzz->closed = true;
}

/* TLS that changes nothing. */
static bool host_start_tls(void *context, enum session_tls kind,
	const uint8_t *bytes, size_t length)
{
	struct fuzz_host *fuzz = context;

	(void)kind;
	assert(!fuzz->closed && !fuzz->logged_in && !fuzz->tls_wanted);
	fuzz->tls_wanted = true;
	if (length > 0)
		buffer_append(&fuzz->tls_bytes, bytes, length);
	return true;
}

/* There is one user. */
static void host_check_login(
	void *context, const char *user, const char *password)
{
	struct fuzz_host *fuzz = context;

	assert(!fuzz->closed && !fuzz->logged_in && !fuzz->login_wanted);
	assert(password[0] != '\0' && (user == NULL || user[0] != '\0'));
	fuzz->login_wanted = true;
	fuzz->login_is_right = user != NULL && strcmp(user, "user") == 0 &&
			       strcmp(password, "good") == 0;
}

static void answer(struct session *session, struct fuzz_host *fuzz)
{
	struct buffer bytes = fuzz->tls_bytes;

	if (fuzz->tls_wanted) {
		fuzz->tls_wanted = false;
		fuzz->tls_bytes = (struct buffer){ 0 };
		session_secured(session);
		if (buffer_length(&bytes) > 0)
			session_receive(session, buffer_bytes(&bytes),
				buffer_length(&bytes));
		buffer_finish(&bytes);
	}
	if (fuzz->login_wanted) {
		fuzz->login_wanted = false;
		session_login_checked(session,
			fuzz->login_is_right ? &session_all_rights : NULL);
	}
}

static const struct session_host host = {
	.send = host_send,
	.send_lent = host_send_lent,
	.lends = host_lends,
	.output_is_idle = host_output_is_idle,
	.start_tls = host_start_tls,
	.check_login = host_check_login,
	.logged_in = host_logged_in,
	.update_wanted = host_update_wanted,
	.key = host_key,
	.pointer = host_pointer,
	.nudge = host_nudge,
	.clipboard_offered = host_clipboard_offered,
	.clipboard_given = host_clipboard_given,
	.clipboard_wanted = host_clipboard_wanted,
	.resize_asked = host_resize_asked,
	.scale_asked = host_scale_asked,
	.line = host_line,
	.remark = host_remark,
	.closed = host_closed,
};

static struct frame *make_picture(void)
{
	struct frame *frame = frame_create(WIDTH, HEIGHT);
	size_t i;

	for (i = 0; i < frame->stride * HEIGHT; i++)
		frame->pixels[i] = (uint8_t)(i * i / 7 + i);
	return frame;
}

static struct cursor_image *make_cursor(void)
{
	struct cursor_image *cursor = cursor_image_create(9, 7);
	int i;

	cursor->hot_x = 4;
	for (i = 0; i < 9 * 7; i++)
		cursor->pixels[i] = i % 3 ? 0xff204060 : 0;
	return cursor;
}

static void encode_parts(struct update *update)
{
	int i;

	for (i = 0; i < update_parts(update); i++)
		update_encode(update, i);
}

static void run_update(struct session *session, struct frame *frame)
{
	struct update *update = session_begin_update(session, frame);

	if (update == NULL)
		return;
	encode_parts(update);
	session_end_update(session, update);
}

/* Somebody else copies, and what the viewer wants of it comes. */
static void copy_and_paste(struct session *session, uint8_t chance)
{
	static const char bmp[] =
		"BM12345678901234567890123456789012345678901"
		"234567890123456789";

	if (chance % 4 == 0)
		session_clipboard_offer(session, chance / 4 % 16);
	session_clipboard_give(session, CLIPBOARD_TEXT, "two\nlines", 9);
	session_clipboard_give(session, CLIPBOARD_RTF, "{\\rtf1}", 7);
	session_clipboard_give(session, CLIPBOARD_HTML, "<b>two</b>", 10);
	session_clipboard_give(session, CLIPBOARD_BMP, bmp, sizeof(bmp));
	session_clipboard_want(session, chance / 4 % 16);
}

static void feed(struct session *session, struct fuzz_host *fuzz,
	const uint8_t *input, size_t length, size_t piece)
{
	struct cursor_image *cursor = make_cursor();
	static const struct move_list moves = { 1,
		{ { { 4, 4, 16, 8 }, 2, -3 } } };
	struct frame *frame = make_picture();
	struct region all;

	region_init(&all);
	region_add_rect(&all, frame_rect(frame));
	session_set_pointer(session, 10, 10);
	while (length > 0) {
		size_t step = length < piece ? length : piece;

		session_receive(session, input, step);
		answer(session, fuzz);
		session_set_cursor(session, cursor);
		copy_and_paste(session, input[0]);
		session_damage(session, &all, &moves);
		run_update(session, frame);
		input += step;
		length -= step;
	}
	session_release_input(session);
	region_finish(&all);
	frame_unref(frame);
	cursor_image_unref(cursor);
}

bool fuzz_session_run(
	const struct fuzz_setup *setup, const uint8_t *input, size_t length)
{
	static const struct session_layout layout = { .width = WIDTH,
		.height = HEIGHT,
		.count = 1,
		.screens = { { 1, { 0, 0, WIDTH, HEIGHT }, 0 } } };
	struct fuzz_host fuzz = { 0 };
	struct session *session =
		session_create(&setup->config, &layout, &host, &fuzz);

	session_set_transport(session, &setup->transport);
	session_start(session);
	if (setup->said_first != NULL)
		session_receive(session, (const uint8_t *)setup->said_first,
			strlen(setup->said_first));
	feed(session, &fuzz, input, length, setup->piece);
	session_destroy(session);
	buffer_finish(&fuzz.tls_bytes);
	return fuzz.logged_in;
}

void fuzz_session(const uint8_t *input, size_t length, bool log_in)
{
	struct fuzz_setup setup = {
		.config = { .name = "fuzz", .most_quality = 9 },
		.said_first = log_in ? "RFB 003.008\n\1\1" : NULL,
	};
	bool logged_in;

	if (length < 1)
		return;
	if (!log_in && input[0] & 1)
		setup.config.full_password = "secret";
	if (!log_in && input[0] & 2)
		setup.config.view_password = "look";
	setup.config.view_only = input[0] & 4;
	setup.piece = (input[0] >> 3) + 1u;
	logged_in = fuzz_session_run(&setup, input + 1, length - 1);
	if (setup.config.full_password != NULL)
		assert(!logged_in);
}
