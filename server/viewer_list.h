/* viewer_list.h - share->viewers: those that are logged in and not gone, the
 * newest first.
 *
 * Owner:   the links are in the viewers.
 * Threads: the loop thread.
 */
#ifndef SERVER_VIEWER_LIST_H
#define SERVER_VIEWER_LIST_H

struct viewer;

void viewer_list_add(struct viewer *viewer);
/* Does nothing where it is not in it. */
void viewer_list_remove(struct viewer *viewer);

/* -noshared: one viewer at a time, and the newest is it. The viewer's own
 * wish to be alone is not heard: TigerVNC's default would end every browser's
 * session (CLIENTS rule 18). */
void viewer_list_end_others(struct viewer *viewer);

#endif
