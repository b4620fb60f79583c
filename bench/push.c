#include "bench/push.h"

#include <arpa/inet.h>
#include <rfb/rfbclient.h>
#include <stdint.h>
#include <string.h>

#include "base/xmalloc.h"

enum {
	MESSAGE_CONTINUOUS = 150,
	MESSAGE_FENCE = 248,
	FENCE = -312,
	CONTINUOUS = -313,
	FENCE_HEAD = 9, /* type, padding, flags, length */
	FENCE_MOST = 64,
};

static const uint32_t FENCE_REQUEST = 0x80000000u;
static const uint32_t FENCE_BLOCKING = 3; /* what a serial viewer fulfils */

static rfbBool answer_fence(rfbClient *client)
{
	uint8_t message[FENCE_HEAD + FENCE_MOST] = { MESSAGE_FENCE };
	uint32_t flags;
	if (!ReadFromRFBServer(client, (char *)message + 1, FENCE_HEAD - 1))
		return FALSE;
	uint8_t length = message[FENCE_HEAD - 1];
	if (length > FENCE_MOST ||
		!ReadFromRFBServer(
			client, (char *)message + FENCE_HEAD, length))
		return FALSE;
	memcpy(&flags, message + 4, 4);
	flags = ntohl(flags);
	if (!(flags & FENCE_REQUEST))
		return TRUE;
	flags = htonl(flags & FENCE_BLOCKING);
	memcpy(message + 4, &flags, 4);
	return WriteToRFBServer(
		client, (const char *)message, FENCE_HEAD + length);
}

static rfbBool enable_continuous(rfbClient *client)
{
	uint8_t message[10] = { MESSAGE_CONTINUOUS, 1 };
	uint16_t width = htons((uint16_t)client->width);
	uint16_t height = htons((uint16_t)client->height);
	memcpy(message + 6, &width, 2);
	memcpy(message + 8, &height, 2);
	return WriteToRFBServer(client, (const char *)message, sizeof(message));
}

static rfbBool handle(rfbClient *client, rfbServerToClientMsg *message)
{
	if (message->type == MESSAGE_FENCE)
		return answer_fence(client);
	if (message->type == MESSAGE_CONTINUOUS)
		return enable_continuous(client);
	return FALSE;
}

void push_register(void)
{
	rfbClientProtocolExtension *extension = xcalloc(1, sizeof(*extension));
	int *encodings = xcalloc(3, sizeof(*encodings));
	encodings[0] = FENCE;
	encodings[1] = CONTINUOUS;
	extension->encodings = encodings;
	extension->handleMessage = handle;
	rfbClientRegisterExtension(extension);
}
