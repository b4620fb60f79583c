#include "server/display/notice_picture.h"

#include <stdint.h>
#include <string.h>

#include "base/frame.h"

enum {
	GLYPH_WIDTH = 5,
	GLYPH_HEIGHT = 7,
	CELL_WIDTH = GLYPH_WIDTH + 1,
	LINE_HEIGHT = GLYPH_HEIGHT + 4,
	MOST_SCALE = 8,
	BACKGROUND = 0x1c2733,
	INK = 0xc8d4e0,
};

/* Rows of a capital, the leftmost pixel in bit 4; only those of the text. */
struct glyph {
	char letter;
	uint8_t rows[GLYPH_HEIGHT];
};

static const struct glyph glyphs[] = {
	{ 'A', { 0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11 } },
	{ 'D', { 0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e } },
	{ 'F', { 0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10 } },
	{ 'G', { 0x0e, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0e } },
	{ 'I', { 0x0e, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0e } },
	{ 'L', { 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f } },
	{ 'N', { 0x11, 0x19, 0x19, 0x15, 0x13, 0x13, 0x11 } },
	{ 'O', { 0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e } },
	{ 'P', { 0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10 } },
	{ 'R', { 0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11 } },
	{ 'S', { 0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e } },
	{ 'T', { 0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04 } },
	{ 'W', { 0x11, 0x11, 0x11, 0x15, 0x15, 0x15, 0x0a } },
	{ 'Y', { 0x11, 0x11, 0x0a, 0x04, 0x04, 0x04, 0x04 } },
};

static const char *const lines[] = { "NO DISPLAY", "WAITING FOR IT" };
enum { LINES = 2, LONGEST = 14 };

/* Clipped: a picture may be smaller than a letter. */
static void fill(struct frame *frame, struct rect rect, uint32_t colour)
{
	int x, y;

	rect = rect_intersect(rect, frame_rect(frame));
	for (y = rect.y; y < rect.y + rect.height; y++) {
		uint32_t *row =
			(uint32_t *)(frame->pixels + (size_t)y * frame->stride);

		for (x = rect.x; x < rect.x + rect.width; x++)
			row[x] = colour;
	}
}

static void draw_glyph(struct frame *frame, const struct glyph *glyph, int left,
	int top, int scale)
{
	int i;

	for (i = 0; i < GLYPH_WIDTH * GLYPH_HEIGHT; i++) {
		int x = i % GLYPH_WIDTH, y = i / GLYPH_WIDTH;
		struct rect dot = { left + x * scale, top + y * scale, scale,
			scale };

		if (glyph->rows[y] >> (GLYPH_WIDTH - 1 - x) & 1)
			fill(frame, dot, INK);
	}
}

static void draw_line(
	struct frame *frame, const char *text, int left, int top, int scale)
{
	const size_t count = sizeof(glyphs) / sizeof(glyphs[0]);
	size_t i;

	for (; *text != '\0'; text++, left += CELL_WIDTH * scale)
		for (i = 0; i < count; i++)
			if (glyphs[i].letter == *text)
				draw_glyph(frame, &glyphs[i], left, top, scale);
}

/* As large as leaves about a third of the picture at each side. */
static int choose_scale(int width, int height)
{
	int scale = width / (3 * LONGEST * CELL_WIDTH);

	if (scale > height / (3 * LINES * LINE_HEIGHT))
		scale = height / (3 * LINES * LINE_HEIGHT);
	if (scale > MOST_SCALE)
		scale = MOST_SCALE;
	return scale > 0 ? scale : 1;
}

struct frame *notice_picture_create(int width, int height)
{
	struct frame *frame = frame_create(width, height);
	int scale = choose_scale(width, height), i;

	if (frame == NULL)
		return NULL;
	fill(frame, frame_rect(frame), BACKGROUND);
	for (i = 0; i < LINES; i++) {
		int text_width =
			((int)strlen(lines[i]) * CELL_WIDTH - 1) * scale;

		draw_line(frame, lines[i], (width - text_width) / 2,
			height / 2 + (i - 1) * LINE_HEIGHT * scale, scale);
	}
	return frame;
}
