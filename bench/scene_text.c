#include "bench/scene_text.h"

#include "base/xmalloc.h"

enum {
	WIDTH = 1440,
	LINE = 15,
	LINES = 64,
	COLUMNS = WIDTH / 6 - 2,
	PAPER = 0x101418,
	INK = 0xd3d7cf,
};

struct text {
	Window window;
};

static void write_line(
	struct easel *easel, struct text *text, int line, uint32_t seed)
{
	easel_write(
		easel, text->window, 6, line * LINE + 11, COLUMNS, INK, seed);
}

void scene_text_page(struct easel *easel, void *state, unsigned number)
{
	struct text *text = state;
	easel_fill(easel, text->window,
		(struct rect){ 0, 0, WIDTH, LINE * LINES }, PAPER);
	for (int i = 0; i < LINES; i++)
		write_line(easel, text, i, number * LINES + (uint32_t)i);
}

void *scene_text_open(struct easel *easel)
{
	struct text *text = xcalloc(1, sizeof(*text));
	struct rect place = { 40, 40, WIDTH, LINE * LINES };
	text->window = easel_window(easel, place, PAPER);
	scene_text_page(easel, text, 0);
	return text;
}

void scene_text_scroll(struct easel *easel, void *state, unsigned number)
{
	struct text *text = state;
	int kept = LINE * (LINES - 1);
	XCopyArea(easel->display, text->window, text->window, easel->context, 0,
		LINE, WIDTH, (unsigned)kept, 0, 0);
	easel_fill(easel, text->window, (struct rect){ 0, kept, WIDTH, LINE },
		PAPER);
	write_line(easel, text, LINES - 1, LINES + number);
}
