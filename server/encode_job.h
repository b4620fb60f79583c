/* encode_job.h - updates on their way through the workers: each encoded once,
 * for all viewers that would get the same bytes.
 *
 * Owner:   a batch is filled and started within one call of the frame clock;
 *          a job frees itself when its parts are done.
 * Threads: the loop thread; parts are encoded on workers.
 */
#ifndef SERVER_ENCODE_JOB_H
#define SERVER_ENCODE_JOB_H

struct encode_job;
struct share;
struct update;
struct viewer;

struct encode_batch {
	struct share *share;
	struct encode_job *jobs; /* not started yet */
};

/* Takes the update; NULL is left out. The viewer's connection is held until
 * its update has been sent. */
void encode_batch_add(struct encode_batch *batch, struct viewer *viewer,
	struct update *update);

/* Hands everything to the workers, but does at once what is less than waking
 * one; the batch is empty then. The caller wakes the frame clock. */
void encode_batch_start(struct encode_batch *batch);

#endif
