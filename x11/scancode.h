/* scancode.h - which key a scan code means, by its name in XKB.
 *
 * Viewers tell keys by place: XT's scan code set 1, E0 as the highest bit, as
 * QEMU's extended key event has them. XKB's names for places are the same for
 * every X server; keycodes are not.
 *
 * Threads: any; pure.
 */
#ifndef X11_SCANCODE_H
#define X11_SCANCODE_H

/* Up to four letters, for XKB not ended by NUL where there are four; NULL where
 * no key has this code, or where it is none we press: power and sleep. */
const char *scancode_name(unsigned scancode);

#endif
