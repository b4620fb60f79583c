/* session_fixture.h - a session, its surroundings and a picture, for tests.
 */
#ifndef TEST_UNIT_SESSION_FIXTURE_H
#define TEST_UNIT_SESSION_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/move.h"
#include "test/unit/session_host.h"

/* Byte strings with zeros inside. */
#define TAKES(recorder, literal)                                               \
	assert_true(recorder_takes(recorder, literal, sizeof(literal) - 1))
#define SAY(session, literal)                                                  \
	session_receive(session, (const uint8_t *)literal, sizeof(literal) - 1)

#define SESSION_TEST(function)                                                 \
	cmocka_unit_test_setup_teardown(                                       \
		function, fixture_set_up, fixture_tear_down)

enum { WIDTH = 64, HEIGHT = 48 };

struct fixture {
	struct session_config config;
	struct session_layout layout;
	struct recorder recorder;
	struct session *session;
	struct frame *frame;
};

/* With a black picture; fixture_close() frees. */
struct fixture *fixture_open(int width, int height);
void fixture_close(struct fixture *fixture);

/* The same for cmocka, WIDTH x HEIGHT. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* RFB 3.8, None, shared; forgets what was sent. */
void fixture_log_in(struct fixture *fixture);

/* Smooth and colourful. */
void fixture_paint_photo(struct fixture *fixture);
/* These pixels changed; nothing moved. */
void fixture_change(struct fixture *fixture, struct rect area);

/* Encodes all parts of it; and sends it. It is one. */
void fixture_encode(struct update *update);
void fixture_end(struct fixture *fixture, struct update *update);
/* An update, which is due, from the fixture's picture. */
void fixture_draw(struct fixture *fixture);

#endif
