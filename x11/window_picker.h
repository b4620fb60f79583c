/* window_picker.h - waits at the start: for a click on a window, or until one
 * is mapped.
 *
 * Threads: the loop thread alone, before the loop runs. SIGINT and SIGTERM end
 *          the program meanwhile: nothing else would hear them.
 */
#ifndef X11_WINDOW_PICKER_H
#define X11_WINDOW_PICKER_H

#include <stdbool.h>

#include "x11/display.h"

/* The application's window under the next click. None where the pointer is
 * taken by another program, or on loss. */
Window window_picker_pick(struct display *display);

/* Until the window is mapped; its StructureNotify must be selected. False
 * where it was destroyed instead, or on loss. */
bool window_picker_wait_mapped(struct display *display, Window window);

#endif
