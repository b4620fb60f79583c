/* x_error.h - X errors, caught where the request was made.
 *
 * Xlib's error handler gets no context pointer, so x_error.c keeps the one
 * piece of static state of this room: the innermost open trap. An error that no
 * trap expects is logged and forgotten, never fatal: the default handler would
 * end the program because some other client closed a window.
 *
 * Owner:   traps live on the caller's stack and are closed in reverse order.
 * Threads: the loop thread alone.
 */
#ifndef X11_X_ERROR_H
#define X11_X_ERROR_H

#include <X11/Xlib.h>
#include <setjmp.h>
#include <stdbool.h>

struct x_error_trap {
	Display *display;
	unsigned long first_serial;
	int code;        /* of the first error caught, 0 for none */
	jmp_buf *escape; /* from a lost connection; NULL: Xlib returns */
	struct x_error_trap *outer;
};

/* Replaces Xlib's error handlers for the whole process. */
void x_error_install(void);

/* XOpenDisplay(), but where the X server dies meanwhile Xlib would end the
 * program: there is no display yet to hang an exit handler on. Then NULL, and
 * what Xlib had allocated so far is lost. *died tells this case. */
Display *x_error_open_display(const char *name, bool *died);

void x_error_trap(struct x_error_trap *trap, Display *display);

/* Both close the trap and return the first error's code, 0 when all went well.
 * The first costs a round trip; the second is for when the last trapped request
 * had a reply, so that its errors and all earlier ones are already here. */
int x_error_untrap(struct x_error_trap *trap);
int x_error_untrap_replied(struct x_error_trap *trap);

#endif
