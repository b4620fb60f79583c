#include "websocket/ws_close.h"

#include <string.h>

#include "base/text.h"
#include "websocket/websocket.h"

bool ws_close_code_is_valid(int code)
{
	return (code >= 1000 && code <= 1003) ||
	       (code >= 1007 && code <= 1011) || (code >= 3000 && code <= 4999);
}

bool ws_close_parse(const uint8_t *payload, size_t length,
	struct ws_close *parsed, int *code, const char **problem)
{
	*parsed = (struct ws_close){ .code = WS_CLOSE_NO_CODE, .reason = "" };
	if (length == 0)
		return true;
	*code = WEBSOCKET_PROTOCOL_ERROR;
	if (length == 1) {
		*problem = "a close frame with half a code";
		return false;
	}
	parsed->code = payload[0] << 8 | payload[1];
	parsed->reason = (const char *)payload + 2;
	parsed->reason_length = length - 2;
	if (!ws_close_code_is_valid(parsed->code)) {
		*problem = "a close frame with a code that must not be sent";
		return false;
	}
	if (!text_is_utf8(parsed->reason, parsed->reason_length)) {
		*code = WEBSOCKET_INVALID_DATA;
		*problem = "a close frame whose reason is not UTF-8";
		return false;
	}
	return true;
}

size_t ws_close_write(
	uint8_t payload[WS_FRAME_MOST_CONTROL], int code, const char *reason)
{
	size_t length = reason ? strlen(reason) : 0;

	if (!text_is_utf8(reason ? reason : "", length))
		length = 0;
	if (length > WS_FRAME_MOST_CONTROL - 2) {
		length = WS_FRAME_MOST_CONTROL - 2;
		while (((uint8_t)reason[length] & 0xc0) == 0x80)
			length--;
	}
	payload[0] = (uint8_t)(code >> 8);
	payload[1] = (uint8_t)code;
	if (length > 0)
		memcpy(payload + 2, reason, length);
	return length + 2;
}
