#include "server/clipboard_exchange.h"

#include <string.h>

#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"
#include "x11/desktop.h"

enum {
	/* Between two looks: an X client that copies a thousand times a second
	 * costs as much as one that copies twenty times. */
	LOOK_MS = 50,
	/* For one answer. Longer than a slow link and a large picture take, and
	 * short enough for a user who pastes and sees nothing come. */
	PATIENCE_MS = 5000,
};

/* ---- clips ---- */

static void clip_reset(struct clip *clip, unsigned forms)
{
	int format;

	for (format = 0; format < CLIPBOARD_FORMATS; format++)
		buffer_finish(&clip->bytes[format]);
	*clip = (struct clip){ .forms = forms };
}

/* NULL: it cannot be had after all. False where nothing came. */
static bool clip_take(struct clip *clip, enum clipboard_format format,
	const void *bytes, size_t length)
{
	struct buffer *buffer = &clip->bytes[format];
	unsigned bit = CLIPBOARD_BIT(format);

	clip->asked &= ~bit;
	clip->have &= ~bit;
	buffer_finish(buffer);
	*buffer = (struct buffer){ 0 };
	/* One byte more, so that there are some also of an empty one. */
	if (bytes != NULL) {
		buffer_append(buffer, bytes, length);
		buffer_u8(buffer, '\0');
	}
	if (bytes == NULL || buffer->failed) {
		clip->forms &= ~bit;
		return false;
	}
	clip->forms |= bit;
	clip->have |= bit;
	return true;
}

/* NULL where it is not here. */
static const void *clip_bytes(
	const struct clip *clip, enum clipboard_format format, size_t *length)
{
	const struct buffer *buffer = &clip->bytes[format];

	*length = 0;
	if (!(clip->have & CLIPBOARD_BIT(format)))
		return NULL;
	*length = buffer_length(buffer) - 1;
	return buffer_bytes(buffer);
}

static bool clip_has_text(
	const struct clip *clip, const void *bytes, size_t length)
{
	size_t have;
	const void *text = clip_bytes(clip, CLIPBOARD_TEXT, &have);

	return text != NULL && bytes != NULL && have == length &&
	       memcmp(text, bytes, length) == 0;
}

static struct clip *newest(struct clipboard_exchange *exchange)
{
	return exchange->viewer_was_last ? &exchange->from_viewer
					 : &exchange->from_x;
}

/* ---- passing on ---- */

static void announce(
	struct clipboard_exchange *exchange, const struct viewer *except)
{
	struct viewer *viewer = exchange->share->viewers;
	unsigned forms = newest(exchange)->forms;

	for (; viewer != NULL; viewer = viewer->next) {
		viewer->clip_wants = 0;
		viewer->has_clip = false;
		if (viewer != except)
			session_clipboard_offer(viewer->session, forms);
	}
}

static void give_viewer(struct clipboard_exchange *exchange,
	struct viewer *viewer, enum clipboard_format format)
{
	size_t length;
	const void *bytes = clip_bytes(newest(exchange), format, &length);

	viewer->clip_wants &= ~CLIPBOARD_BIT(format);
	if (format == CLIPBOARD_TEXT && bytes != NULL)
		viewer->has_clip = true;
	session_clipboard_give(viewer->session, format, bytes, length);
}

static void give_viewers(
	struct clipboard_exchange *exchange, enum clipboard_format format)
{
	struct viewer *viewer = exchange->share->viewers;

	for (; viewer != NULL; viewer = viewer->next)
		if (viewer->clip_wants & CLIPBOARD_BIT(format))
			give_viewer(exchange, viewer, format);
}

static void give_x(
	struct clipboard_exchange *exchange, enum clipboard_format format)
{
	size_t length;
	const void *bytes = clip_bytes(&exchange->from_viewer, format, &length);

	if (format == CLIPBOARD_TEXT && bytes != NULL)
		exchange->x_has_it = true;
	desktop_clipboard_give(exchange->share->desktop, format, bytes, length);
}

/* To all who wait for it, here or not. */
static void deliver(struct clipboard_exchange *exchange,
	const struct clip *clip, enum clipboard_format format)
{
	if (clip == &exchange->from_viewer)
		give_x(exchange, format);
	if (clip == newest(exchange))
		give_viewers(exchange, format);
}

/* ---- fetching ---- */

/* Those who wait get nothing; who asks again may have more luck. */
static void give_up(struct clipboard_exchange *exchange, struct clip *clip)
{
	unsigned asked = clip->asked;
	int format;

	clip->asked = 0;
	for (format = 0; format < CLIPBOARD_FORMATS; format++)
		if (asked & CLIPBOARD_BIT(format))
			deliver(exchange, clip, format);
}

static void on_patience_x(uv_timer_t *timer)
{
	struct clipboard_exchange *exchange = timer->data;

	desktop_clipboard_forget(exchange->share->desktop);
	exchange->x_is_candidate = false;
	give_up(exchange, &exchange->from_x);
}

static void on_patience_viewer(uv_timer_t *timer)
{
	struct clipboard_exchange *exchange = timer->data;

	exchange->candidate = NULL;
	give_up(exchange, &exchange->from_viewer);
}

static void ask_x(
	struct clipboard_exchange *exchange, enum clipboard_format format)
{
	uv_timer_start(&exchange->patience_x, on_patience_x, PATIENCE_MS, 0);
	desktop_clipboard_fetch(exchange->share->desktop, format);
}

static void ask_viewer(struct clipboard_exchange *exchange,
	struct viewer *viewer, enum clipboard_format format)
{
	uv_timer_start(
		&exchange->patience_viewer, on_patience_viewer, PATIENCE_MS, 0);
	session_clipboard_want(viewer->session, CLIPBOARD_BIT(format));
}

/* False where the answer is known: it is here, or not to be had. */
static bool fetch(struct clipboard_exchange *exchange, struct clip *clip,
	enum clipboard_format format)
{
	unsigned bit = CLIPBOARD_BIT(format);

	if (clip->have & bit || !(clip->forms & bit))
		return false;
	if (clip->asked & bit)
		return true;
	clip->asked |= bit;
	if (clip == &exchange->from_x)
		ask_x(exchange, format);
	else
		ask_viewer(exchange, exchange->holder, format);
	return true;
}

/* ---- what X clients copy ---- */

static void on_look(uv_timer_t *timer);

static void look(struct clipboard_exchange *exchange)
{
	const struct share *share = exchange->share;

	if (!exchange->stale || share->viewers == NULL ||
		share->session_config.no_clipboard_out ||
		uv_is_active((uv_handle_t *)&exchange->look))
		return;
	exchange->stale = false;
	exchange->x_is_candidate = false;
	uv_timer_start(&exchange->look, on_look, LOOK_MS, 0);
	uv_timer_start(&exchange->patience_x, on_patience_x, PATIENCE_MS, 0);
	give_up(exchange, &exchange->from_x);
	desktop_clipboard_look(share->desktop);
}

static void on_look(uv_timer_t *timer)
{
	look(timer->data);
}

void clipboard_exchange_x_changed(struct clipboard_exchange *exchange)
{
	exchange->stale = true;
	look(exchange);
}

static void accept_x(struct clipboard_exchange *exchange, unsigned forms)
{
	bool nothing = forms == 0 && (exchange->viewer_was_last ||
					     exchange->from_x.forms == 0);

	clip_reset(&exchange->from_x, forms);
	if (nothing)
		return;
	exchange->viewer_was_last = false;
	exchange->candidate = NULL;
	announce(exchange, NULL);
}

void clipboard_exchange_x_offers(
	struct clipboard_exchange *exchange, unsigned forms)
{
	unsigned text = CLIPBOARD_BIT(CLIPBOARD_TEXT);

	if (exchange->viewer_was_last && exchange->x_has_it && forms & text) {
		exchange->x_is_candidate = true;
		exchange->x_candidate_forms = forms;
		ask_x(exchange, CLIPBOARD_TEXT);
	} else {
		accept_x(exchange, forms);
	}
}

void clipboard_exchange_x_gives(struct clipboard_exchange *exchange,
	enum clipboard_format format, const void *bytes, size_t length)
{
	if (exchange->x_is_candidate) {
		exchange->x_is_candidate = false;
		if (clip_has_text(&exchange->from_viewer, bytes, length))
			return;
		accept_x(exchange, exchange->x_candidate_forms);
	}
	clip_take(&exchange->from_x, format, bytes, length);
	deliver(exchange, &exchange->from_x, format);
}

void clipboard_exchange_x_wants(
	struct clipboard_exchange *exchange, enum clipboard_format format)
{
	if (!fetch(exchange, &exchange->from_viewer, format))
		give_x(exchange, format);
}

/* What is here stays, for viewers. */
void clipboard_exchange_x_lost(struct clipboard_exchange *exchange)
{
	struct clip *clip = &exchange->from_x;

	uv_timer_stop(&exchange->patience_x);
	exchange->x_is_candidate = false;
	exchange->x_has_it = false;
	exchange->stale = false;
	clip->forms = clip->have;
	give_up(exchange, clip);
	if (clip->forms == 0 && !exchange->viewer_was_last)
		announce(exchange, NULL);
}

void clipboard_exchange_x_back(struct clipboard_exchange *exchange)
{
	if (exchange->viewer_was_last && exchange->from_viewer.forms != 0)
		desktop_clipboard_own(
			exchange->share->desktop, exchange->from_viewer.forms);
}

/* ---- what viewers copy ---- */

static void accept_viewer(struct clipboard_exchange *exchange,
	struct viewer *viewer, unsigned forms)
{
	clip_reset(&exchange->from_viewer, forms);
	exchange->viewer_was_last = true;
	exchange->holder = viewer;
	exchange->x_has_it = false;
	exchange->x_is_candidate = false;
	exchange->candidate = NULL;
	desktop_clipboard_own(exchange->share->desktop, forms);
	announce(exchange, viewer);
}

/* What is here stays, the rest cannot be had any more. */
static void lose_holder(struct clipboard_exchange *exchange)
{
	struct clip *clip = &exchange->from_viewer;

	exchange->holder = NULL;
	clip->forms = clip->have;
	give_up(exchange, clip);
	if (clip->forms != 0)
		return;
	desktop_clipboard_own(exchange->share->desktop, 0);
	if (exchange->viewer_was_last)
		announce(exchange, NULL);
}

void clipboard_exchange_viewer_offers(struct clipboard_exchange *exchange,
	struct viewer *viewer, unsigned forms)
{
	unsigned text = CLIPBOARD_BIT(CLIPBOARD_TEXT);

	if (forms == 0) {
		if (exchange->holder == viewer)
			lose_holder(exchange);
	} else if (viewer->has_clip && forms & text) {
		exchange->candidate = viewer;
		exchange->candidate_forms = forms;
		ask_viewer(exchange, viewer, CLIPBOARD_TEXT);
	} else {
		accept_viewer(exchange, viewer, forms);
	}
}

void clipboard_exchange_viewer_gives(struct clipboard_exchange *exchange,
	struct viewer *viewer, enum clipboard_format format, const void *bytes,
	size_t length)
{
	if (exchange->candidate == viewer && format == CLIPBOARD_TEXT) {
		exchange->candidate = NULL;
		if (bytes == NULL ||
			clip_has_text(newest(exchange), bytes, length))
			return;
		accept_viewer(exchange, viewer, exchange->candidate_forms);
	}
	if (exchange->holder != viewer)
		return;
	if (clip_take(&exchange->from_viewer, format, bytes, length) &&
		format == CLIPBOARD_TEXT && exchange->viewer_was_last)
		viewer->has_clip = true;
	deliver(exchange, &exchange->from_viewer, format);
}

void clipboard_exchange_viewer_wants(struct clipboard_exchange *exchange,
	struct viewer *viewer, unsigned forms)
{
	int format;

	for (format = 0; format < CLIPBOARD_FORMATS; format++) {
		if (!(forms & CLIPBOARD_BIT(format)))
			continue;
		viewer->clip_wants |= CLIPBOARD_BIT(format);
		if (!fetch(exchange, newest(exchange), format))
			give_viewer(exchange, viewer, format);
	}
}

/* ---- viewers come and go ---- */

void clipboard_exchange_welcome(
	struct clipboard_exchange *exchange, struct viewer *viewer)
{
	unsigned forms = newest(exchange)->forms;

	if (forms != 0 && !exchange->stale)
		session_clipboard_offer(viewer->session, forms);
	look(exchange);
}

void clipboard_exchange_gone(
	struct clipboard_exchange *exchange, struct viewer *viewer)
{
	if (exchange->candidate == viewer)
		exchange->candidate = NULL;
	if (exchange->holder == viewer)
		lose_holder(exchange);
}

static void init_timer(struct clipboard_exchange *exchange, uv_timer_t *timer)
{
	uv_timer_init(&exchange->share->server->loop, timer);
	timer->data = exchange;
}

void clipboard_exchange_init(
	struct clipboard_exchange *exchange, struct share *share)
{
	exchange->share = share;
	init_timer(exchange, &exchange->look);
	init_timer(exchange, &exchange->patience_x);
	init_timer(exchange, &exchange->patience_viewer);
}

void clipboard_exchange_finish(struct clipboard_exchange *exchange)
{
	clip_reset(&exchange->from_x, 0);
	clip_reset(&exchange->from_viewer, 0);
}
