/* stage.h - draws on the X display so that there is something to measure.
 *
 * Owner:   stage_open() gives, stage_close() frees.
 * Threads: one at a time, except that stage_play() starts a thread with a
 *          connection of its own.
 * Units:   pixels of the root window.
 */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include <stdint.h>

/* Where the marks appear. */
enum {
	STAGE_X = 200,
	STAGE_Y = 200,
	STAGE_MARK = 48, /* side of a mark */
	STAGE_FILM_WIDTH = 640,
	STAGE_FILM_HEIGHT = 360,
};

struct stage;

/* NULL when the display cannot be opened; said on stderr. */
struct stage *stage_open(const char *display);
void stage_close(struct stage *stage);

/* Fills the mark with 0xRRGGBB and sends it off. */
void stage_mark(struct stage *stage, uint32_t colour);

/* Shows a film at 60 pictures a second (scenery that scrolls, with grain)
 * until stage_pause(). A mark of stage_film_colour() in its upper left corner
 * counts the pictures. Returns after the first. */
void stage_play(struct stage *stage);
/* Returns how many pictures were shown. */
unsigned stage_pause(struct stage *stage);

/* Colours far enough apart to be told from each other after JPEG. */
uint32_t stage_film_colour(unsigned picture);

#endif
