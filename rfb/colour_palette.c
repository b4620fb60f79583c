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

/* Looks each pixel up without asking whether it equals the one before: in
 * text that question has no foreseeable answer, the look-up has. */
bool colour_palette_index_row(struct colour_palette *palette,
	const uint32_t *pixels, int count, uint8_t *indices)
{
	for (int i = 0; i < count; i++) {
		int index = colour_palette_index(palette, pixels[i]);

		if (index < 0)
			return false;
		indices[i] = (uint8_t)index;
	}
	return true;
}
