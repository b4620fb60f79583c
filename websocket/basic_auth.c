#include "websocket/basic_auth.h"

#include <nettle/base64.h>
#include <string.h>

bool basic_auth_read(
	const struct http_request *request, struct basic_auth *auth)
{
	struct base64_decode_ctx context;
	struct http_text text, scheme;

	auth->length = 0;
	if (!http_request_field(request, "Authorization", &text))
		return false;
	scheme = http_text_cut(&text, ' ');
	text = http_text_trim(text);
	if (!http_text_is(scheme, "Basic") || text.length == 0 ||
		BASE64_DECODE_LENGTH(text.length) > sizeof(auth->bytes))
		return false;
	base64_decode_init(&context);
	return base64_decode_update(&context, &auth->length, auth->bytes,
		       text.length, text.at) &&
	       base64_decode_final(&context) &&
	       memchr(auth->bytes, ':', auth->length) != NULL;
}
