/* artist.h - draws, scrolls and moves at random on an X screen.
 *
 * Owner:   artist_open() gives; artist_close() frees, with the windows.
 * Threads: one at a time.
 */
#ifndef TEST_SEQUENCE_ARTIST_H
#define TEST_SEQUENCE_ARTIST_H

#include <X11/Xlib.h>
#include <stdint.h>

struct artist;

/* Covers the screen, which must have 24 bits. Borrows `display`. */
struct artist *artist_open(Display *display);
void artist_close(struct artist *artist);

/* What it does from here on depends on this number alone. */
void artist_begin(struct artist *artist, uint32_t seed);

/* One thing of many; its name, or NULL when the sequence is over. */
const char *artist_act(struct artist *artist);

/* A number below `limit`, of the same sequence. */
int artist_chance(struct artist *artist, int limit);

#endif
