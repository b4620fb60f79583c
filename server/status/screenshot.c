#include "server/status/screenshot.h"

#include <assert.h>

#include "base/clock.h"
#include "base/frame.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/status/screenshot_file.h"
#include "server/status/status.h"
#include "server/view/look.h"

enum { FRESH_MS = 1000 };

void screenshot_init(struct screenshot *screenshot, struct share *share)
{
	int form;

	for (form = 0; form < SCREENSHOT_FORMS; form++) {
		struct screenshot_job *job = &screenshot->jobs[form];

		job->share = share;
		job->form = (enum screenshot_form)form;
		job->work.data = job;
	}
}

bool screenshot_is_wanted(const struct screenshot *screenshot)
{
	int form;

	for (form = 0; form < SCREENSHOT_FORMS; form++)
		if (screenshot->jobs[form].wanted)
			return true;
	return false;
}

static void release_look(struct screenshot *screenshot)
{
	look_release(screenshot->jobs[0].share, screenshot->look);
	screenshot->look = NULL;
}

void screenshot_finish(struct screenshot *screenshot)
{
	int form;

	if (screenshot->look != NULL)
		release_look(screenshot);
	for (form = 0; form < SCREENSHOT_FORMS; form++)
		if (screenshot->jobs[form].frame == NULL)
			buffer_finish(&screenshot->jobs[form].file);
}

static void await(struct screenshot *screenshot, struct status_visit *visit)
{
	if (visit->waits)
		return;
	visit->waits = true;
	visit->next = screenshot->waiting;
	screenshot->waiting = visit;
}

const struct buffer *screenshot_get(struct screenshot *screenshot,
	enum screenshot_form form, struct status_visit *visit)
{
	struct screenshot_job *job = &screenshot->jobs[form];
	struct share *share = job->share;

	if (job->made_ms != 0 && clock_ms() - job->made_ms < FRESH_MS)
		return &job->file;
	await(screenshot, visit);
	if (job->wanted || job->frame != NULL)
		return NULL;
	job->wanted = true;
	if (screenshot->look == NULL)
		screenshot->look =
			look_take(share, (struct look_wish){ .divisor = 1 });
	frame_clock_wake(&share->clock);
	return NULL;
}

void screenshot_forget(
	struct screenshot *screenshot, struct status_visit *visit)
{
	struct status_visit **at = &screenshot->waiting;

	if (!visit->waits)
		return;
	while (*at != visit)
		at = &(*at)->next;
	*at = visit->next;
	visit->waits = false;
}

/* Each may ask for another form at once, and is put on the list again. */
static void tell_waiting(struct screenshot *screenshot)
{
	struct status_visit *visit = screenshot->waiting, *next;

	screenshot->waiting = NULL;
	for (; visit != NULL; visit = next) {
		next = visit->next;
		visit->waits = false;
		visit->again(visit);
	}
}

static void encode(uv_work_t *work)
{
	static void (*const encoders[])(
		const struct frame *frame, struct buffer *to) = {
		[SCREENSHOT_PNG] = screenshot_file_png,
		[SCREENSHOT_JPEG] = screenshot_file_jpeg,
	};
	struct screenshot_job *job = work->data;

	encoders[job->form](job->frame, &job->file);
}

static void encoded(uv_work_t *work, int status)
{
	struct screenshot_job *job = work->data;
	struct share *share = job->share;

	assert(status == 0); /* never cancelled */
	frame_unref(job->frame);
	job->frame = NULL;
	job->made_ms = clock_ms();
	if (!screenshot_is_wanted(&share->screenshot))
		release_look(&share->screenshot);
	metrics_add(&share->server->metrics, METRICS_SCREENSHOTS, 1);
	frame_clock_wake(&share->clock);
	tell_waiting(&share->screenshot);
}

void screenshot_captured(struct screenshot *screenshot)
{
	struct frame *picture;
	int form;

	if (!screenshot_is_wanted(screenshot))
		return;
	picture = look_picture(screenshot->look);
	if (picture == NULL)
		return; /* with the next */
	for (form = 0; form < SCREENSHOT_FORMS; form++) {
		struct screenshot_job *job = &screenshot->jobs[form];

		if (!job->wanted)
			continue;
		job->wanted = false;
		job->frame = frame_ref(picture);
		buffer_finish(&job->file);
		job->file = (struct buffer){ 0 };
		uv_queue_work(
			&job->share->server->loop, &job->work, encode, encoded);
	}
}
