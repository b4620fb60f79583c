/* tcp_line.h - what the kernel knows of the way to a peer (Linux, TCP_INFO).
 *
 * The only measure for viewers that know no fences. A proxy or a tunnel between
 * hides what is behind it.
 *
 * Threads: any.
 */
#ifndef SERVER_TCP_LINE_H
#define SERVER_TCP_LINE_H

struct session_line;

/* Leaves alone what is not known, as where the socket is not TCP. */
void tcp_line_read(int fd, struct session_line *line);

#endif
