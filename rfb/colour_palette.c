#include "rfb/colour_palette.h"

#include <assert.h>
#include <string.h>

void colour_palette_init(struct colour_palette *palette, int most)
{
	assert(most >= 1 && most <= COLOUR_PALETTE_MOST);
	palette->count = 0;
	palette->most = most;
	memset(palette->slots, 0, sizeof(palette->slots));
}

bool colour_palette_index_row(struct colour_palette *palette,
	const uint32_t *pixels, int count, uint8_t *indices)
{
	uint32_t last;
	int index;

	if (count == 0)
		return true;
	last = pixels[0];
	index = colour_palette_index(palette, last);
	for (int i = 0; i < count && index >= 0; i++) {
		if (pixels[i] != last) {
			last = pixels[i];
			index = colour_palette_index(palette, last);
		}
		indices[i] = (uint8_t)index;
	}
	return index >= 0;
}
