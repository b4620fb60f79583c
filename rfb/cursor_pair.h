/* cursor_pair.h - the two colours that stand for a pointer's image best.
 *
 * Threads: pure functions over borrowed images; any thread.
 */
#ifndef RFB_CURSOR_PAIR_H
#define RFB_CURSOR_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor_image.h"

/* Colours 0x00RRGGBB; where an image has only two, exactly these. */
struct cursor_pair {
	uint32_t dark, light;
};

struct cursor_pair cursor_pair_find(const struct cursor_image *image);
/* Which of them stands for a pixel of the image. */
bool cursor_pair_is_dark(const struct cursor_pair *pair, uint32_t pixel);

/* Alpha of one half and more is there. */
static inline bool cursor_pair_is_opaque(uint32_t pixel)
{
	return pixel >> 24 >= 128;
}

#endif
