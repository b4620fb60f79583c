/* scene_film.h - films and photographs, put up with MIT-SHM as players do.
 *
 * A camera moves over a scene, something else moves before it, and every
 * picture has grain of its own: nothing in it is a copy of the last picture.
 */
#ifndef BENCH_SCENE_FILM_H
#define BENCH_SCENE_FILM_H

#include "bench/easel.h"

void *scene_film_open_720(struct easel *easel);
void *scene_film_open_full(struct easel *easel);
/* Full-screen photographs that have nothing in common. */
void *scene_film_open_photos(struct easel *easel);
void scene_film_draw(struct easel *easel, void *state, unsigned number);

#endif
