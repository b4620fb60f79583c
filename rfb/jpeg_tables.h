/* jpeg_tables.h - the tables of the last JPEG, which the next need not repeat.
 *
 * A viewer of encoding 21 keeps the quantization and the Huffman tables of the
 * last image that had any, each kind for itself, and puts them into one that
 * has none.
 *
 * Owner:   the encoder's state; a zeroed struct remembers none.
 * Threads: one at a time.
 * Source:  rfbproto, "JPEG Encoding".
 */
#ifndef RFB_JPEG_TABLES_H
#define RFB_JPEG_TABLES_H

#include "base/buffer.h"

enum {
	JPEG_TABLE_KINDS = 2,    /* quantization, Huffman */
	JPEG_TABLES_MOST = 1024, /* bytes of a kind; TurboJPEG writes 432 */
};

struct jpeg_tables {
	struct {
		size_t length;
		uint8_t bytes[JPEG_TABLES_MOST]; /* whole segments */
	} kinds[JPEG_TABLE_KINDS];
};

/* `to` ends with a JPEG that begins at `offset`: cuts out what equals the
 * tables remembered, remembers what does not. */
void jpeg_tables_omit(
	struct jpeg_tables *tables, struct buffer *to, size_t offset);

#endif
