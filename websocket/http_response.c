#include "websocket/http_response.h"

#include <string.h>
#include <time.h>

#include "websocket/host_name.h"
#include "websocket/http_range.h"

static const struct status {
	int code;
	const char *name;
} statuses[] = {
	{ 200, "OK" },
	{ 206, "Partial Content" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 413, "Content Too Large" },
	{ 416, "Range Not Satisfiable" },
	{ 426, "Upgrade Required" },
	{ 431, "Request Header Fields Too Large" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

static const char *status_name(int code)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].code == code)
			return statuses[i].name;
	return "Unknown";
}

/* By hand: strftime() would speak the locale's language. */
static void write_date(struct buffer *head)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm) == NULL)
		return;
	buffer_printf(head, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
		days + tm.tm_wday * 3, tm.tm_mday, months + tm.tm_mon * 3,
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Whether the operator gave a field of that name (-http-header). */
static bool is_replaced(struct http_manner manner, const char *name)
{
	const char *const *next = manner.fields;
	size_t length = strlen(name);

	for (; next != NULL && *next != NULL; next++)
		if (strlen(*next) > length && (*next)[length] == ':' &&
			http_text_is((struct http_text){ *next, length }, name))
			return true;
	return false;
}

static void write_field(struct http_response *response,
	struct http_manner manner, const char *name, const char *value)
{
	if (!is_replaced(manner, name))
		buffer_printf(&response->head, "%s: %s\r\n", name, value);
}

static void write_given(
	struct http_response *response, struct http_manner manner)
{
	const char *const *next = manner.fields;

	for (; next != NULL && *next != NULL; next++)
		buffer_printf(&response->head, "%s\r\n", *next);
}

static void begin(
	struct http_response *response, int status, struct http_manner manner)
{
	response->status = status;
	buffer_printf(&response->head, "HTTP/1.1 %d %s\r\n", status,
		status_name(status));
	write_date(&response->head);
	buffer_printf(&response->head, "Connection: %s\r\n",
		manner.keep     ? "keep-alive"
		: status == 426 ? "close, Upgrade"
				: "close");
	write_field(response, manner, "Cache-Control", "no-cache");
	write_field(response, manner, "X-Content-Type-Options", "nosniff");
	write_field(response, manner, "X-Frame-Options", "SAMEORIGIN");
	/* noVNC's address may hold a password. */
	write_field(response, manner, "Referrer-Policy", "no-referrer");
	write_given(response, manner);
}

/* What noVNC 1.3 to 1.7 needs: vnc_lite.html and newer vnc.html have scripts
 * and styles inside the page; images arrive as data: and blob:; 'self' does
 * not cover ws: in every browser. A page may serve another port of its host. */
static void write_html_policy(struct http_response *response,
	const struct http_request *request, bool secure)
{
	struct host_name host;

	buffer_text(&response->head,
		"Content-Security-Policy: default-src 'self'; "
		"script-src 'self' 'unsafe-inline'; "
		"style-src 'self' 'unsafe-inline'; "
		"img-src 'self' data: blob:; media-src 'self' data: blob:; "
		"font-src 'self' data:; worker-src 'self' blob:; "
		"object-src 'none'; base-uri 'self'; form-action 'self'; "
		"frame-ancestors 'self'; connect-src 'self'");
	/* The policy's grammar has no IPv6 addresses. */
	if (host_name_parse(request->host, &host) &&
		!host_name_is_ipv6(&host)) {
		int length = (int)host.name.length;

		buffer_printf(
			&response->head, " wss://%.*s:*", length, host.name.at);
		if (!secure)
			buffer_printf(&response->head, " ws://%.*s:*", length,
				host.name.at);
	}
	buffer_text(&response->head, "\r\n");
}

static void write_policy(struct http_response *response,
	const struct http_request *request, const struct page *page,
	struct http_manner manner)
{
	if (is_replaced(manner, "Content-Security-Policy"))
		return;
	if (strncmp(page->type, "text/html", 9) == 0)
		write_html_policy(response, request, manner.secure);
	else if (strcmp(page->type, "image/svg+xml") == 0)
		buffer_text(&response->head,
			"Content-Security-Policy: default-src 'none'; "
			"style-src 'unsafe-inline'; img-src data:; "
			"frame-ancestors 'self'\r\n");
}

static bool quality_is_zero(struct http_text parameters)
{
	while (parameters.length > 0) {
		struct http_text value =
			http_text_trim(http_text_cut(&parameters, ';'));
		struct http_text name =
			http_text_trim(http_text_cut(&value, '='));
		size_t i;

		value = http_text_trim(value);
		if (!http_text_is(name, "q") || value.length == 0)
			continue;
		for (i = 0; i < value.length; i++)
			if (value.at[i] != '0' && value.at[i] != '.')
				return false;
		return true;
	}
	return false;
}

/* What is said of gzip counts more than what is said of "*". */
static bool takes_gzip(const struct http_request *request)
{
	struct http_text rest = request->fields, name, list, element;
	bool any = false;

	while (http_request_next_field(&rest, &name, &list)) {
		if (!http_text_is(name, "Accept-Encoding"))
			continue;
		while (http_text_next(&list, &element)) {
			struct http_text coding =
				http_text_trim(http_text_cut(&element, ';'));
			bool wanted = !quality_is_zero(element);

			if (http_text_is(coding, "gzip") ||
				http_text_is(coding, "x-gzip"))
				return wanted;
			if (http_text_is(coding, "*"))
				any = wanted;
		}
	}
	return any;
}

/* The gzip form goes under the same tag, marked weak, so that either form a
 * browser holds is known again. */
static bool is_known(
	const struct http_request *request, const struct page *page)
{
	struct http_text rest = request->fields, name, list, tag;

	while (http_request_next_field(&rest, &name, &list)) {
		if (!http_text_is(name, "If-None-Match"))
			continue;
		while (http_text_next(&list, &tag)) {
			if (http_text_is(tag, "*"))
				return true;
			if (tag.length > 2 && memcmp(tag.at, "W/", 2) == 0)
				tag = (struct http_text){ tag.at + 2,
					tag.length - 2 };
			if (tag.length == strlen(page->etag) &&
				memcmp(tag.at, page->etag, tag.length) == 0)
				return true;
		}
	}
	return false;
}

static enum http_range_result wanted_range(const struct http_request *request,
	const struct page *page, size_t *first, size_t *count)
{
	struct http_text range, condition;

	if (request->is_head || !http_request_field(request, "Range", &range))
		return HTTP_RANGE_NONE;
	if (http_request_field(request, "If-Range", &condition) &&
		(condition.length != strlen(page->etag) ||
			memcmp(condition.at, page->etag, condition.length) !=
				0))
		return HTTP_RANGE_NONE;
	return http_range_parse(range, page->length, first, count);
}

static void set_body(struct http_response *response, const uint8_t *body,
	size_t length, struct http_manner manner)
{
	buffer_printf(&response->head, "Content-Length: %zu\r\n\r\n", length);
	if (!manner.is_head) {
		response->body = body;
		response->length = length;
	}
}

static void write_tag(
	struct http_response *response, const struct page *page, bool weak)
{
	buffer_printf(&response->head, "ETag: %s%s\r\n", weak ? "W/" : "",
		page->etag);
	if (page->gzip != NULL)
		buffer_text(&response->head, "Vary: Accept-Encoding\r\n");
}

static void answer_part(struct http_response *response,
	const struct http_request *request, const struct page *page,
	size_t first, size_t count, struct http_manner manner)
{
	begin(response, 206, manner);
	write_tag(response, page, false);
	write_policy(response, request, page, manner);
	buffer_printf(&response->head,
		"Content-Type: %s\r\n"
		"Content-Range: bytes %zu-%zu/%zu\r\n",
		page->type, first, first + count - 1, page->length);
	set_body(response, page->bytes + first, count, manner);
}

static void answer_whole(struct http_response *response,
	const struct http_request *request, const struct page *page, bool gzip,
	struct http_manner manner)
{
	begin(response, 200, manner);
	write_tag(response, page, gzip);
	write_policy(response, request, page, manner);
	buffer_printf(&response->head,
		"Content-Type: %s\r\n"
		"Accept-Ranges: bytes\r\n",
		page->type);
	if (gzip)
		buffer_text(&response->head, "Content-Encoding: gzip\r\n");
	set_body(response, gzip ? page->gzip : page->bytes,
		gzip ? page->gzip_length : page->length, manner);
}

static void write_sentence(struct http_response *response, const char *sentence,
	struct http_manner manner)
{
	write_field(response, manner, "Content-Security-Policy",
		"default-src 'none'; frame-ancestors 'self'");
	buffer_printf(&response->head,
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Length: %zu\r\n\r\n",
		strlen(sentence) + 1);
	if (!manner.is_head)
		buffer_printf(&response->head, "%s\n", sentence);
}

void http_response_page(struct http_response *response,
	const struct http_request *request, const struct page *page,
	struct http_manner manner)
{
	bool gzip = page->gzip != NULL && takes_gzip(request);
	size_t first, count;

	if (is_known(request, page)) {
		begin(response, 304, manner);
		write_tag(response, page, gzip);
		buffer_text(&response->head, "\r\n");
		return;
	}
	switch (wanted_range(request, page, &first, &count)) {
	case HTTP_RANGE_NONE:
		answer_whole(response, request, page, gzip, manner);
		break;
	case HTTP_RANGE_PART:
		answer_part(response, request, page, first, count, manner);
		break;
	case HTTP_RANGE_OUTSIDE:
		begin(response, 416, manner);
		buffer_printf(&response->head, "Content-Range: bytes */%zu\r\n",
			page->length);
		write_sentence(response,
			"The page ends before the range begins.", manner);
		break;
	}
}

void http_response_made(struct http_response *response,
	const struct http_made *made, struct http_manner manner)
{
	begin(response, made->status != 0 ? made->status : 200, manner);
	write_field(response, manner, "Content-Security-Policy",
		"default-src 'none'; frame-ancestors 'none'");
	write_field(response, manner, "Cross-Origin-Resource-Policy",
		"same-origin");
	buffer_printf(&response->head, "Content-Type: %s\r\n", made->type);
	set_body(response, buffer_bytes(&made->body),
		buffer_length(&made->body), manner);
}

void http_response_error(struct http_response *response, int status,
	const char *sentence, struct http_manner manner)
{
	begin(response, status, manner);
	if (status == 401)
		buffer_text(&response->head,
			"WWW-Authenticate: Basic realm=\"x11wsvnc\", "
			"charset=\"UTF-8\"\r\n");
	if (status == 405)
		buffer_text(&response->head, "Allow: GET, HEAD\r\n");
	if (status == 426)
		buffer_text(&response->head,
			"Upgrade: websocket\r\n"
			"Sec-WebSocket-Version: 13\r\n");
	write_sentence(response, sentence, manner);
}

void http_response_to_https(struct http_response *response,
	struct http_text host, struct http_text target,
	struct http_manner manner)
{
	begin(response, 308, manner);
	buffer_printf(&response->head, "Location: https://%.*s%.*s\r\n",
		(int)host.length, host.at, (int)target.length, target.at);
	write_sentence(response, "This page is served by https only.", manner);
}

void http_response_elsewhere(struct http_response *response, const char *where,
	struct http_manner manner)
{
	begin(response, 307, manner);
	buffer_printf(&response->head, "Location: %s\r\n", where);
	write_sentence(response, "This page is elsewhere.", manner);
}

void http_response_finish(struct http_response *response)
{
	buffer_finish(&response->head);
}
