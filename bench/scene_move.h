/* scene_move.h - what moves as a whole: a dragged window, a scrolled page.
 */
#ifndef BENCH_SCENE_MOVE_H
#define BENCH_SCENE_MOVE_H

#include "bench/easel.h"

/* A window with a picture in it, dragged over a screen of text. */
void *scene_move_open_drag(struct easel *easel);
void scene_move_drag(struct easel *easel, void *state, unsigned number);

/* A page of paragraphs, boxes and pictures, with soft letters as browsers
 * draw them; it moves by 40 to 120 pixels at a time. */
void *scene_move_open_web(struct easel *easel);
void scene_move_web(struct easel *easel, void *state, unsigned number);

#endif
