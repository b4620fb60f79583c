#include "rfb/colour_palette.h"

#include <assert.h>
#include <string.h>

void colour_palette_init(struct colour_palette *palette, int most)
{
	assert(most >= 1 && most <= COLOUR_PALETTE_MOST);
	palette->count = 0;
	palette->most = most;
	memset(palette->keys, 0xff, sizeof(palette->keys));
}

int colour_palette_seek(
	struct colour_palette *palette, uint32_t colour, uint32_t slot)
{
	while (palette->keys[slot] != UINT32_MAX) {
		if (palette->keys[slot] == colour)
			return palette->numbers[slot];
		slot = (slot + 1) % COLOUR_PALETTE_SLOTS;
	}
	if (palette->count == palette->most)
		return -1;
	palette->keys[slot] = colour;
	palette->numbers[slot] = (uint8_t)palette->count;
	palette->colours[palette->count] = colour;
	return palette->count++;
}

/* As long as a stretch of background between letters, and eight or four
 * comparisons. */
enum { RUN = 16 };

static inline bool is_run(const uint32_t *pixels, uint32_t colour)
{
	uint32_t differing = 0;

#pragma omp simd reduction(| : differing)
	for (int i = 0; i < RUN; i++)
		differing |= pixels[i] ^ colour;
	return differing == 0;
}

/* Looks each pixel up without asking whether it equals the one before: in
 * text that question has no foreseeable answer, the look-up has. */
static bool look_up(struct colour_palette *palette, const uint32_t *pixels,
	int count, uint8_t *indices)
{
	for (int i = 0; i < count; i++) {
		int index = colour_palette_index(palette, pixels[i]);

		if (index < 0)
			return false;
		indices[i] = (uint8_t)index;
	}
	return true;
}

bool colour_palette_index_row(struct colour_palette *palette,
	const uint32_t *pixels, int count, uint8_t *indices)
{
	int at = count < 1 ? 0 : 1;

	if (!look_up(palette, pixels, at, indices))
		return false;
	for (; at + RUN <= count; at += RUN) {
		if (is_run(pixels + at, pixels[at - 1]))
			memset(indices + at, indices[at - 1], RUN);
		else if (!look_up(palette, pixels + at, RUN, indices + at))
			return false;
	}
	return look_up(palette, pixels + at, count - at, indices + at);
}

/* By insertion: most have few colours, and many of those come in order. */
void colour_palette_sort(struct colour_palette *palette, uint8_t *numbers)
{
	uint32_t keys[COLOUR_PALETTE_MOST]; /* a colour, and its old number */

	for (int i = 0; i < palette->count; i++) {
		uint32_t key = palette->colours[i] << 8 | (uint32_t)i;
		int at = i;

		for (; at > 0 && keys[at - 1] > key; at--)
			keys[at] = keys[at - 1];
		keys[at] = key;
	}
	for (int i = 0; i < palette->count; i++) {
		palette->colours[i] = keys[i] >> 8;
		numbers[keys[i] & 255] = (uint8_t)i;
	}
}
