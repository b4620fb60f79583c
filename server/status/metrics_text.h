/* metrics_text.h - what was counted, and what is to be seen now, as Prometheus
 * reads it.
 *
 * Threads: the loop thread.
 * Source:  "Exposition formats" of Prometheus, text version 0.0.4.
 */
#ifndef SERVER_STATUS_METRICS_TEXT_H
#define SERVER_STATUS_METRICS_TEXT_H

#include "base/buffer.h"

#define METRICS_TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct server;

/* Appends it. */
void metrics_text_write(const struct server *server, struct buffer *to);

#endif
