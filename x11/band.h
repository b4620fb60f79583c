/* band.h - full-width strips of rows that cover a region.
 *
 * A grab costs a round trip and the X server writes full-width strips without
 * gaps, so a few tall strips are cheaper than many exact boxes.
 */
#ifndef X11_BAND_H
#define X11_BAND_H

#include "base/region.h"

/* Strips closer than this become one: 16 rows of 1920 pixels are copied in
 * less time than another round trip takes. */
enum { BAND_LEAST_GAP = 16 };

struct band {
	int y, height;
};

/* Gives the next band from the top. *index starts at 0 and is the iterator's
 * own; false when there is none left. */
bool band_next(const struct region *region, int *index, struct band *band);

#endif
