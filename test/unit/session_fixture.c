#include "test/unit/session_fixture.h"

struct fixture *fixture_open(int width, int height)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->config.name = "test";
	f->config.most_quality = 9;
	f->layout = (struct session_layout){ .width = width,
		.height = height,
		.count = 1,
		.screens = { { 1, { 0, 0, width, height }, 0 } } };
	f->frame = frame_create(width, height);
	recorder_init(&f->recorder);
	f->session = session_create(
		&f->config, &f->layout, &recorder_host, &f->recorder);
	return f;
}

void fixture_close(struct fixture *f)
{
	session_destroy(f->session);
	recorder_finish(&f->recorder);
	frame_unref(f->frame);
	free(f);
}

int fixture_set_up(void **state)
{
	*state = fixture_open(WIDTH, HEIGHT);
	return 0;
}

int fixture_tear_down(void **state)
{
	fixture_close(*state);
	return 0;
}

void fixture_log_in(struct fixture *f)
{
	session_start(f->session);
	SAY(f->session, "RFB 003.008\n\1\1");
	assert_int_equal(f->recorder.logins, 1);
	buffer_clear(&f->recorder.sent);
}

void fixture_paint_photo(struct fixture *f)
{
	struct frame *frame = f->frame;
	int x, y;

	for (y = 0; y < frame->height; y++)
		for (x = 0; x < frame->width; x++) {
			uint32_t *row = (uint32_t *)(frame->pixels +
						     (size_t)y * frame->stride);

			row[x] = (uint32_t)(x * 3 + y * y % 7) << 16 |
				 (uint32_t)(y * 4 + x * x % 5) << 8 |
				 (uint32_t)(x + y + x * y % 9);
		}
}

void fixture_change(struct fixture *f, struct rect area)
{
	static const struct move_list no_moves;
	struct region changed;

	region_init(&changed);
	region_add_rect(&changed, area);
	session_damage(f->session, &changed, &no_moves);
	region_finish(&changed);
}

void fixture_encode(struct update *update)
{
	int i;

	assert_non_null(update);
	for (i = 0; i < update_parts(update); i++)
		update_encode(update, i);
}

void fixture_end(struct fixture *f, struct update *update)
{
	fixture_encode(update);
	session_end_update(f->session, update);
}

void fixture_draw(struct fixture *f)
{
	fixture_end(f, session_begin_update(f->session, f->frame));
}
