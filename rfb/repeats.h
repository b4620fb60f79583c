/* repeats.h - whether an area's colours recur, which decides how hard zlib
 * should look.
 *
 * Threads: any; a pure function.
 */
#ifndef RFB_REPEATS_H
#define RFB_REPEATS_H

#include <stdbool.h>

#include "base/frame.h"

/* True where hardly a pixel of `area` (not empty) has the colour of another
 * nearby, as in a photograph: a thousand or so are looked at. */
bool repeats_are_rare(const struct frame *frame, struct rect area);

#endif
