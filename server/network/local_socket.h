/* local_socket.h - a listening socket in the file system (-unixsock).
 *
 * Threads: the loop thread.
 */
#ifndef SERVER_NETWORK_LOCAL_SOCKET_H
#define SERVER_NETWORK_LOCAL_SOCKET_H

/* Takes the place of one that nobody listens on any more. Only who `mode` lets
 * may connect, from the first moment on. -1: *error gets a sentence, the
 * caller's. */
int local_socket_open(const char *path, int mode, char **error);

/* Takes it out of the file system. */
void local_socket_remove(const char *path);

#endif
