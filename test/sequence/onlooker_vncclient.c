/* onlooker_vncclient.c - libvncclient, as its users use it. */
#include <rfb/rfbclient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "base/xmalloc.h"
#include "test/sequence/onlooker.h"
#include "test/unit/vncclient_format.h"

struct onlooker {
	rfbClient *client;
	char encodings[64];
	unsigned bytes; /* of a pixel */
	unsigned updates;
};

/* Its address is libvncclient's name for our pointer. */
static const char tag;

static void got_update(rfbClient *client)
{
	struct onlooker *onlooker =
		rfbClientGetClientData(client, (void *)&tag);

	onlooker->updates++;
}

static void say_nothing(const char *format, ...)
{
	(void)format;
}

static void set_wishes(struct onlooker *onlooker, rfbClient *client,
	const struct onlooker_wish *wish)
{
	snprintf(onlooker->encodings, sizeof(onlooker->encodings), "%s%s",
		wish->copies ? "copyrect " : "", wish->encoding);
	client->appData.encodingsString = onlooker->encodings;
	client->appData.qualityLevel = wish->quality;
	client->appData.enableJPEG = wish->quality >= 0;
	client->appData.compressLevel = 2;
	client->appData.useRemoteCursor = TRUE;
	client->appData.shareDesktop = TRUE;
	client->FinishedFrameBufferUpdate = got_update;
	vncclient_format_set(client, &wish->format);
}

static void close_onlooker(struct onlooker *onlooker)
{
	rfbClient *client = onlooker->client;

	if (client != NULL) {
		/* libvncclient leaves these to its user. */
		free(client->frameBuffer);
		free(client->rcSource);
		free(client->rcMask);
		tjDestroy(client->tjhnd);
		client->frameBuffer = NULL;
		client->rcSource = client->rcMask = NULL;
		client->tjhnd = NULL;
		rfbClientCleanup(client);
	}
	free(onlooker);
}

static struct onlooker *open_onlooker(
	int port, const struct onlooker_wish *wish)
{
	struct onlooker *onlooker = xcalloc(1, sizeof(*onlooker));
	rfbClient *client = rfbGetClient(8, 3, 4);

	rfbClientLog = rfbClientErr = say_nothing;
	onlooker->bytes = wish->format.bits_per_pixel / 8u;
	onlooker->client = client;
	rfbClientSetClientData(client, (void *)&tag, onlooker);
	set_wishes(onlooker, client, wish);
	free(client->serverHost);
	client->serverHost = strdup("127.0.0.1");
	client->serverPort = port;
	if (rfbInitClient(client, NULL, NULL))
		return onlooker;
	fprintf(stderr, "libvncclient did not get in\n");
	onlooker->client = NULL; /* it has freed it */
	close_onlooker(onlooker);
	return NULL;
}

static bool pump(struct onlooker *onlooker, unsigned wait_us)
{
	rfbClient *client = onlooker->client;

	for (;;) {
		/* What it has read ahead, select() does not see. */
		int ready = client->buffered > 0
				    ? 1
				    : WaitForMessage(client, wait_us);

		if (ready == 0)
			return true;
		if (ready < 0 || !HandleRFBServerMessage(client)) {
			fprintf(stderr, "libvncclient gave up\n");
			return false;
		}
		wait_us = 0;
	}
}

static unsigned updates(const struct onlooker *onlooker)
{
	return onlooker->updates;
}

static uint32_t value(const struct onlooker *onlooker, int x, int y)
{
	const rfbClient *client = onlooker->client;
	unsigned bytes = onlooker->bytes;
	const uint8_t *at =
		client->frameBuffer +
		((size_t)y * (size_t)client->width + (size_t)x) * bytes;
	uint32_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 |
			at[client->format.bigEndian ? i : bytes - 1 - i];
	return value;
}

const struct onlooker_kind onlooker_vncclient = {
	.name = "libvncclient",
	.open = open_onlooker,
	.close = close_onlooker,
	.pump = pump,
	.updates = updates,
	.value = value,
};
