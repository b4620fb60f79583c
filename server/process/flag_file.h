/* flag_file.h - files that tell others how it goes: -flag says that viewers can
 * come, -rmflag by its absence that we ended.
 *
 * Threads: any.
 */
#ifndef SERVER_PROCESS_FLAG_FILE_H
#define SERVER_PROCESS_FLAG_FILE_H

#include <stdbool.h>

/* The line PORT=N; it is there whole or not at all. NULL: nothing. False: a
 * sentence was logged. */
bool flag_file_write(const char *file, int port);
void flag_file_remove(const char *file);

#endif
