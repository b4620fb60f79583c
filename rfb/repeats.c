#include "rfb/repeats.h"

enum {
	ROWS = 16,   /* looked at, evenly spread */
	PIXELS = 64, /* of each, at places that differ */
	SLOT_BITS = 12,
	USED = 1 << 24, /* no colour has it */
	/* Measured: photographs with grain stay below 0.06, where searching
	 * gains nothing; those of few colours lie above 0.5, where it saves a
	 * third. */
	RARE_PART = 5, /* less than one of so many */
};

bool repeats_are_rare(const struct frame *frame, struct rect area)
{
	uint32_t seen[1 << SLOT_BITS] = { 0 };
	int width = area.width < PIXELS ? area.width : PIXELS;
	int rows = area.height < ROWS ? area.height : ROWS;
	int repeated = 0;

	for (int i = 0; i < rows; i++) {
		int y = area.y + i * area.height / rows;
		int x = area.x + i * (area.width - width) / rows;
		const uint32_t *row = frame_row(frame, y) + x;

		for (int at = 0; at < width; at++) {
			uint32_t colour = frame_colour(row[at]) | USED;
			uint32_t *slot =
				&seen[colour * 0x9e3779b1u >> (32 - SLOT_BITS)];

			repeated += *slot == colour;
			*slot = colour;
		}
	}
	return repeated * RARE_PART < rows * width;
}
