/* record_text.h - a recorded session as noVNC plays it back: JavaScript, an
 * array of strings.
 *
 *	var VNC_frame_data = [
 *	'{12{RFB 003.008\x0a',     from the server, after 12 ms
 *	'}15}RFB 003.008\x0a',     from the client
 *	'EOF'];
 *
 * What was heard is collected in a form of its own that costs the loop one copy
 * (record_text_note()), and made text of by a worker.
 *
 * Threads: any; pure.
 * Source:  what websockify --record writes and noVNC's tests/playback.js reads.
 */
#ifndef SERVER_RECORD_RECORD_TEXT_H
#define SERVER_RECORD_RECORD_TEXT_H

#include <stdint.h>

#include "base/buffer.h"

enum record_from {
	RECORD_FROM_SERVER = '{',
	RECORD_FROM_CLIENT = '}',
};

#define RECORD_TEXT_BEGIN "var VNC_frame_data = [\n"
#define RECORD_TEXT_END "'EOF'];\n"

/* Adds one message to notes. */
void record_text_note(struct buffer *notes, enum record_from from, uint32_t ms,
	const void *bytes, size_t length);

/* Takes some notes off the front and writes them to `text`, until that has
 * `about` bytes or nothing is left. */
void record_text_write(struct buffer *text, struct buffer *notes, size_t about);

#endif
