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
	uint32_t keys[COLOUR_PALETTE_SLOTS];   /* a colour, or ~0: free */
	uint8_t numbers[COLOUR_PALETTE_SLOTS]; /* of the keys */
};

/* Empty, and to hold no more than `most`. */
void colour_palette_init(struct colour_palette *palette, int most);

/* The rest of colour_palette_index(), from the first slot on. */
int colour_palette_seek(
	struct colour_palette *palette, uint32_t colour, uint32_t slot);

/* The colour's number, which it gets if it has none yet; -1 where there is no
 * more room. `colour` as 0x00RRGGBB. */
static inline int colour_palette_index(
	struct colour_palette *palette, uint32_t colour)
{
	uint32_t slot = colour * 0x9e3779b1u >> (32 - COLOUR_PALETTE_SLOT_BITS);

	if (palette->keys[slot] == colour)
		return palette->numbers[slot];
	return colour_palette_seek(palette, colour, slot);
}

/* Writes the numbers of `count` pixels to `indices`; false, with the numbers
 * undefined, where they do not all fit. */
bool colour_palette_index_row(struct colour_palette *palette,
	const uint32_t *pixels, int count, uint8_t *indices);

/* Orders the colours by their value, and writes the new number of each old one
 * to `numbers`. Colours are not looked up afterwards. */
void colour_palette_sort(struct colour_palette *palette, uint8_t *numbers);

#endif
