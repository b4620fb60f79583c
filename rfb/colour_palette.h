/* colour_palette.h - the different colours of a small area, numbered in the
 * order they were met.
 *
 * Owner:   whoever embeds it; nothing to free.
 * Threads: one at a time.
 */
#ifndef RFB_COLOUR_PALETTE_H
#define RFB_COLOUR_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	COLOUR_PALETTE_MOST = 256,
	COLOUR_PALETTE_SLOT_BITS = 10, /* a quarter full at most */
	COLOUR_PALETTE_SLOTS = 1 << COLOUR_PALETTE_SLOT_BITS,
};

struct colour_palette {
	int count;
	int most; /* 1..COLOUR_PALETTE_MOST */
	uint32_t colours[COLOUR_PALETTE_MOST];
	uint16_t slots[COLOUR_PALETTE_SLOTS]; /* index + 1, 0: free */
};

/* Empty, and to hold no more than `most`. */
void colour_palette_init(struct colour_palette *palette, int most);

/* The colour's number, which it gets if it has none yet; -1 where there is no
 * more room. `colour` as 0x00RRGGBB. */
static inline int colour_palette_index(
	struct colour_palette *palette, uint32_t colour)
{
	uint32_t slot = colour * 0x9e3779b1u >> (32 - COLOUR_PALETTE_SLOT_BITS);

	while (palette->slots[slot] != 0) {
		int index = palette->slots[slot] - 1;

		if (palette->colours[index] == colour)
			return index;
		slot = (slot + 1) % COLOUR_PALETTE_SLOTS;
	}
	if (palette->count == palette->most)
		return -1;
	palette->colours[palette->count] = colour;
	palette->slots[slot] = (uint16_t)++palette->count;
	return palette->count - 1;
}

/* Writes the numbers of `count` pixels to `indices`; false, with the numbers
 * undefined, where they do not all fit. */
bool colour_palette_index_row(struct colour_palette *palette,
	const uint32_t *pixels, int count, uint8_t *indices);

#endif
