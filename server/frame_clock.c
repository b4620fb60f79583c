#include "server/frame_clock.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/region.h"
#include "server/connection.h"
#include "server/encode_job.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/view/look.h"
#include "server/viewer.h"
#include "x11/desktop.h"

enum {
	SETTLE_US = 1000,
	SWEEP_US = 2000000,
	AGE_US = 200000, /* quiet for one to two of these: no longer moving */
	SLOWEST_POLL_US = 100000,
	RETRY_US = 5000, /* all frames are lent, or the screen is resizing; */
	SLOWEST_RETRY_US = 500000, /* it goes on refusing, */
	TOLD_US = 1000000,         /* and is no moment's trouble */
	REPLY_US = 2000,    /* from a key to what a terminal draws for it */
	EARLY_PICTURES = 2, /* for a key: the first may come too soon */
	ROUNDED_US = 500,   /* a timer, that counts milliseconds */
};

/* A sixteenth less than -fps says: an application at the same rate, or with
 * timers of 16 ms for 60 a second, is a little faster than we are, and would
 * wait ever longer for our slots, up to a whole one, half of one in the mean.
 */
static uint64_t interval_us(const struct frame_clock *clock)
{
	return 1000000 * 15 / 16 / (uint64_t)clock->share->options->fps;
}

void frame_clock_init(struct frame_clock *clock, struct share *share)
{
	clock->share = share;
	uv_timer_init(&share->server->loop, &clock->timer);
	clock->timer.data = clock;
	uv_timer_init(&share->server->loop, &clock->again);
	clock->again.data = clock;
	clock->poll_us = interval_us(clock);
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

struct demand {
	bool ready;        /* somebody could take a picture */
	bool pending;      /* and lacks something that we know of */
	bool forced;       /* and asked for it without waiting for a change */
	bool settled;      /* or has something nearly, and it is quiet */
	bool lossy;        /* or has something nearly that may become quiet */
	uint64_t again_us; /* when another may be ready; UINT64_MAX: never */
};

static struct demand look_at_viewers(const struct frame_clock *clock)
{
	struct demand demand = { .again_us = UINT64_MAX };
	struct viewer *viewer = clock->share->viewers;

	for (; viewer != NULL; viewer = viewer->next) {
		if (!viewer_is_ready(viewer)) {
			demand.again_us = sooner(
				demand.again_us, viewer_again_us(viewer));
			continue;
		}
		demand.ready = true;
		demand.pending |= session_has_update(viewer->session);
		demand.forced |= session_is_forced(viewer->session);
		demand.settled |= session_has_refresh(viewer->session);
		demand.lossy |= session_is_lossy(viewer->session);
	}
	if (screenshot_is_wanted(&clock->share->screenshot))
		demand.ready = demand.forced = true;
	return demand;
}

/* When to look at the whole screen. The first viewer's first change would wait
 * for the second frame to be made: it is made while nobody waits. */
static uint64_t whole_us(const struct frame_clock *clock)
{
	if (!clock->captured || !desktop_has_damage(clock->share->desktop))
		return 0;
	if (!desktop_is_warm(clock->share->desktop))
		return clock->captured_us + interval_us(clock);
	return UINT64_MAX;
}

/* When to look at where no damage was told of. */
static uint64_t sweep_us(const struct frame_clock *clock)
{
	return sooner(whole_us(clock), clock->swept_us + SWEEP_US);
}

/* Where nothing was told and nobody asks, the X server is not asked either: its
 * answer would be one more wake-up. */
static enum desktop_capture_what what_to_capture(
	const struct frame_clock *clock, uint64_t now)
{
	struct demand demand;

	if (now >= whole_us(clock))
		return CAPTURE_EVERYTHING;
	if (now < sweep_us(clock))
		return CAPTURE_DAMAGED;
	demand = look_at_viewers(clock);
	return clock->damaged || demand.forced || demand.pending
		       ? CAPTURE_DAMAGED_STRIP
		       : CAPTURE_STRIP;
}

/* The next slot of -fps, or sooner after a key: where something moves all the
 * time, its letter would wait for half an interval. */
static uint64_t next_us(const struct frame_clock *clock)
{
	uint64_t interval = interval_us(clock);
	uint64_t slot = clock->slot_us + interval;

	if (clock->early == 0)
		return slot;
	return sooner(slot, later(clock->captured_us + interval / 4,
				    clock->hurried_us + REPLY_US));
}

/* A burst of drawing is not cut in half, but for a key: its letter is drawn in
 * one go, and if it is not, another early picture follows. */
static uint64_t settled_us(const struct frame_clock *clock)
{
	return clock->damaged_us + (clock->early > 0 ? 0 : SETTLE_US);
}

/* When to capture next. -fps bounds what we push, not what a viewer asks for
 * outright: its own pace bounds that. */
static uint64_t due_us(
	const struct frame_clock *clock, const struct demand *demand)
{
	uint64_t next = next_us(clock);

	if (!clock->captured || demand->forced)
		return 0;
	if (demand->pending || demand->settled)
		return next;
	if (clock->damaged)
		return later(next, settled_us(clock));
	if (!desktop_has_damage(clock->share->desktop))
		next = clock->captured_us + clock->poll_us;
	else
		next = sweep_us(clock);
	return demand->lossy ? sooner(next, clock->aged_us + AGE_US) : next;
}

static void on_timer(uv_timer_t *timer);

static void on_again(uv_timer_t *timer)
{
	frame_clock_wake(timer->data);
}

static void arm(struct frame_clock *clock, uv_timer_t *timer, uv_timer_cb then,
	uint64_t at_us)
{
	uint64_t now = clock_us();
	uint64_t wait_ms = at_us > now ? (at_us - now + 500) / 1000 : 0;

	uv_update_time(&clock->share->server->loop);
	uv_timer_start(timer, then, wait_ms, 0);
}

void frame_clock_wake(struct frame_clock *clock)
{
	struct demand demand;

	if (clock->share->server->stopping)
		return;
	demand = look_at_viewers(clock);
	if (demand.ready)
		arm(clock, &clock->timer, on_timer,
			later(due_us(clock, &demand), clock->barred_us));
	else
		uv_timer_stop(&clock->timer);
	if (demand.again_us != UINT64_MAX)
		arm(clock, &clock->again, on_again, demand.again_us);
	else
		uv_timer_stop(&clock->again);
}

void frame_clock_damaged(struct frame_clock *clock)
{
	clock->damaged = true;
	clock->damaged_us = clock_us();
	frame_clock_wake(clock);
}

void frame_clock_renewed(struct frame_clock *clock)
{
	clock->barred_us = 0;
	frame_clock_damaged(clock);
}

void frame_clock_hurry(struct frame_clock *clock)
{
	clock->hurried_us = clock_us();
	clock->early = EARLY_PICTURES;
	frame_clock_wake(clock);
}

static void age_lossy(struct frame_clock *clock, uint64_t now)
{
	struct viewer *viewer = clock->share->viewers;

	if (now - clock->aged_us < AGE_US)
		return;
	clock->aged_us = now;
	for (; viewer != NULL; viewer = viewer->next)
		session_age_lossy(viewer->session);
}

/* Without XDamage: look again soon where something moves, ever less often
 * where nothing does. */
static void pace_polling(struct frame_clock *clock, bool changed)
{
	if (changed)
		clock->poll_us = interval_us(clock);
	else if (clock->poll_us < SLOWEST_POLL_US)
		clock->poll_us += clock->poll_us / 4;
}

static bool anybody_wants_moves(const struct share *share)
{
	const struct viewer *viewer = share->viewers;

	for (; viewer != NULL; viewer = viewer->next)
		if (session_wants_moves(viewer->session))
			return true;
	return false;
}

/* A slot may be taken early where the one before was left: an application with
 * a clock of its own at our pace would else be seen late, by a time that
 * drifts, and now and then not at all. What is asked for outright comes beside
 * the slots, and uses none up in advance. */
static void take_slot(struct frame_clock *clock, uint64_t now)
{
	uint64_t interval = interval_us(clock);

	if (clock->early > 0)
		clock->early--;
	clock->slot_us =
		sooner(later(clock->slot_us + interval, now - interval), now);
}

/* Pixels that are on their way out, straight from a frame, must not keep it
 * from those who wait for the next. */
static bool take_frames_back(struct share *share)
{
	struct connection *connection = share->server->connections;
	bool any = false;

	for (; connection != NULL; connection = connection->next) {
		const struct viewer *viewer = viewer_of(connection->top);

		if (viewer != NULL && viewer->share == share)
			any |= connection_settle(connection);
	}
	return any;
}

/* Pixels that are on their way out, straight from a frame, must not keep its
 * view from those who wait. */
static struct frame *picture_for(
	struct frame_clock *clock, const struct viewer *viewer)
{
	struct frame *picture = look_picture(viewer->look);

	if (picture == NULL && take_frames_back(clock->share))
		picture = look_picture(viewer->look);
	return picture;
}

static void begin_updates(struct frame_clock *clock, struct encode_batch *batch,
	struct viewer *viewer)
{
	struct frame *picture = picture_for(clock, viewer);

	if (picture == NULL)
		return;
	encode_batch_add(
		batch, viewer, session_begin_update(viewer->session, picture));
	if (viewer_is_ready(viewer))
		encode_batch_add(batch, viewer,
			session_begin_refresh(viewer->session, picture));
}

static void hand_out(struct frame_clock *clock, struct frame *frame,
	const struct region *changed, const struct move_list *moves)
{
	struct encode_batch batch = { .share = clock->share };
	struct viewer *viewer, *next;

	looks_begin(clock->share, frame, changed, moves);
	for (viewer = clock->share->viewers; viewer != NULL; viewer = next) {
		next = viewer->next;
		session_damage(viewer->session, look_changed(viewer->look),
			look_moves(viewer->look));
		if (viewer_is_ready(viewer))
			begin_updates(clock, &batch, viewer);
	}
	screenshot_captured(&clock->share->screenshot);
	looks_end(clock->share);
	encode_batch_start(&batch);
}

static struct frame *capture(struct share *share,
	enum desktop_capture_what what, struct region *changed,
	struct move_list *moves)
{
	struct frame *frame;

	if (display_keeper_is_away(&share->display_keeper))
		return display_keeper_picture(&share->display_keeper, changed);
	frame = desktop_capture(share->desktop, what, changed, moves);
	if (frame == NULL && take_frames_back(share))
		frame = desktop_capture(share->desktop, what, changed, moves);
	return frame;
}

/* A frame that comes back wakes us sooner; a screen that refuses is left alone
 * meanwhile: each try is some round trips, and new memory. */
static void try_later(struct frame_clock *clock, uint64_t now)
{
	const struct share *share = clock->share;

	metrics_add(&share->server->metrics, METRICS_CAPTURES_LATE, 1);
	if (clock->failing_us == 0) {
		clock->failing_us = now;
		clock->pause_us = RETRY_US;
	} else {
		clock->pause_us = sooner(2 * clock->pause_us, SLOWEST_RETRY_US);
	}
	if (desktop_refused_capture(share->desktop)) {
		clock->barred_us = now + clock->pause_us;
		if (!clock->told && now - clock->failing_us >= TOLD_US) {
			clock->told = true;
			log_warning(
				"%sthe screen cannot be captured: the X server "
				"refuses, or memory is short; viewers keep the "
				"last picture until it can",
				share->whose);
		}
	}
	if (!share->server->stopping)
		arm(clock, &clock->timer, on_timer, now + clock->pause_us);
}

static void go_on(struct frame_clock *clock, uint64_t now)
{
	if (clock->told)
		log_info("%sthe screen is captured again after %.1f s",
			clock->share->whose,
			(double)(now - clock->failing_us) / 1000000);
	clock->failing_us = clock->barred_us = 0;
	clock->told = false;
}

static void on_timer(uv_timer_t *timer)
{
	struct frame_clock *clock = timer->data;
	uint64_t now = clock_us();
	enum desktop_capture_what what =
		what_to_capture(clock, now + ROUNDED_US);
	struct move_list moves = { 0 };
	struct region changed;
	struct frame *frame;

	region_init(&changed);
	frame = capture(clock->share, what, &changed,
		anybody_wants_moves(clock->share) ? &moves : NULL);
	metrics_took(&clock->share->server->metrics, METRICS_CAPTURE,
		clock_us() - now);
	share_count(clock->share, METRICS_CAPTURES, 1);
	if (frame == NULL) {
		region_finish(&changed);
		try_later(clock, now);
		return;
	}
	go_on(clock, now);
	clock->damaged = false;
	clock->captured = true;
	clock->captured_us = now;
	/* A look that found nothing must not keep a change waiting. */
	if (what == CAPTURE_DAMAGED || !region_is_empty(&changed))
		take_slot(clock, now);
	if (what != CAPTURE_DAMAGED)
		clock->swept_us = now;
	pace_polling(clock, !region_is_empty(&changed));
	age_lossy(clock, now);
	pointer_news_moved(&clock->share->pointer_news);
	hand_out(clock, frame, &changed, &moves);
	frame_unref(frame);
	region_finish(&changed);
	frame_clock_wake(clock);
}
