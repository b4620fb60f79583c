/* notice_picture.h - what viewers see while there is no display.
 *
 * Threads: any; pure.
 */
#ifndef SERVER_DISPLAY_NOTICE_PICTURE_H
#define SERVER_DISPLAY_NOTICE_PICTURE_H

struct frame;

/* Gives a frame with a sentence in its middle. NULL: no memory. */
struct frame *notice_picture_create(int width, int height);

#endif
