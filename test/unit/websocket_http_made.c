/* Answers that the host makes, where no file has the path. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "test/unit/websocket_http_record.h"
#include "websocket/http_request.h"

struct fixture {
	struct http_record record; /* first: the host's context */
	struct http_host host;
	struct http_policy policy;
	struct http_peer *peer;
	int asked;
	int later; /* times to answer HTTP_LATER */
	int status;
	size_t length;
};

static int make(void *context, const struct http_request *request,
	struct http_made *made, const char **problem)
{
	struct fixture *fixture = context;
	size_t i;

	fixture->asked++;
	if (!http_text_is(request->target.path, "/made"))
		return 404;
	if (fixture->later > 0) {
		fixture->later--;
		return HTTP_LATER;
	}
	*problem = "Not for you.";
	if (fixture->status != 0)
		return fixture->status;
	made->type = "text/x-made";
	for (i = 0; i < fixture->length; i++)
		buffer_u8(&made->body, (uint8_t)('a' + i % 26));
	return HTTP_ADMITTED;
}

static int set_up(void **state)
{
	struct fixture *fixture = xcalloc(1, sizeof(*fixture));

	fixture->host = record_host;
	fixture->host.make = make;
	fixture->length = 10;
	fixture->peer = http_peer_create(
		&fixture->policy, &fixture->host, &fixture->record);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	http_peer_destroy(fixture->peer);
	http_record_finish(&fixture->record);
	free(fixture);
	return 0;
}

static void ask(struct fixture *fixture, const char *line)
{
	char *head = xasprintf("%s HTTP/1.1\r\nHost: a\r\n\r\n", line);

	http_peer_receive(fixture->peer, (uint8_t *)head, strlen(head));
	free(head);
}

static bool sent(struct fixture *fixture, const char *text)
{
	struct buffer *bytes = &fixture->record.sent;

	return buffer_length(bytes) > 0 &&
	       memmem(buffer_bytes(bytes), buffer_length(bytes), text,
		       strlen(text)) != NULL;
}

static void test_made(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "GET /made");
	assert_int_equal(fixture->record.status, 200);
	assert_true(sent(fixture, "Content-Type: text/x-made\r\n"));
	assert_true(sent(fixture, "Content-Length: 10\r\n"));
	assert_true(sent(fixture, "\r\n\r\nabcdefghij"));
	assert_null(fixture->record.finished);
}

/* The answer has left, and the next request gets one too. */
static void assert_another(struct fixture *fixture)
{
	int answers = fixture->record.answers;

	http_peer_drained(fixture->peer);
	ask(fixture, "GET /another");
	assert_int_equal(fixture->record.answers, answers + 1);
	assert_null(fixture->record.finished);
}

static char *redirect(void *context, const struct http_request *request)
{
	(void)context;
	return http_text_is(request->target.path, "/there")
		       ? xstrdup("here/?a=b")
		       : NULL;
}

static void test_elsewhere(void **state)
{
	struct fixture *fixture = *state;

	fixture->host.redirect = redirect;
	ask(fixture, "GET /there");
	assert_int_equal(fixture->record.status, 307);
	assert_true(sent(fixture, "\r\nLocation: here/?a=b\r\n"));
	assert_int_equal(fixture->asked, 0);
	assert_another(fixture);
	http_peer_drained(fixture->peer);
	ask(fixture, "GET /made");
	assert_int_equal(fixture->record.status, 200);
}

static void test_head_of_it(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "HEAD /made");
	assert_true(sent(fixture, "Content-Length: 10\r\n"));
	assert_false(sent(fixture, "abcdefghij"));
	assert_another(fixture);
}

static void test_nothing(void **state)
{
	struct fixture *fixture = *state;

	ask(fixture, "GET /other");
	assert_int_equal(fixture->record.status, 404);
	assert_another(fixture);
}

static void test_refused(void **state)
{
	struct fixture *fixture = *state;

	fixture->status = 403;
	ask(fixture, "GET /made");
	assert_int_equal(fixture->record.status, 403);
	assert_true(sent(fixture, "Not for you."));
}

/* What comes behind waits too, and is answered in order. */
static void test_later(void **state)
{
	struct fixture *fixture = *state;

	fixture->later = 2;
	ask(fixture, "GET /made");
	ask(fixture, "GET /other");
	assert_int_equal(fixture->record.answers, 0);
	assert_int_equal(fixture->asked, 1);
	http_peer_continue(fixture->peer);
	assert_int_equal(fixture->record.answers, 0);
	http_peer_continue(fixture->peer);
	assert_int_equal(fixture->record.status, 200);
	http_peer_drained(fixture->peer);
	assert_int_equal(fixture->record.status, 404);
	assert_int_equal(fixture->record.answers, 2);
	assert_int_equal(fixture->asked, 4);
}

static void test_gone_while_it_waits(void **state)
{
	struct fixture *fixture = *state;

	fixture->later = 1;
	ask(fixture, "GET /made");
	assert_int_equal(fixture->record.answers, 0);
}

static void test_long_one_in_pieces(void **state)
{
	struct fixture *fixture = *state;
	size_t had;

	fixture->length = 200000;
	ask(fixture, "GET /made");
	assert_true(buffer_length(&fixture->record.sent) < 100000);
	do {
		had = buffer_length(&fixture->record.sent);
		http_peer_drained(fixture->peer);
	} while (buffer_length(&fixture->record.sent) > had);
	assert_true(had > 200000);
	assert_another(fixture);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_made),
		TEST(test_elsewhere),
		TEST(test_head_of_it),
		TEST(test_nothing),
		TEST(test_refused),
		TEST(test_later),
		TEST(test_gone_while_it_waits),
		TEST(test_long_one_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
