/* recorder.h - writes sessions down (-record), each into a file of its own.
 *
 * A worker opens, writes and closes, one at a time for all of them, so that a
 * disk that has stopped holds up one worker and no loop. What waits for the
 * disk meanwhile is bounded; what does not fit, or cannot be written, ends that
 * recording with a warning, and never the session.
 *
 * Owner:   struct recorder is embedded in struct server and keeps its place. A
 *          recording is the caller's from recorder_begin() to recording_end();
 *          then it frees itself when it has been written.
 * Threads: the loop thread; a recording's notes and file are lent to the
 * worker.
 */
#ifndef SERVER_RECORD_RECORDER_H
#define SERVER_RECORD_RECORDER_H

#include <stdbool.h>
#include <uv.h>

#include "base/buffer.h"
#include "server/record/record_text.h"

struct recording;

struct recorder {
	uv_loop_t *loop;
	const char *place; /* NULL: nothing is recorded */
	bool is_folder;
	unsigned long next; /* the number of the file to be tried first */
	size_t waiting;     /* bytes of notes, of all recordings */
	struct recording *recordings;
	bool working;
	uv_work_t work;
	/* Lent to the worker. */
	struct recording *written;
	struct buffer notes, text;
	char *path; /* of a file that it has opened */
	bool ends;
	int error;
};

/* `place`: a folder, or what all files' names begin with. False: no file can be
 * made there; a sentence was logged. NULL: nothing is recorded. */
bool recorder_open(
	struct recorder *recorder, uv_loop_t *loop, const char *place);
/* After the loop. */
void recorder_close(struct recorder *recorder);

/* A session begins: `number` is its connection's, for the log. */
struct recording *recorder_begin(
	struct recorder *recorder, unsigned long number);
/* Nothing gets to the disk before recording_keep(): who never logs in shall
 * leave no file. */
void recording_add(struct recording *recording, enum record_from from,
	const void *bytes, size_t length);
void recording_keep(struct recording *recording);
void recording_end(struct recording *recording);

#endif
