/* viewer_pointer.h - what a viewer does with the pointer, on its way to the
 * screen: whose turn it is, what it sees of the screen, and what is blackened
 * out of it.
 *
 * Threads: the loop thread.
 * Units:   pixels of the viewer's picture; `buttons` is RFB's mask.
 */
#ifndef SERVER_INPUT_VIEWER_POINTER_H
#define SERVER_INPUT_VIEWER_POINTER_H

struct viewer;

void viewer_pointer_point(
	struct viewer *viewer, int x, int y, unsigned buttons);
/* By so much from where it is. */
void viewer_pointer_nudge(
	struct viewer *viewer, int dx, int dy, unsigned buttons);

#endif
