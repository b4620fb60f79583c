#include "bench/viewer.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <rfb/rfbclient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/region.h"
#include "base/xmalloc.h"
#include "bench/stamp.h"
#include "bench/web_relay.h"

struct viewer {
	rfbClient *client;
	struct web_relay *relay;
	const char *password;
	struct region covered;
	unsigned updates;
	bool lost;
};

/* Its address is libvncclient's name for our pointer. */
static const char tag;

static struct viewer *viewer_of(rfbClient *client)
{
	return rfbClientGetClientData(client, (void *)&tag);
}

static void got_area(rfbClient *client, int x, int y, int width, int height)
{
	struct rect area = { x, y, width, height };
	region_add_rect(&viewer_of(client)->covered, area);
}

static void got_update(rfbClient *client)
{
	viewer_of(client)->updates++;
}

static char *get_password(rfbClient *client)
{
	const char *password = viewer_of(client)->password;
	return strdup(password ? password : "");
}

static void say_nothing(const char *format, ...)
{
	(void)format;
}

static void set_wishes(rfbClient *client, const struct viewer_options *options)
{
	client->canHandleNewFBSize = TRUE;
	client->appData.encodingsString = options->encodings;
	client->appData.qualityLevel = options->quality;
	client->appData.compressLevel = options->compression;
	client->appData.enableJPEG = options->quality >= 0;
	client->appData.shareDesktop = TRUE;
	client->appData.useRemoteCursor = TRUE;
	client->GotFrameBufferUpdate = got_area;
	client->FinishedFrameBufferUpdate = got_update;
	client->GetPassword = get_password;
}

static bool set_server(
	struct viewer *viewer, const struct viewer_options *options)
{
	rfbClient *client = viewer->client;
	free(client->serverHost);
	client->serverHost = NULL;
	if (options->websocket) {
		viewer->relay = web_relay_start(options->host, options->port);
		if (!viewer->relay)
			return false;
		client->serverHost = strdup(web_relay_path(viewer->relay));
		return true;
	}
	client->serverHost = strdup(options->host);
	client->serverPort = atoi(options->port);
	return true;
}

struct viewer *viewer_open(const struct viewer_options *options)
{
	struct viewer *viewer = xcalloc(1, sizeof(*viewer));
	region_init(&viewer->covered);
	viewer->password = options->password;
	rfbClientLog = say_nothing;
	viewer->client = rfbGetClient(8, 3, 4);
	rfbClientSetClientData(viewer->client, (void *)&tag, viewer);
	set_wishes(viewer->client, options);
	if (!set_server(viewer, options))
		goto fail;
	if (!rfbInitClient(viewer->client, NULL, NULL)) {
		viewer->client = NULL; /* it has freed it */
		goto fail;
	}
	return viewer;
fail:
	fprintf(stderr, "cannot log in at %s:%s\n", options->host,
		options->port);
	viewer_close(viewer);
	return NULL;
}

void viewer_close(struct viewer *viewer)
{
	if (!viewer)
		return;
	if (viewer->client) {
		free(viewer->client->frameBuffer);
		viewer->client->frameBuffer = NULL;
		rfbClientCleanup(viewer->client);
	}
	web_relay_stop(viewer->relay);
	region_finish(&viewer->covered);
	free(viewer);
}

int viewer_width(const struct viewer *viewer)
{
	return viewer->client->width;
}

int viewer_height(const struct viewer *viewer)
{
	return viewer->client->height;
}

bool viewer_wait(struct viewer *viewer, uint64_t us)
{
	rfbClient *client = viewer->client;
	uint64_t end = clock_us() + us;
	unsigned before = viewer->updates;

	while (!viewer->lost && viewer->updates == before) {
		uint64_t now = clock_us();
		/* What it has read ahead, select() does not see. */
		if (client->buffered == 0) {
			int ready = now < end ? WaitForMessage(client,
							(unsigned)(end - now))
					      : 0;
			if (ready == 0)
				break;
			viewer->lost = ready < 0;
		}
		if (!viewer->lost && !HandleRFBServerMessage(client))
			viewer->lost = true;
	}
	return !viewer->lost;
}

bool viewer_request_all(struct viewer *viewer)
{
	rfbClient *client = viewer->client;
	region_clear(&viewer->covered);
	if (!SendFramebufferUpdateRequest(
		    client, 0, 0, client->width, client->height, FALSE))
		viewer->lost = true;
	return !viewer->lost;
}

bool viewer_is_covered(const struct viewer *viewer)
{
	struct rect all = { 0, 0, viewer_width(viewer), viewer_height(viewer) };
	return region_contains(&viewer->covered, all);
}

uint32_t viewer_pixel(const struct viewer *viewer, int x, int y)
{
	const rfbClient *client = viewer->client;
	uint32_t pixel;
	memcpy(&pixel,
		client->frameBuffer + ((size_t)y * client->width + x) * 4, 4);
	const rfbPixelFormat *format = &client->format;
	return (pixel >> format->redShift & 255) << 16 |
	       (pixel >> format->greenShift & 255) << 8 |
	       (pixel >> format->blueShift & 255);
}

bool viewer_shows(const struct viewer *viewer, int x, int y, uint32_t colour)
{
	uint32_t pixel = viewer_pixel(viewer, x, y);
	for (int shift = 0; shift <= 16; shift += 8) {
		int want = colour >> shift & 255;
		int got = pixel >> shift & 255;
		if (abs(want - got) > 24)
			return false;
	}
	return true;
}

bool viewer_stamp(const struct viewer *viewer, int x, int y, unsigned *number)
{
	uint32_t bits = 0;
	for (int i = 0; i < STAMP_BITS; i++) {
		uint32_t pixel = viewer_pixel(viewer,
			x + i * STAMP_BLOCK + STAMP_BLOCK / 2,
			y + STAMP_BLOCK / 2);
		if ((pixel >> 8 & 255) >= 128)
			bits |= 1u << i;
	}
	return stamp_decode(bits, number);
}

bool viewer_key(struct viewer *viewer, uint32_t keysym)
{
	if (!SendKeyEvent(viewer->client, keysym, TRUE) ||
		!SendKeyEvent(viewer->client, keysym, FALSE))
		viewer->lost = true;
	return !viewer->lost;
}

uint64_t viewer_bytes(const struct viewer *viewer)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);
	int fd = viewer->relay ? web_relay_server_fd(viewer->relay)
			       : viewer->client->sock;
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		return 0;
	return info.tcpi_bytes_received;
}

unsigned viewer_updates(const struct viewer *viewer)
{
	return viewer->updates;
}
