/* photo.h - pictures that compress like photographs, made of a number.
 *
 * Hills of noise in eight sizes, colours that change slowly, and some discs
 * with sharp edges. The same number gives the same picture.
 */
#ifndef BENCH_PHOTO_H
#define BENCH_PHOTO_H

#include <stdint.h>

/* Native pixels 0x00RRGGBB, width * height of them; the caller frees. */
uint32_t *photo_create(int width, int height, uint32_t seed);

/* A number that depends on all of x, y and seed. */
uint32_t photo_hash(uint32_t x, uint32_t y, uint32_t seed);

#endif
