/* viewer_host.h - the surroundings of a session: its half of the seam between
 * rfb/ and the rest. Each function hands on; what is more than that is in files
 * of its own.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_VIEWER_HOST_H
#define SERVER_VIEWER_HOST_H

#include "rfb/session.h"

/* Its context is the struct viewer. */
extern const struct session_host viewer_host;

#endif
