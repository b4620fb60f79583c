/* scene_text.h - a terminal: lines scroll up, or whole pages come.
 *
 * The X server is asked to move the old lines (XCopyArea), as terminals do.
 */
#ifndef BENCH_SCENE_TEXT_H
#define BENCH_SCENE_TEXT_H

#include "bench/easel.h"

void *scene_text_open(struct easel *easel);
/* One line more. */
void scene_text_scroll(struct easel *easel, void *state, unsigned number);
/* All lines anew. */
void scene_text_page(struct easel *easel, void *state, unsigned number);

#endif
