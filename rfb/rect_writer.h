/* rect_writer.h - collects the rectangles of one FramebufferUpdate.
 *
 * Owner:   the update job; the bytes become the message's.
 * Threads: one at a time.
 * Errors:  memory running out and a rectangle past RECT_WRITER_MOST are both
 *          sticky in bytes.failed.
 */
#ifndef RFB_RECT_WRITER_H
#define RFB_RECT_WRITER_H

#include "base/buffer.h"
#include "base/loan.h"
#include "base/rect.h"

/* FramebufferUpdate counts in 16 bits, and 65535 means LastRect. */
enum { RECT_WRITER_MOST = 65534 };

struct rect_writer {
	struct buffer bytes;    /* headers and payloads, one after another */
	struct loan_list loans; /* pixels that stand among them */
	unsigned count;
	size_t begun;        /* where the last rectangle begins in `bytes` */
	size_t lossy_bytes;  /* of the rectangles noted in `lossy` */
	struct buffer lossy; /* read through rect_writer_lossy() */
};

void rect_writer_finish(struct rect_writer *writer);

/* Writes the 12-byte rectangle header and counts it; the payload follows into
 * `bytes`. */
void rect_writer_begin(
	struct rect_writer *writer, struct rect rect, int32_t encoding);

/* Pixels as they lie in the frame, next behind what is in `bytes`. */
void rect_writer_lend(struct rect_writer *writer, const struct frame *frame,
	struct rect area);

/* How long the message is. */
size_t rect_writer_length(const struct rect_writer *writer);

/* Another's rectangles and notes behind its own; without the first
 * `skip_count` rectangles, which are `skip_bytes` long and not lossy. */
void rect_writer_append(struct rect_writer *writer,
	const struct rect_writer *from, size_t skip_bytes, unsigned skip_count);

/* Which rectangles the viewer now holds only nearly right, for a refresh when
 * the screen is quiet. Encoders note them, each when it is written. When memory
 * runs out a note is lost (lossy.failed), the picture is not. */
void rect_writer_add_lossy(struct rect_writer *writer, struct rect rect);
unsigned rect_writer_lossy_count(const struct rect_writer *writer);
struct rect rect_writer_lossy(const struct rect_writer *writer, unsigned index);

#endif
