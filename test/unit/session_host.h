/* session_host.h - a viewer's surroundings for tests of rfb/session.h: keeps
 * what was sent and asked.
 *
 * Owner:   embedded; recorder_finish() frees.
 */
#ifndef TEST_UNIT_SESSION_HOST_H
#define TEST_UNIT_SESSION_HOST_H

#include "base/buffer.h"
#include "rfb/session.h"

struct recorder {
	struct buffer sent;
	struct session_line line; /* what line() says */
	int remarks;
	bool idle;        /* what output_is_idle() says */
	int right, wrong; /* answers, where recorder_judge is the host */
	unsigned loans;   /* that were in what was sent */
	int logins, wanted, keys, releases, points, nudges, closes, resizes;
	uint32_t last_keysym, last_scancode;
	int x, y;
	unsigned buttons;
	struct session_layout wanted_layout;
	int divisor;                              /* that was asked for */
	enum session_resize_status resize_status; /* what it is answered */
	/* copy and paste: calls, and what the last of them said */
	int offers, gifts, refusals, wants;
	unsigned offered, wanted_forms;
	enum clipboard_format given;
	size_t given_length;
	char text[64];
	struct session *refuse; /* whose wants are refused at once */
	struct session *breaks; /* whose line breaks when it is next sent to */
	char reason[256];
	int tls_starts; /* and what was asked with the last */
	enum session_tls tls;
	size_t tls_bytes; /* that had come already */
	int login_checks;
	char user[64], password[64];
};

extern const struct session_host recorder_host;
/* The same, but it leaves viewers that answered to the test. */
extern const struct session_host recorder_judge;

void recorder_init(struct recorder *recorder);
void recorder_finish(struct recorder *recorder);

/* True when the sent bytes begin with these, which are then eaten. */
bool recorder_takes(
	struct recorder *recorder, const void *bytes, size_t length);

#endif
