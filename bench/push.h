/* push.h - lets libvncclient have updates pushed: fences and
 * ContinuousUpdates, which it does not know.
 *
 * Without them a server rests while a viewer decodes and asks again; TigerVNC's
 * viewers and noVNC do have them.
 *
 * Threads: one at a time; libvncclient keeps extensions for the whole process,
 *          so all viewers of a process have it.
 * Source:  rfbproto, Fence (-312) and ContinuousUpdates (-313).
 */
#ifndef BENCH_PUSH_H
#define BENCH_PUSH_H

/* Before the first viewer is opened. */
void push_register(void);

#endif
