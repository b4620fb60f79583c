/* x11_server.h - an X server of our own for a test, with a cookie.
 *
 * Owner:   x11_server_start() gives; x11_server_stop() ends the process and
 *          removes the cookie file. Any failure to start fails the test.
 */
#ifndef TEST_UNIT_X11_SERVER_H
#define TEST_UNIT_X11_SERVER_H

#include <X11/Xlib.h>
#include <sys/types.h>

struct x11_server {
	pid_t pid;
	char display[32]; /* ":70" */
	char directory[64];
	char cookie_file[96], vnc_socket[96];
	Display *other; /* a second connection, for the test to act with */
};

/* `program` is Xvfb or Xtigervnc; `arguments` are more of its own, separated by
 * blanks. Sets $XAUTHORITY. Display numbers are taken from X11_TEST_DISPLAY on
 * (70). */
struct x11_server *x11_server_start(const char *program, const char *arguments);
void x11_server_stop(struct x11_server *server);

/* kill -9, and waits for the end. `other` must not be used any more. */
void x11_server_kill(struct x11_server *server);

/* Runs a command of the test's machine on the display; its exit status. */
int x11_server_run(struct x11_server *server, const char *command);

#endif
