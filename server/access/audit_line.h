/* audit_line.h - one line of an audit, in logfmt (key=value key="a b") or as a
 * JSON object.
 *
 * Owner:   a plain value. What does not fit is left out, a whole pair at a
 *          time, so that the line stays well-formed.
 * Threads: any; pure.
 */
#ifndef SERVER_ACCESS_AUDIT_LINE_H
#define SERVER_ACCESS_AUDIT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AUDIT_LINE_MOST = 900, AUDIT_LINE_MOST_VALUE = 200 };

struct audit_line {
	bool json;
	size_t length;
	char text[AUDIT_LINE_MOST];
};

void audit_line_begin(struct audit_line *line, bool json);
/* `value` may be anything: it is made printable and quoted. */
void audit_line_text(
	struct audit_line *line, const char *key, const char *value);
void audit_line_number(struct audit_line *line, const char *key, uint64_t n);
/* Milliseconds, written as seconds with their three places. */
void audit_line_seconds(struct audit_line *line, const char *key, uint64_t ms);
/* The whole line without its end; there is room for that. */
const char *audit_line_finish(struct audit_line *line);

#endif
