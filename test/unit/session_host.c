#include "test/unit/session_host.h"

#include <stdio.h>
#include <string.h>

static void host_send(void *context, const void *bytes, size_t length)
{
	struct recorder *recorder = context;

	buffer_append(&recorder->sent, bytes, length);
	if (recorder->breaks != NULL)
		session_abandon(recorder->breaks);
}

static void host_send_lent(
	void *context, struct buffer *bytes, struct loan_list *loans)
{
	struct recorder *recorder = context;

	recorder->loans += loans->count;
	loan_list_pour(loans, bytes, &recorder->sent);
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
	struct recorder *recorder = context;

	return recorder->idle;
}

static void host_logged_in(void *context, bool exclusive)
{
	struct recorder *recorder = context;

	(void)exclusive;
	recorder->logins++;
}

static void host_update_wanted(void *context)
{
	struct recorder *recorder = context;

	recorder->wanted++;
}

static void host_key(
	void *context, uint32_t keysym, uint32_t scancode, bool down)
{
	struct recorder *recorder = context;

	recorder->last_keysym = keysym;
	recorder->last_scancode = scancode;
	if (down)
		recorder->keys++;
	else
		recorder->releases++;
}

static void host_pointer(void *context, int x, int y, unsigned buttons)
{
	struct recorder *recorder = context;

	recorder->points++;
	recorder->x = x;
	recorder->y = y;
	recorder->buttons = buttons;
}

static void host_nudge(void *context, int dx, int dy, unsigned buttons)
{
	struct recorder *recorder = context;

	recorder->nudges++;
	recorder->x = dx;
	recorder->y = dy;
	recorder->buttons = buttons;
}

static void host_clipboard_offered(void *context, unsigned forms)
{
	struct recorder *recorder = context;

	recorder->offers++;
	recorder->offered = forms;
}

static void host_clipboard_given(void *context, enum clipboard_format format,
	const void *bytes, size_t length)
{
	struct recorder *recorder = context;

	if (bytes == NULL) {
		recorder->refusals++;
		return;
	}
	recorder->gifts++;
	recorder->given = format;
	recorder->given_length = length;
	snprintf(recorder->text, sizeof(recorder->text), "%.*s", (int)length,
		(const char *)bytes);
}

static void host_clipboard_wanted(void *context, unsigned forms)
{
	struct recorder *recorder = context;

	recorder->wants++;
	recorder->wanted_forms = forms;
	if (recorder->refuse != NULL)
		session_clipboard_give(
			recorder->refuse, CLIPBOARD_TEXT, NULL, 0);
}

static enum session_resize_status host_resize_asked(
	void *context, const struct session_layout *wanted)
{
	struct recorder *recorder = context;

	recorder->resizes++;
	recorder->wanted_layout = *wanted;
	return recorder->resize_status;
}

static void host_line(void *context, struct session_line *line)
{
	const struct recorder *recorder = context;

	*line = recorder->line;
}

static void host_remark(void *context, const char *text)
{
	struct recorder *recorder = context;

	(void)text;
	recorder->remarks++;
}

static void host_scale_asked(void *context, int divisor)
{
	struct recorder *recorder = context;

	recorder->divisor = divisor;
}

static void host_closed(void *context, const char *reason)
{
	struct recorder *recorder = context;

	recorder->closes++;
	snprintf(recorder->reason, sizeof(recorder->reason), "%s", reason);
}

static void host_answered(void *context, bool rightly)
{
	struct recorder *recorder = context;

	if (rightly)
		recorder->right++;
	else
		recorder->wrong++;
}

static bool host_start_tls(void *context, enum session_tls kind,
	const uint8_t *bytes, size_t length)
{
	struct recorder *recorder = context;

	(void)bytes;
	recorder->tls_starts++;
	recorder->tls = kind;
	recorder->tls_bytes = length;
	return true;
}

static void host_check_login(
	void *context, const char *user, const char *password)
{
	struct recorder *recorder = context;

	recorder->login_checks++;
	snprintf(recorder->user, sizeof(recorder->user), "%s",
		user != NULL ? user : "(unlisted)");
	snprintf(
		recorder->password, sizeof(recorder->password), "%s", password);
}

#define WHAT_BOTH_DO                                                           \
	.send = host_send, .send_lent = host_send_lent, .lends = host_lends,   \
	.output_is_idle = host_output_is_idle, .logged_in = host_logged_in,    \
	.update_wanted = host_update_wanted, .key = host_key,                  \
	.pointer = host_pointer, .nudge = host_nudge,                          \
	.clipboard_offered = host_clipboard_offered,                           \
	.clipboard_given = host_clipboard_given,                               \
	.clipboard_wanted = host_clipboard_wanted,                             \
	.resize_asked = host_resize_asked, .scale_asked = host_scale_asked,    \
	.line = host_line, .remark = host_remark, .closed = host_closed,       \
	.start_tls = host_start_tls, .check_login = host_check_login

const struct session_host recorder_host = { WHAT_BOTH_DO };
const struct session_host recorder_judge = { WHAT_BOTH_DO,
	.answered = host_answered };

void recorder_init(struct recorder *recorder)
{
	*recorder = (struct recorder){ .idle = true };
}

void recorder_finish(struct recorder *recorder)
{
	buffer_finish(&recorder->sent);
}

bool recorder_takes(struct recorder *recorder, const void *bytes, size_t length)
{
	if (buffer_length(&recorder->sent) < length ||
		memcmp(buffer_bytes(&recorder->sent), bytes, length) != 0)
		return false;
	buffer_consume(&recorder->sent, length);
	return true;
}
