/* screenshot_file.h - a frame as a file for people to look at.
 *
 * Threads: any; pure.
 * Errors:  `to` has failed.
 */
#ifndef SERVER_STATUS_SCREENSHOT_FILE_H
#define SERVER_STATUS_SCREENSHOT_FILE_H

#include "base/buffer.h"

struct frame;

void screenshot_file_png(const struct frame *frame, struct buffer *to);
void screenshot_file_jpeg(const struct frame *frame, struct buffer *to);

#endif
