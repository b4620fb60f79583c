/* scene_small.h - small changes here and there, a caret, and noise.
 */
#ifndef BENCH_SCENE_SMALL_H
#define BENCH_SCENE_SMALL_H

#include "bench/easel.h"

/* An office: typing, a clock, a progress bar, buttons, a menu. */
void *scene_small_open_office(struct easel *easel);
void scene_small_office(struct easel *easel, void *state, unsigned number);

/* Two by sixteen pixels go on and off in a page of text. */
void *scene_small_open_caret(struct easel *easel);
void scene_small_caret(struct easel *easel, void *state, unsigned number);

/* 640x480 pixels that nothing can compress. */
void *scene_small_open_noise(struct easel *easel);
void scene_small_noise(struct easel *easel, void *state, unsigned number);

#endif
