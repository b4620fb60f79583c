/* One HTTP connection. The first byte chooses how it is set up and cut; the
 * others are what the peer sends. However the bytes are cut, the answers must
 * be the same. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "test/fuzz/same.h"
#include "websocket/basic_auth.h"
#include "websocket/http_peer.h"

enum {
	MOST_BYTES = 60000, /* below the limit of waiting requests */
	WITHOUT_PAGES = 1,
	WITH_ORIGINS = 2,
	SECURE = 4,
	DRAIN_AT_ONCE = 8,
	PIECE = 0x70, /* shifted by 4: bytes at a time, less one */
	WITH_HOSTS = 0x80,
	TLS_ONLY = WITHOUT_PAGES | WITH_HOSTS,
	DATE_BYTES = 29,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

struct outcome {
	struct http_peer *peer;
	bool drain_at_once;
	struct buffer sent, rest;
	struct buffer log; /* statuses, methods, paths */
	bool upgraded, finished;
};

static void on_send(void *context, const void *bytes, size_t length)
{
	struct outcome *outcome = context;

	assert(!outcome->upgraded && !outcome->finished && length > 0);
	buffer_append(&outcome->sent, bytes, length);
	if (outcome->drain_at_once)
		http_peer_drained(outcome->peer);
}

static void on_upgraded(
	void *context, const char *path, const uint8_t *rest, size_t length)
{
	struct outcome *outcome = context;

	assert(!outcome->upgraded && !outcome->finished);
	assert(path[0] == '/' || path[0] == '?');
	outcome->upgraded = true;
	buffer_text(&outcome->log, path);
	buffer_append(&outcome->rest, rest, length);
}

static void on_finished(void *context, const char *reason)
{
	struct outcome *outcome = context;

	assert(!outcome->upgraded && !outcome->finished);
	outcome->finished = true;
	buffer_text(&outcome->log, reason);
}

static void on_answered(
	void *context, int status, const char *method, const char *path)
{
	struct outcome *outcome = context;
	const char *at;

	assert(status >= 101 && status <= 505);
	assert(strchr(path, '?') == NULL || status >= 400);
	for (at = path; *at != '\0'; at++)
		assert((uint8_t)*at >= 0x20 && *at != 0x7f);
	buffer_printf(&outcome->log, "%d %s %s\n", status, method, path);
}

/* Who sends a field that cannot be read is asked again. */
static int on_admit(void *context, const struct http_request *request,
	bool upgrade, const char **problem)
{
	struct basic_auth auth;
	struct http_text field;

	(void)context;
	(void)upgrade;
	*problem = "Again.";
	if (basic_auth_read(request, &auth))
		assert(auth.length <= sizeof(auth.bytes));
	else if (http_request_field(request, "Authorization", &field))
		return 401;
	return HTTP_ADMITTED;
}

static const struct http_host host = {
	.send = on_send,
	.upgraded = on_upgraded,
	.finished = on_finished,
	.answered = on_answered,
	.admit = on_admit,
};

static void make_file(const char *directory, const char *name, size_t length)
{
	char *path = xasprintf("%s/%s", directory, name);
	FILE *file = fopen(path, "w");

	assert(file != NULL);
	while (length-- > 0)
		fputc('a', file);
	fclose(file);
	free(path);
}

static struct page_table *make_pages(void)
{
	static const char *const names[] = { "vnc.html", "a.js", "b.png",
		"c.svg" };
	static const size_t lengths[] = { 600, 10, 150000, 0 };
	char directory[] = "/tmp/fuzz-http-peer-XXXXXX", *error;
	struct page_table *pages;
	size_t i;

	assert(mkdtemp(directory) != NULL);
	for (i = 0; i < 4; i++)
		make_file(directory, names[i], lengths[i]);
	log_set_level(LOG_ERROR);
	pages = page_table_load(directory, &error);
	assert(pages != NULL);
	for (i = 0; i < 4; i++) {
		char *path = xasprintf("%s/%s", directory, names[i]);

		unlink(path);
		free(path);
	}
	rmdir(directory);
	return pages;
}

static void drain(struct outcome *outcome)
{
	size_t had;

	do {
		had = buffer_length(&outcome->sent);
		http_peer_drained(outcome->peer);
	} while (buffer_length(&outcome->sent) > had);
}

static void converse(struct outcome *outcome, const struct http_policy *policy,
	const uint8_t *bytes, size_t length, size_t piece)
{
	outcome->peer = http_peer_create(policy, &host, outcome);
	while (length > 0) {
		size_t count = length < piece ? length : piece;

		if (outcome->upgraded)
			buffer_append(&outcome->rest, bytes, count);
		else
			http_peer_receive(outcome->peer, bytes, count);
		drain(outcome);
		bytes += count;
		length -= count;
	}
	drain(outcome);
	http_peer_destroy(outcome->peer);
}

/* The clock may tick between two runs. */
static void blank_dates(struct buffer *sent)
{
	static const char begin[] = "\r\nDate: ";
	uint8_t *at, *end;

	if (buffer_length(sent) == 0)
		return;
	at = buffer_bytes(sent);
	end = at + buffer_length(sent);
	while ((at = memmem(at, (size_t)(end - at), begin,
			sizeof(begin) - 1)) != NULL) {
		at += sizeof(begin) - 1;
		assert(end - at > DATE_BYTES);
		memset(at, '-', DATE_BYTES);
	}
}

static void finish(struct outcome *outcome)
{
	buffer_finish(&outcome->sent);
	buffer_finish(&outcome->rest);
	buffer_finish(&outcome->log);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct page_table *pages;
	static const char *const origins[] = { "https://b.example",
		"c.example:81", NULL };
	static const char *const hosts[] = { "d.example", NULL };
	struct outcome whole = { 0 }, cut = { 0 };
	struct http_policy policy = { 0 };

	if (length == 0 || length > MOST_BYTES)
		return 0;
	if (pages == NULL)
		pages = make_pages();
	policy.pages = bytes[0] & WITHOUT_PAGES ? NULL : pages;
	policy.origins = bytes[0] & WITH_ORIGINS ? origins : NULL;
	policy.hosts = bytes[0] & WITH_HOSTS ? hosts : NULL;
	policy.secure = bytes[0] & SECURE;
	policy.tls_only = (bytes[0] & TLS_ONLY) == TLS_ONLY;
	whole.drain_at_once = bytes[0] & DRAIN_AT_ONCE;
	converse(&whole, &policy, bytes + 1, length - 1, MOST_BYTES);
	converse(&cut, &policy, bytes + 1, length - 1,
		(size_t)((bytes[0] & PIECE) >> 4) + 1);
	blank_dates(&whole.sent);
	blank_dates(&cut.sent);
	same_bytes(&whole.sent, &cut.sent);
	same_bytes(&whole.log, &cut.log);
	same_bytes(&whole.rest, &cut.rest);
	assert(whole.upgraded == cut.upgraded);
	assert(whole.finished == cut.finished);
	finish(&whole);
	finish(&cut);
	return 0;
}
