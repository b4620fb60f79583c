/* rect_writer.h - collects the rectangles of one FramebufferUpdate.
 *
 * Owner:   the update job; the bytes become the message's.
 * Threads: one at a time.
 */
#ifndef RFB_RECT_WRITER_H
#define RFB_RECT_WRITER_H

#include "base/buffer.h"
#include "base/rect.h"

struct rect_writer {
	struct buffer bytes; /* headers and payloads, one after another */
	unsigned count;
};

void rect_writer_finish(struct rect_writer *writer);

/* Writes the 12-byte rectangle header and counts it; the payload follows into
 * `bytes`. */
void rect_writer_begin(
	struct rect_writer *writer, struct rect rect, int32_t encoding);

#endif
