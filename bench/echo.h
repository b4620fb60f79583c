/* echo.h - a window that answers every key with a new stamp.
 *
 * What a person types into, so that the way of a key to the application and of
 * its letter back to the viewer can be timed.
 *
 * Threads: echo_start() starts one that ends with the process and has a
 *          connection to the X server of its own.
 */
#ifndef BENCH_ECHO_H
#define BENCH_ECHO_H

#include "bench/stamp.h"

/* Left of the workload's stamp. */
enum { ECHO_X = STAMP_X - STAMP_WIDTH - 64, ECHO_Y = STAMP_Y };

/* Shows stamp 0, takes the keyboard focus, and shows 1 at the first key.
 * `display` is borrowed for good. */
void echo_start(const char *display);

#endif
