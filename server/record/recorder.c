#include "server/record/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/xmalloc.h"

enum {
	/* What may wait for the disk: of one session (or one message, however
	 * large), before it has logged in, and of all of them. */
	MOST_BYTES = 8 << 20,
	MOST_EARLY_BYTES = 64 << 10,
	MOST_ALL_BYTES = 64 << 20,
	PIECE_BYTES = 256 << 10, /* of text, written at once */
	MOST_NAMES = 100000,     /* that are tried: others are taken */
};

struct recording {
	struct recorder *recorder;
	struct recording *next;
	unsigned long number;
	uint64_t began_ms;
	struct buffer notes;
	bool kept, ended;
	bool given_up;
	int fd; /* -1: not opened yet */
};

bool recorder_open(
	struct recorder *recorder, uv_loop_t *loop, const char *place)
{
	const char *slash;
	struct stat about;
	char *folder;

	recorder->loop = loop;
	recorder->place = place;
	recorder->next = 1;
	if (place == NULL)
		return true;
	recorder->is_folder =
		stat(place, &about) == 0 && S_ISDIR(about.st_mode);
	slash = strrchr(place, '/');
	folder = recorder->is_folder ? xstrdup(place)
		 : slash == NULL     ? xstrdup(".")
		 : slash == place    ? xstrdup("/")
				     : xstrndup(place, (size_t)(slash - place));
	if (access(folder, W_OK | X_OK) != 0) {
		log_error("-record: no file can be made in %s: %s", folder,
			strerror(errno));
		free(folder);
		return false;
	}
	free(folder);
	return true;
}

void recorder_close(struct recorder *recorder)
{
	buffer_finish(&recorder->notes);
	buffer_finish(&recorder->text);
}

/* ---- the worker ---- */

/* One that was not there: no recording is written over. */
static int open_file(struct recorder *recorder)
{
	int tries, fd = -1;

	for (tries = 0; tries < MOST_NAMES && fd < 0; tries++) {
		char *path = xasprintf("%s%s.%lu", recorder->place,
			recorder->is_folder ? "/session" : "",
			recorder->next++);

		fd = open(path,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			0600);
		if (fd >= 0)
			recorder->path = path;
		else
			free(path);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

static bool write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t wrote = write(fd, bytes, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		bytes += wrote;
		length -= (size_t)wrote;
	}
	return true;
}

static bool write_text(struct recorder *recorder, int fd)
{
	struct buffer *text = &recorder->text;
	bool good;

	if (text->failed) {
		errno = ENOMEM;
		return false;
	}
	good = write_all(fd, buffer_bytes(text), buffer_length(text));
	buffer_clear(text);
	return good;
}

static bool write_notes(struct recorder *recorder, int *fd)
{
	if (*fd < 0) {
		*fd = open_file(recorder);
		if (*fd < 0)
			return false;
		buffer_text(&recorder->text, RECORD_TEXT_BEGIN);
	}
	while (buffer_length(&recorder->notes) > 0) {
		record_text_write(
			&recorder->text, &recorder->notes, PIECE_BYTES);
		if (!write_text(recorder, *fd))
			return false;
	}
	if (recorder->ends)
		buffer_text(&recorder->text, RECORD_TEXT_END);
	return write_text(recorder, *fd);
}

static void work(uv_work_t *request)
{
	struct recorder *recorder = request->data;
	int *fd = &recorder->written->fd;

	recorder->error = write_notes(recorder, fd) ? 0 : errno;
	if (*fd >= 0 && (recorder->ends || recorder->error != 0)) {
		if (close(*fd) != 0 && recorder->error == 0)
			recorder->error = errno;
		*fd = -1;
	}
}

/* ---- the loop ---- */

static void forget_notes(struct recording *recording)
{
	recording->recorder->waiting -= buffer_length(&recording->notes);
	buffer_finish(&recording->notes);
}

static void give_up(struct recording *recording, const char *why)
{
	log_warning("#%lu is no longer recorded: %s", recording->number, why);
	recording->given_up = true;
	forget_notes(recording);
}

static void unlink_recording(struct recording *recording)
{
	struct recording **at = &recording->recorder->recordings;

	while (*at != recording)
		at = &(*at)->next;
	*at = recording->next;
}

static void destroy(struct recording *recording)
{
	unlink_recording(recording);
	forget_notes(recording);
	free(recording);
}

/* Behind the others. */
static void append(struct recorder *recorder, struct recording *recording)
{
	struct recording **at = &recorder->recordings;

	while (*at != NULL)
		at = &(*at)->next;
	recording->next = NULL;
	*at = recording;
}

static bool has_work(const struct recording *recording)
{
	if (!recording->kept)
		return false;
	if (recording->given_up) /* the file gets its end, if there is one */
		return recording->ended && recording->fd >= 0;
	return recording->ended || buffer_length(&recording->notes) > 0;
}

static void next(struct recorder *recorder);

static void after_work(uv_work_t *request, int status)
{
	struct recorder *recorder = request->data;
	struct recording *recording = recorder->written;

	recorder->working = false;
	recorder->written = NULL;
	buffer_finish(&recorder->notes);
	buffer_finish(&recorder->text);
	if (recorder->path != NULL)
		log_info("#%lu is recorded in %s", recording->number,
			recorder->path);
	free(recorder->path);
	recorder->path = NULL;
	if (status != 0 || recorder->error != 0)
		give_up(recording, strerror(recorder->error));
	if (recorder->ends || (recording->ended && !has_work(recording)))
		destroy(recording);
	next(recorder);
}

static void next(struct recorder *recorder)
{
	struct recording *recording = recorder->recordings;

	if (recorder->working)
		return;
	while (recording != NULL && !has_work(recording))
		recording = recording->next;
	if (recording == NULL)
		return;
	unlink_recording(recording);
	append(recorder, recording);
	recorder->waiting -= buffer_length(&recording->notes);
	recorder->notes = recording->notes;
	recording->notes = (struct buffer){ 0 };
	recorder->ends = recording->ended;
	recorder->written = recording;
	recorder->working = true;
	recorder->work.data = recorder;
	uv_queue_work(recorder->loop, &recorder->work, work, after_work);
}

struct recording *recorder_begin(
	struct recorder *recorder, unsigned long number)
{
	struct recording *recording = xcalloc(1, sizeof(*recording));

	recording->recorder = recorder;
	recording->number = number;
	recording->began_ms = clock_ms();
	recording->fd = -1;
	append(recorder, recording);
	return recording;
}

void recording_add(struct recording *recording, enum record_from from,
	const void *bytes, size_t length)
{
	struct recorder *recorder = recording->recorder;
	size_t before = buffer_length(&recording->notes);
	size_t most = recording->kept ? MOST_BYTES : MOST_EARLY_BYTES;
	bool alone = recording->kept && before == 0;

	if (recording->given_up)
		return;
	if ((!alone && before + length > most) ||
		recorder->waiting + length > MOST_ALL_BYTES) {
		give_up(recording, recording->kept
					   ? "the disk is too slow"
					   : "too much before the login");
		return;
	}
	record_text_note(&recording->notes, from,
		(uint32_t)(clock_ms() - recording->began_ms), bytes, length);
	recorder->waiting += buffer_length(&recording->notes) - before;
	if (recording->notes.failed)
		give_up(recording, "no memory");
	else
		next(recorder);
}

void recording_keep(struct recording *recording)
{
	if (recording->kept)
		return;
	recording->kept = true;
	next(recording->recorder);
}

void recording_end(struct recording *recording)
{
	struct recorder *recorder = recording->recorder;

	recording->ended = true;
	if (recorder->written == recording)
		return; /* after_work() goes on */
	if (has_work(recording))
		next(recorder);
	else
		destroy(recording);
}
