/* initialiser.h - the braces of an initialiser that a macro makes. Written out
 * in the macro, each version of clang-format lays them out in its own way.
 *
 * Threads: any; constant.
 */
#ifndef BASE_INITIALISER_H
#define BASE_INITIALISER_H

/* clang-format off */
#define INITIALISER(...) { __VA_ARGS__ }
/* clang-format on */

#endif
