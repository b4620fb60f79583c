/* session_update.c - when a viewer gets an update, and what goes into it. */
#include "base/clock.h"
#include "base/xmalloc.h"
#include "rfb/fence.h"
#include "rfb/notice.h"
#include "rfb/scale_form.h"
#include "rfb/session_state.h"
#include "rfb/update.h"

void session_announce(struct session *session)
{
	if (session_wants_update(session))
		session->host->update_wanted(session->context);
}

void session_choose_settings(struct session *session)
{
	session->settings =
		encode_settings_from(&session->encodings, &session->format);
	encode_settings_limit(
		&session->settings, session->config->most_quality);
}

/* What cannot be copied now is sent as pixels. */
static void settle_copies(struct session *session)
{
	if (!session_wants_moves(session) ||
		!copies_lie_in(&session->copies, &session->requested))
		copies_drop(&session->copies, &session->dirty);
}

/* libvncclient asks for nothing more until its SetDesktopSize is answered: the
 * answer cannot wait to be asked for (CLIENTS rule 31). */
static bool owes_answer(const struct session *session)
{
	return session->notices.layout &&
	       session->notices.layout_reason == LAYOUT_BY_THIS_VIEWER &&
	       encoding_list_has(
		       &session->encodings, ENCODING_EXTENDED_DESKTOP_SIZE);
}

static bool waits_for_update(const struct session *session)
{
	return session->stage == STAGE_RUNNING && !session->encoding &&
	       (session->waiting || session->continuous ||
		       owes_answer(session));
}

bool session_wants_update(const struct session *session)
{
	return waits_for_update(session) &&
	       congestion_allows(&session->congestion);
}

uint64_t session_patience_us(const struct session *session)
{
	if (!waits_for_update(session) ||
		congestion_allows(&session->congestion))
		return 0;
	return congestion_patience_us(&session->congestion);
}

void session_lose_patience(struct session *session)
{
	fence_lose_patience(session);
}

bool session_line_is_clear(const struct session *session, uint64_t *wait_us)
{
	struct session_line line = { 0 };

	if (fence_measures(session))
		return true;
	session->host->line(session->context, &line);
	return congestion_line_is_clear(
		line.bytes_per_s, line.trip_us, line.under_way_bytes, wait_us);
}

static bool is_asked_for(
	const struct session *session, const struct region *region)
{
	struct region wanted;
	bool is;

	region_init(&wanted);
	region_copy(&wanted, region);
	region_intersect(&wanted, &session->requested);
	/* The screen may be larger than the picture, and so may be what is to
	 * be pushed. */
	region_intersect_rect(&wanted, session_picture(session));
	is = !region_is_empty(&wanted);
	region_finish(&wanted);
	return is;
}

bool session_has_update(const struct session *session)
{
	return session_wants_update(session) &&
	       (session->forced || session->copies.list.count > 0 ||
		       notice_any_due(session) ||
		       is_asked_for(session, &session->dirty));
}

bool session_is_forced(const struct session *session)
{
	return session_wants_update(session) && session->forced;
}

static void *lend_state(struct session *session, const struct encoder *encoder)
{
	void **state = &session->encoder_states[encoder_index(encoder)];

	if (encoder->state_create != NULL && *state == NULL)
		*state = encoder->state_create();
	return *state;
}

static bool has_state(struct session *session, const struct encoder *encoder)
{
	return encoder->state_create == NULL ||
	       lend_state(session, encoder) != NULL;
}

/* Some are as large as a picture: it costs this viewer alone. */
static bool has_states(struct session *session)
{
	const struct encoder *encoder = session->encoder;

	if (has_state(session, encoder) &&
		(!(encoder->traits & ENCODER_HAS_REST) ||
			has_state(session, session->settings.rest)))
		return true;
	session_close(session, "no memory to encode for it");
	return false;
}

static int most_parts(const struct session *session)
{
	int workers = session->config->workers;
	int parts = session->encoder->state_parts;

	if (parts == 0 && session->encoder->state_create != NULL)
		return 1;
	return parts == 0 || parts > workers ? workers : parts;
}

/* Divides it and lends each part its state. */
static void split(struct session *session, struct update *update)
{
	const struct encoder *encoder = session->encoder;
	void *state = lend_state(session, encoder);
	int i;

	if (encoder->traits & ENCODER_HAS_REST)
		update->settings.rest_state =
			lend_state(session, update->settings.rest);

	update_split(update, most_parts(session));
	for (i = 0; i < update->part_count; i++)
		update->parts[i].state = encoder->state_part != NULL
						 ? encoder->state_part(state, i)
						 : state;
}

/* An update without areas yet. */
static struct update *prepare(struct session *session, struct frame *frame)
{
	struct update *update = xcalloc(1, sizeof(*update));

	update->frame = frame_ref(frame);
	update->width = session->width;
	update->height = session->height;
	update->settings = session->settings;
	update->settings.lends =
		session->seal == NULL && session->host->lends(session->context);
	update->encoder = session->encoder;
	if (session_paints_cursor(session)) {
		update->cursor = cursor_image_ref(session->cursor);
		update->cursor_x = session->pointer_x;
		update->cursor_y = session->pointer_y;
	}
	region_init(&update->areas);
	region_init(&update->moving);
	update_write_head(&update->writer);
	return update;
}

/* After the viewer was told a new size, everything it has is old. */
static void tell_size(struct session *session)
{
	int width = session->width, height = session->height;

	if (!notice_send_alone(session) && !scale_form_tell(session))
		return;
	if (width != session->width || height != session->height)
		session_forget_picture(session);
	/* That answered the request; pixels owed to a non-incremental one
	 * still follow at once (CLIENTS rule 30). */
	session->waiting = session->forced;
}

/* Takes its bytes. */
static void send_message(struct session *session, struct rect_writer *writer)
{
	size_t length = rect_writer_length(writer);

	if (session->seal != NULL) /* then nothing was lent */
		session_send_buffer(session, &writer->bytes);
	else if (session->stage != STAGE_CLOSED)
		session->host->send_lent(
			session->context, &writer->bytes, &writer->loans);
	fence_follow(session, length);
	if (!fence_measures(session))
		asked_line_sent(&session->asked_line, length, clock_us());
}

static void close_request(struct session *session)
{
	session->waiting = false;
	session->forced = false;
	region_clear(&session->requested);
	if (session->continuous)
		region_add_rect(&session->requested, session->continuous_area);
}

/* An update that needs no encoder: what moved, a new pointer. */
static void send_at_once(struct session *session)
{
	struct rect_writer writer = { 0 };

	update_write_head(&writer);
	copies_write(&session->copies, &writer);
	notice_write_due(session, &writer);
	if (writer.count > 0) {
		update_write_count(&writer);
		send_message(session, &writer);
		close_request(session);
	}
	rect_writer_finish(&writer);
}

/* How far the quality may go down; 0 also where there is no JPEG. */
static int most_drop(const struct session *session)
{
	int drop = encode_settings_step(&session->settings) -
		   session->config->least_quality;

	return drop > 0 ? drop : 0;
}

/* What changes again before it was sent losslessly, moves. */
static void find_moving(struct session *session, struct update *update)
{
	lossy_find(&session->lossy, &update->areas, &update->moving);
	update->moves = !region_is_empty(&update->moving);
	if (session->quality.drop == 0)
		region_clear(&update->moving);
}

static void lower_moving(const struct session *session, struct update *update)
{
	int drop = session->quality.drop;

	if (drop > most_drop(session))
		drop = most_drop(session);
	update->moving_settings = update->settings;
	encode_settings_limit(&update->moving_settings,
		encode_settings_step(&session->settings) - drop);
}

/* What the line takes in a second; 0: not known. Where there are no fences,
 * each of the two measures may take it for faster than it is: TCP's behind a
 * proxy, the viewer's requests where they come early. */
static uint64_t line_rate(const struct session *session)
{
	uint64_t by_tcp, by_asking;

	if (fence_measures(session))
		return congestion_rate(&session->congestion);
	by_tcp = line_rate_median(&session->tcp_rate);
	by_asking = asked_line_rate(&session->asked_line);
	return by_tcp == 0 || (by_asking != 0 && by_asking < by_tcp) ? by_asking
								     : by_tcp;
}

/* TCP's figure is of what went last. */
static void measure_line(struct session *session)
{
	struct session_line line = { 0 };

	if (fence_measures(session))
		return;
	session->host->line(session->context, &line);
	if (line.bytes_per_s > 0)
		line_rate_note(&session->tcp_rate, line.bytes_per_s);
}

/* From now on the viewer is taken to have what is on its way. */
static void begin(struct session *session, struct update *update)
{
	region_subtract(&session->dirty, &update->areas);
	region_subtract(&session->unknown, &update->areas);
	lossy_sent(&session->lossy, &update->areas);
	split(session, update);
	lower_moving(session, update);
	close_request(session);
	session->encoding = true;
}

static struct update *begin_pixels(struct session *session, struct frame *frame,
	const struct region *wanted)
{
	struct update *update = prepare(session, frame);

	update_plan(&update->areas, wanted, session_picture(session));
	copies_write(&session->copies, &update->writer);
	notice_write_due(session, &update->writer);
	find_moving(session, update);
	begin(session, update);
	return update;
}

struct update *session_begin_update(
	struct session *session, struct frame *frame)
{
	struct region wanted;
	struct update *update = NULL;

	if (!session_wants_update(session) || !has_states(session))
		return NULL;
	tell_size(session);
	if (!session->waiting && !session->continuous) {
		close_request(session);
		return NULL;
	}
	settle_copies(session);
	region_init(&wanted);
	region_copy(&wanted, &session->dirty);
	region_intersect(&wanted, &session->requested);
	region_intersect_rect(&wanted, session_picture(session));
	if (!region_is_empty(&wanted))
		update = begin_pixels(session, frame, &wanted);
	else
		send_at_once(session);
	/* Nothing of a forced area is left when the picture shrank below it. */
	session->forced = false;
	region_finish(&wanted);
	return update;
}

bool session_is_lossy(const struct session *session)
{
	const struct lossy *lossy = &session->lossy;

	return session_wants_update(session) &&
	       (is_asked_for(session, &lossy->fresh) ||
		       is_asked_for(session, &lossy->ageing) ||
		       is_asked_for(session, &lossy->settled));
}

bool session_has_refresh(const struct session *session)
{
	return session_wants_update(session) &&
	       is_asked_for(session, &session->lossy.settled);
}

void session_age_lossy(struct session *session)
{
	lossy_age(&session->lossy);
}

enum {
	/* A lossless photograph of this size takes a worker a few
	 * milliseconds. */
	MOST_REFRESH_PIXELS = 1 << 17,
	LEAST_REFRESH_PIXELS = 1 << 12,
	REFRESH_PER_SECOND = 10, /* so long a new change may wait for it */
};

static int refresh_pixels(uint64_t bytes_per_s, unsigned pixels, unsigned bytes)
{
	uint64_t most = bytes_per_s / REFRESH_PER_SECOND / bytes * pixels;

	if (bytes_per_s == 0 || most > MOST_REFRESH_PIXELS)
		return MOST_REFRESH_PIXELS;
	return most < LEAST_REFRESH_PIXELS ? LEAST_REFRESH_PIXELS : (int)most;
}

/* What was sent below the viewer's quality comes at that first, everywhere;
 * then all of it losslessly. A photograph takes about a byte for two pixels as
 * JPEG, and two for one without loss. */
static void choose_refresh(struct session *session, struct update *update)
{
	uint64_t rate = line_rate(session);

	lossy_choose_poor(&session->lossy, &session->requested,
		refresh_pixels(rate, 2, 1), &update->areas);
	if (!region_is_empty(&update->areas))
		return;
	update->settings.jpeg_quality = 0;
	lossy_choose(&session->lossy, &session->requested,
		refresh_pixels(rate, 1, 2), &update->areas);
}

struct update *session_begin_refresh(
	struct session *session, struct frame *frame)
{
	struct update *update;

	if (!session_has_refresh(session) || session_has_update(session))
		return NULL;
	update = prepare(session, frame);
	choose_refresh(session, update);
	if (region_is_empty(&update->areas)) {
		update_destroy(update);
		return NULL;
	}
	begin(session, update);
	return update;
}

/* What moved since the update began, moved with what it brought; what was
 * lossy before has moved already. */
static void note_lossy(struct session *session, const struct update *update)
{
	const struct move_list *since = &session->copies.list;
	struct lossy brought;
	unsigned i;
	int move;

	lossy_init(&brought);
	for (i = 0; i < rect_writer_lossy_count(&update->writer); i++) {
		struct rect rect = rect_writer_lossy(&update->writer, i);

		lossy_add(
			&brought, rect, region_overlaps(&update->moving, rect));
	}
	for (move = 0; move < since->count; move++)
		lossy_move(&brought, &since->moves[move]);
	lossy_join(&session->lossy, &brought);
	lossy_finish(&brought);
}

void session_end_update(struct session *session, struct update *update)
{
	session->encoding = false;
	update_join(update);
	note_lossy(session, update);
	if (update->moves && update->writer.lossy_bytes > 0) {
		measure_line(session);
		quality_sent(&session->quality, update->writer.lossy_bytes,
			line_rate(session), most_drop(session), clock_us());
	}
	if (update->writer.bytes.failed)
		session_close(session, "no memory for its picture");
	else
		send_message(session, &update->writer);
	session_send_buffer(session, &session->held_back);
	update_destroy(update);
	session_clipboard_followed(session);
	session_announce(session);
}
