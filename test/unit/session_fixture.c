#include "test/unit/session_fixture.h"

int fixture_set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->config.name = "test";
	f->config.most_quality = 9;
	f->layout = (struct session_layout){ .width = WIDTH,
		.height = HEIGHT,
		.count = 1,
		.screens = { { 1, { 0, 0, WIDTH, HEIGHT }, 0 } } };
	f->frame = frame_create(WIDTH, HEIGHT);
	recorder_init(&f->recorder);
	f->session = session_create(
		&f->config, &f->layout, &recorder_host, &f->recorder);
	*state = f;
	return 0;
}

int fixture_tear_down(void **state)
{
	struct fixture *f = *state;

	session_destroy(f->session);
	recorder_finish(&f->recorder);
	frame_unref(f->frame);
	free(f);
	return 0;
}

void fixture_log_in(struct fixture *f)
{
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\1\1");
	assert_int_equal(f->recorder.logins, 1);
	buffer_clear(&f->recorder.sent);
}
