/* random.h - unpredictable bytes from the system's random source. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>

/* Aborts where the kernel has none to give: nothing safe can follow. */
void random_bytes(void *bytes, size_t count);

#endif
