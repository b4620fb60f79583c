/* websocket_http_record.h - an http_host that remembers what it was told.
 *
 * Owner: http_record_finish() frees.
 */
#ifndef TEST_UNIT_WEBSOCKET_HTTP_RECORD_H
#define TEST_UNIT_WEBSOCKET_HTTP_RECORD_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/xmalloc.h"
#include "websocket/http_peer.h"

struct http_record {
	struct buffer sent;
	size_t longest_send;
	int answers;
	int status;          /* of the last answer */
	char *method, *path; /* likewise */
	char *upgraded;      /* path and query */
	struct buffer rest;
	char *finished;
	struct http_peer *drain_at_once; /* told inside `send` */
};

static inline void record_send(void *context, const void *bytes, size_t length)
{
	struct http_record *record = context;

	buffer_append(&record->sent, bytes, length);
	if (length > record->longest_send)
		record->longest_send = length;
	if (record->drain_at_once != NULL)
		http_peer_drained(record->drain_at_once);
}

static inline void record_upgraded(
	void *context, const char *path, const uint8_t *rest, size_t length)
{
	struct http_record *record = context;

	record->upgraded = xstrdup(path);
	buffer_append(&record->rest, rest, length);
}

static inline void record_finished(void *context, const char *reason)
{
	struct http_record *record = context;

	if (record->finished != NULL)
		abort(); /* told twice */
	record->finished = xstrdup(reason);
}

static inline void record_answered(
	void *context, int status, const char *method, const char *path)
{
	struct http_record *record = context;

	free(record->method);
	free(record->path);
	record->answers++;
	record->status = status;
	record->method = xstrdup(method);
	record->path = xstrdup(path);
}

static const struct http_host record_host = {
	.send = record_send,
	.upgraded = record_upgraded,
	.finished = record_finished,
	.answered = record_answered,
};

static inline void http_record_finish(struct http_record *record)
{
	buffer_finish(&record->sent);
	buffer_finish(&record->rest);
	free(record->method);
	free(record->path);
	free(record->upgraded);
	free(record->finished);
	*record = (struct http_record){ 0 };
}

/* What was sent, ended by NUL. */
static inline const char *http_record_text(struct http_record *record)
{
	size_t length = buffer_length(&record->sent);

	buffer_u8(&record->sent, 0);
	buffer_truncate(&record->sent, length);
	return (const char *)buffer_bytes(&record->sent);
}

static inline bool http_record_has(struct http_record *record, const char *text)
{
	return strstr(http_record_text(record), text) != NULL;
}

/* Behind the head of the first response. */
static inline const char *http_record_body(struct http_record *record)
{
	const char *end = strstr(http_record_text(record), "\r\n\r\n");

	return end ? end + 4 : NULL;
}

#endif
