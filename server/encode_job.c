#include "server/encode_job.h"

#include <assert.h>
#include <stdlib.h>
#include <uv.h>

#include "base/clock.h"
#include "base/xmalloc.h"
#include "server/connection.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/viewer.h"

enum { MOST_PARTS = 8 };

struct encode_part {
	uv_work_t work;
	struct encode_job *job;
	int index;
	uint64_t took_us;
};

/* Somebody else who gets the same rectangles. */
struct follower {
	struct follower *next;
	struct viewer *viewer;
	struct update *update;
};

struct encode_job {
	struct encode_job *next; /* in its batch */
	struct share *share;
	struct viewer *viewer;
	struct update *update;
	struct follower *followers;
	struct encode_part parts[MOST_PARTS];
	int working; /* of the parts */
};

static void follow(
	struct encode_job *job, struct viewer *viewer, struct update *update)
{
	struct follower *follower = xcalloc(1, sizeof(*follower));

	follower->viewer = viewer;
	follower->update = update;
	follower->next = job->followers;
	job->followers = follower;
	update_follow(update, job->update);
}

void encode_batch_add(struct encode_batch *batch, struct viewer *viewer,
	struct update *update)
{
	struct encode_job *job;

	if (update == NULL)
		return;
	viewer->encoding = true;
	connection_hold(viewer->layer.connection);
	for (job = batch->jobs; job != NULL; job = job->next)
		if (update_is_like(update, job->update)) {
			follow(job, viewer, update);
			return;
		}
	job = xcalloc(1, sizeof(*job));
	job->share = batch->share;
	job->viewer = viewer;
	job->update = update;
	job->next = batch->jobs;
	batch->jobs = job;
}

static void encode(uv_work_t *work)
{
	struct encode_part *part = work->data;
	uint64_t began_us = clock_us();

	update_encode(part->job->update, part->index);
	part->took_us = clock_us() - began_us;
}

static void deliver(struct viewer *viewer, struct update *update)
{
	share_count(viewer->share, METRICS_UPDATES, 1);
	viewer->encoding = false;
	session_end_update(viewer->session, update);
	connection_release(viewer->layer.connection);
}

/* All parts are done. */
static void finish(struct encode_job *job)
{
	while (job->followers != NULL) {
		struct follower *follower = job->followers;

		job->followers = follower->next;
		update_copy_parts(follower->update, job->update);
		metrics_add(&job->share->server->metrics,
			METRICS_UPDATES_SHARED, 1);
		deliver(follower->viewer, follower->update);
		free(follower);
	}
	deliver(job->viewer, job->update);
	free(job);
}

static void encoded(uv_work_t *work, int status)
{
	struct encode_part *part = work->data;
	struct encode_job *job = part->job;
	struct share *share = job->share;

	assert(status == 0); /* never cancelled */
	metrics_took(&share->server->metrics, METRICS_ENCODE, part->took_us);
	if (--job->working > 0)
		return;
	finish(job);
	frame_clock_wake(&share->clock);
}

static void do_at_once(struct encode_job *job)
{
	uint64_t began_us = clock_us();
	int i;

	for (i = 0; i < update_parts(job->update); i++)
		update_encode(job->update, i);
	metrics_took(&job->share->server->metrics, METRICS_ENCODE,
		clock_us() - began_us);
	finish(job);
}

static void start(struct encode_job *job)
{
	int i;

	job->working = update_parts(job->update);
	assert(job->working <= MOST_PARTS);
	for (i = 0; i < job->working; i++) {
		struct encode_part *part = &job->parts[i];

		part->job = job;
		part->index = i;
		part->work.data = part;
		uv_queue_work(&job->share->server->loop, &part->work, encode,
			encoded);
	}
}

void encode_batch_start(struct encode_batch *batch)
{
	while (batch->jobs != NULL) {
		struct encode_job *job = batch->jobs;

		batch->jobs = job->next;
		if (update_is_slight(job->update))
			do_at_once(job);
		else
			start(job);
	}
}
