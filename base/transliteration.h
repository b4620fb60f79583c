/* transliteration.h - what Latin-1 lacks, written with letters that it has.
 *
 * Threads: any; constant.
 */
#ifndef BASE_TRANSLITERATION_H
#define BASE_TRANSLITERATION_H

#include <stdint.h>

enum { TRANSLITERATION_MOST_BYTES = 5 };

/* Latin-1 to read instead of a code point above 0xff, at most
 * TRANSLITERATION_MOST_BYTES of it and perhaps none (what is not to be seen);
 * "?" where there is nothing to read instead. */
const char *transliteration_find(uint32_t code_point);

#endif
