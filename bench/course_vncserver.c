/* course_vncserver.c - libvncserver over a local socket that a thread empties.
 */
#include "bench/course.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <rfb/rfb.h>
#include <rfb/rfbregion.h>

#include "base/buffer.h"

enum { MESSAGES_OF_LOGIN = 4, UPDATE_HEAD = 4, SHARED = 1, NO_SECURITY = 1 };

/* The viewer: what it got. */
struct drain {
	int socket;
	pthread_t thread;
	struct buffer bytes;
};

static void *drain_run(void *argument)
{
	struct drain *drain = argument;
	ssize_t got = 1;

	while (got > 0) {
		uint8_t *room = buffer_reserve(&drain->bytes, 1 << 18);

		got = room ? read(drain->socket, room, 1 << 18) : 0;
		if (got > 0)
			buffer_commit(&drain->bytes, (size_t)got);
	}
	return NULL;
}

static rfbScreenInfoPtr screen_of(const struct frame *frame)
{
	rfbScreenInfoPtr screen =
		rfbGetScreen(NULL, NULL, frame->width, frame->height, 8, 3, 4);

	if (screen == NULL)
		return NULL;
	screen->frameBuffer = (char *)frame->pixels;
	screen->paddedWidthInBytes = (int)frame->stride;
	screen->cursor = NULL;
	/* It counts 32 and would send a byte a pixel more. */
	screen->serverFormat.depth = 24;
	screen->serverFormat.redShift = 16;
	screen->serverFormat.greenShift = 8;
	screen->serverFormat.blueShift = 0;
	screen->port = screen->ipv6port = -1;
	return screen;
}

static void write_all(int socket, struct buffer *bytes)
{
	ssize_t sent = write(socket, buffer_bytes(bytes), buffer_length(bytes));

	if (sent != (ssize_t)buffer_length(bytes))
		perror("write");
	buffer_clear(bytes);
}

static void log_in(rfbClientPtr client, int socket, const struct course *course)
{
	int32_t wishes[] = { course->encoding, course->compress,
		course->quality };
	unsigned count = 1 + (course->compress != 0) + (course->quality != 0);
	struct buffer bytes = { 0 };

	buffer_text(&bytes, "RFB 003.008\n");
	buffer_u8(&bytes, NO_SECURITY);
	buffer_u8(&bytes, SHARED);
	buffer_u16(&bytes, rfbSetEncodings << 8);
	buffer_u16(&bytes, (uint16_t)count);
	for (unsigned i = 0; i < 3; i++)
		if (i == 0 || wishes[i] != 0)
			buffer_s32(&bytes, wishes[i]);
	write_all(socket, &bytes);
	for (int i = 0; i < MESSAGES_OF_LOGIN; i++)
		rfbProcessClientMessage(client);
	buffer_finish(&bytes);
}

static double send_frame(rfbClientPtr client, int socket)
{
	rfbScreenInfoPtr screen = client->screen;
	struct buffer bytes = { 0 };
	sraRegionPtr whole =
		sraRgnCreateRect(0, 0, screen->width, screen->height);
	double begun;

	buffer_u16(&bytes, rfbFramebufferUpdateRequest << 8);
	buffer_u32(&bytes, 0);
	buffer_u16(&bytes, (uint16_t)screen->width);
	buffer_u16(&bytes, (uint16_t)screen->height);
	write_all(socket, &bytes);
	buffer_finish(&bytes);
	rfbProcessClientMessage(client);
	begun = course_thread_ms();
	rfbSendFramebufferUpdate(client, whole);
	begun = course_thread_ms() - begun;
	sraRgnDestroy(whole);
	return begun;
}

/* A connection of `rounds` frames; the caller frees what was received. */
static bool connect_and_run(const struct course *course,
	const struct frame *frame, int rounds, double *times,
	struct buffer *received)
{
	rfbScreenInfoPtr screen = screen_of(frame);
	struct drain drain = { 0 };
	rfbClientPtr client = NULL;
	int sockets[2];

	if (screen == NULL || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
		return false;
	drain.socket = sockets[1];
	if (pthread_create(&drain.thread, NULL, drain_run, &drain) != 0)
		return false;
	client = rfbNewClient(screen, sockets[0]);
	if (client != NULL) {
		log_in(client, sockets[1], course);
		for (int i = 0; i < rounds; i++)
			times[i] = send_frame(client, sockets[1]);
		rfbCloseClient(client);
		rfbClientConnectionGone(client);
	}
	pthread_join(drain.thread, NULL);
	close(sockets[1]);
	*received = drain.bytes;
	screen->frameBuffer = NULL;
	rfbScreenCleanup(screen);
	return client != NULL;
}

static void no_log(const char *format, ...)
{
	(void)format;
}

bool course_run_vncserver(const struct course *course,
	const struct frame *frame, int rounds, struct course_result *result)
{
	struct buffer login = { 0 }, one = { 0 }, all = { 0 };
	double times[COURSE_MOST_ROUNDS];
	bool good;
	size_t start;

	rfbLog = rfbErr = no_log;
	good = connect_and_run(course, frame, 0, times, &login) &&
	       connect_and_run(course, frame, 1, times, &one) &&
	       connect_and_run(course, frame, rounds, times, &all);
	start = buffer_length(&login);
	if (good && buffer_length(&one) > start + UPDATE_HEAD) {
		const uint8_t *update = buffer_bytes(&one) + start;

		result->psnr = NAN;
		course_judge(frame, update + UPDATE_HEAD,
			buffer_length(&one) - start - UPDATE_HEAD,
			(unsigned)(update[2] << 8 | update[3]), &result->psnr);
		result->ms = course_median(times, rounds);
		result->bytes = (double)(buffer_length(&all) - start) / rounds;
	}
	buffer_finish(&login);
	buffer_finish(&one);
	buffer_finish(&all);
	return good;
}
