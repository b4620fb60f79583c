/* reload.h - SIGHUP: takes over what can change while viewers are there.
 *
 * Files are read again: certificates, passwords, users, the web page, the rc
 * file. Of its options those that are numbers and limits count at once
 * (option_live.h); of the others the log says that they need a new start. What
 * cannot be read leaves what was.
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_PROCESS_RELOAD_H
#define SERVER_PROCESS_RELOAD_H

struct server;

void reload(struct server *server);

/* The options have changed already: who keeps something made of them is told.
 */
void reload_apply(struct server *server);

#endif
