/* xinput.h - whether the X server has XInput2, asked so that a display lost
 * meanwhile does not end the program: libXi trusts what it was not given.
 *
 * Threads: the loop thread alone.
 */
#ifndef X11_XINPUT_H
#define X11_XINPUT_H

#include "x11/display.h"

/* Its opcode; 0 where there is no XInput of at least 2.`least_minor`. Round
 * trips. */
int xinput_opcode(struct display *display, int least_minor);

#endif
