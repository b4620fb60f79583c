/* option_live.h - options that may change while the program runs.
 *
 * They are numbers and switches that are looked at whenever they count, so that
 * a new value is all it takes.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_OPTIONS_OPTION_LIVE_H
#define SERVER_OPTIONS_OPTION_LIVE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "server/options/option_table.h"

struct option_entry;
struct options;

bool option_live_has(const struct option_entry *entry);

/* Copies from `fresh` what differs and may change. The names, " -a -b", go to
 * `taken`, those of what would need a new start to `later`. Only of options
 * with that scope or a narrower one. */
void option_live_take(struct options *now, const struct options *fresh,
	enum option_scope scope, struct buffer *taken, struct buffer *later);

#endif
