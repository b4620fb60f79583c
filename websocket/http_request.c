#include "websocket/http_request.h"

#include <string.h>

#include "websocket/host_name.h"
#include "websocket/http_peer.h"

/* Fields that decide something and must not be said twice. */
static const char *const single_fields[] = { "Host", "Content-Length",
	"Transfer-Encoding", "Origin", "Range", "If-Range", "Authorization",
	"Sec-WebSocket-Key", "Sec-WebSocket-Version" };

static enum parse_result bad(
	struct http_request *request, int status, const char *problem)
{
	request->status = status;
	request->problem = problem;
	return PARSE_BAD;
}

static bool is_token_byte(char c)
{
	char small = (char)(c | 0x20);

	return (c >= '0' && c <= '9') || (small >= 'a' && small <= 'z') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(struct http_text text)
{
	size_t i;

	for (i = 0; i < text.length; i++)
		if (!is_token_byte(text.at[i]))
			return false;
	return text.length > 0;
}

/* The line at the beginning of *rest, without its CR LF. */
static enum parse_result take_line(struct http_text *rest,
	struct http_text *line, struct http_request *request)
{
	size_t i;

	for (i = 0; i < rest->length; i++) {
		unsigned char c = (unsigned char)rest->at[i];

		if (c == '\r')
			break;
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return bad(request, 400,
				"The request has a control character in it.");
	}
	if (rest->length - i < 2)
		return PARSE_MORE;
	if (rest->at[i + 1] != '\n')
		return bad(request, 400,
			"A line of the request ends in CR alone.");
	*line = (struct http_text){ rest->at, i };
	rest->at += i + 2;
	rest->length -= i + 2;
	return PARSE_DONE;
}

static bool is_version(struct http_text text)
{
	return text.length == 8 && memcmp(text.at, "HTTP/", 5) == 0 &&
	       text.at[5] >= '0' && text.at[5] <= '9' && text.at[6] == '.' &&
	       text.at[7] >= '0' && text.at[7] <= '9';
}

static enum parse_result parse_request_line(struct http_text line,
	struct http_text *version, struct http_request *request)
{
	struct http_text method = http_text_cut(&line, ' ');
	struct http_text target = http_text_cut(&line, ' ');
	size_t i;

	if (!is_token(method) || target.length == 0 || !is_version(line))
		return bad(request, 400, "The request line is malformed.");
	for (i = 0; i < target.length; i++)
		if (target.at[i] <= 0x20 || target.at[i] > 0x7e)
			return bad(request, 400,
				"The request's address has a byte in it that "
				"must be written as %xx.");
	request->method = method;
	request->raw_target = target;
	*version = line;
	return PARSE_DONE;
}

static enum parse_result check_field_line(
	struct http_text line, struct http_request *request)
{
	struct http_text rest = line, name = http_text_cut(&rest, ':');

	if (line.at[0] == ' ' || line.at[0] == '\t')
		return bad(request, 400, "A header field is folded.");
	if (name.length == line.length || !is_token(name))
		return bad(request, 400, "A header field is malformed.");
	return PARSE_DONE;
}

bool http_request_next_field(
	struct http_text *rest, struct http_text *name, struct http_text *value)
{
	struct http_text line;

	if (rest->length == 0)
		return false;
	line = http_text_cut(rest, '\r');
	rest->at++; /* the LF */
	rest->length--;
	*name = http_text_cut(&line, ':');
	*value = http_text_trim(line);
	return true;
}

static size_t count_fields(const struct http_request *request, const char *name)
{
	struct http_text rest = request->fields, found, value;
	size_t count = 0;

	while (http_request_next_field(&rest, &found, &value))
		if (http_text_is(found, name))
			count++;
	return count;
}

bool http_request_field(const struct http_request *request, const char *name,
	struct http_text *value)
{
	struct http_text rest = request->fields, found;

	while (http_request_next_field(&rest, &found, value))
		if (http_text_is(found, name))
			return true;
	*value = (struct http_text){ NULL, 0 };
	return false;
}

bool http_request_lists(
	const struct http_request *request, const char *name, const char *token)
{
	struct http_text rest = request->fields, found, list, element;

	while (http_request_next_field(&rest, &found, &list)) {
		if (!http_text_is(found, name))
			continue;
		while (http_text_next(&list, &element))
			if (http_text_is(element, token))
				return true;
	}
	return false;
}

static enum parse_result check_host(struct http_request *request)
{
	struct host_name host;

	if (!http_request_field(request, "Host", &request->host) &&
		!request->is_http10)
		return bad(request, 400, "The request has no Host field.");
	if (request->host.length > 0 && !host_name_parse(request->host, &host))
		return bad(request, 400, "The Host field is malformed.");
	if (request->target.authority.length == 0)
		return PARSE_DONE;
	if (!host_name_parse(request->target.authority, &host))
		return bad(request, 400, "The request's address is malformed.");
	request->host = request->target.authority;
	return PARSE_DONE;
}

static enum parse_result check_body(struct http_request *request)
{
	struct http_text value;
	unsigned long long length;

	if (http_request_field(request, "Transfer-Encoding", &value))
		return bad(request, 413, "A request with a body is not taken.");
	if (!http_request_field(request, "Content-Length", &value))
		return PARSE_DONE;
	if (!http_text_number(value, &length))
		return bad(
			request, 400, "The Content-Length field is malformed.");
	if (length > 0)
		return bad(request, 413, "A request with a body is not taken.");
	return PARSE_DONE;
}

static bool is_exactly(struct http_text text, const char *word)
{
	return text.length == strlen(word) &&
	       memcmp(text.at, word, text.length) == 0;
}

static enum parse_result check_whole(
	struct http_text version, struct http_request *request)
{
	size_t i;

	request->is_http10 = is_exactly(version, "HTTP/1.0");
	if (!request->is_http10 && !is_exactly(version, "HTTP/1.1"))
		return bad(request, 505,
			"Only HTTP/1.1 and HTTP/1.0 are spoken here.");
	request->is_head = is_exactly(request->method, "HEAD");
	if (!request->is_head && !is_exactly(request->method, "GET"))
		return bad(
			request, 405, "Only GET and HEAD are answered here.");
	if (!http_target_parse(request->raw_target, &request->target))
		return bad(request, 400, "The request's address is malformed.");
	for (i = 0; i < sizeof(single_fields) / sizeof(single_fields[0]); i++)
		if (count_fields(request, single_fields[i]) > 1)
			return bad(request, 400,
				"A header field that must be unique comes "
				"twice.");
	if (check_host(request) == PARSE_BAD)
		return PARSE_BAD;
	return check_body(request);
}

static enum parse_result parse_head(
	struct http_text rest, struct http_request *request)
{
	const char *start = rest.at;
	struct http_text line, version;
	enum parse_result result;

	do
		result = take_line(&rest, &line, request);
	while (result == PARSE_DONE && line.length == 0);
	if (result == PARSE_DONE)
		result = parse_request_line(line, &version, request);
	request->fields = (struct http_text){ rest.at, 0 };
	while (result == PARSE_DONE) {
		request->fields.length = (size_t)(rest.at - request->fields.at);
		result = take_line(&rest, &line, request);
		if (result == PARSE_DONE && line.length == 0) {
			request->length = (size_t)(rest.at - start);
			return check_whole(version, request);
		}
		if (result == PARSE_DONE)
			result = check_field_line(line, request);
	}
	return result;
}

enum parse_result http_request_parse(
	const uint8_t *bytes, size_t length, struct http_request *request)
{
	size_t limited =
		length < HTTP_MOST_HEAD_BYTES ? length : HTTP_MOST_HEAD_BYTES;
	enum parse_result result;

	*request = (struct http_request){ 0 };
	result = parse_head(
		(struct http_text){ (const char *)bytes, limited }, request);
	if (result == PARSE_MORE && length >= HTTP_MOST_HEAD_BYTES)
		return bad(request, 431, "The request's head is too long.");
	return result;
}
