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

int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* RFB 3.8, None, shared; forgets what was sent. */
void fixture_log_in(struct fixture *fixture);

#endif
