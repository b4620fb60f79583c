#include "x11/patience.h"

#include <X11/Xlibint.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"

enum { NOBODY = -1 };

/* Static because a signal handler gets nothing else to find it by. */
static struct {
	timer_t timer;
	bool has_timer;
	atomic_bool is_armed;
	atomic_int asked; /* a descriptor, since this turn of the loop */
	atomic_uint turn, turn_then; /* when the timer was started */
	atomic_int given_up;
} waiting = { .asked = NOBODY, .given_up = NOBODY };

static void start_timer(void)
{
	const struct itimerspec when = { .it_value.tv_sec = PATIENCE_S };

	atomic_store(&waiting.turn_then, atomic_load(&waiting.turn));
	timer_settime(waiting.timer, 0, &when, NULL);
}

/* Only what POSIX lets a handler call. */
static void on_alarm(int number)
{
	int fd = atomic_load(&waiting.asked), before = errno;

	(void)number;
	if (fd == NOBODY) {
		atomic_store(&waiting.is_armed, false);
		return;
	}
	if (atomic_load(&waiting.turn) == atomic_load(&waiting.turn_then)) {
		atomic_store(&waiting.given_up, fd);
		shutdown(fd, SHUT_RDWR);
	}
	start_timer();
	errno = before; /* of whoever was interrupted */
}

/* Xlib is about to send, and may wait for an answer. */
static void on_flush(
	Display *x, XExtCodes *codes, _Xconst char *bytes, long length)
{
	(void)codes;
	(void)bytes;
	(void)length;
	atomic_store(&waiting.asked, ConnectionNumber(x));
	if (!atomic_exchange(&waiting.is_armed, true))
		start_timer();
}

static bool open_timer(void)
{
	struct sigaction action;
	struct sigevent event;

	if (waiting.has_timer)
		return true;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_alarm;
	action.sa_flags = SA_RESTART;
	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGALRM;
	waiting.has_timer =
		sigaction(SIGALRM, &action, NULL) == 0 &&
		timer_create(CLOCK_MONOTONIC, &event, &waiting.timer) == 0;
	return waiting.has_timer;
}

void patience_watch(Display *x)
{
	XExtCodes *codes = XAddExtension(x);

	if (codes == NULL || !open_timer()) {
		log_warning("an X server that hangs will be waited for");
		return;
	}
	XESetBeforeFlush(x, codes->extension, on_flush);
}

void patience_forget(Display *x)
{
	int fd = ConnectionNumber(x);

	atomic_compare_exchange_strong(&waiting.asked, &fd, NOBODY);
	fd = ConnectionNumber(x);
	atomic_compare_exchange_strong(&waiting.given_up, &fd, NOBODY);
}

void patience_rest(void)
{
	atomic_store(&waiting.asked, NOBODY);
	atomic_fetch_add(&waiting.turn, 1);
}

bool patience_ran_out(Display *x)
{
	return atomic_load(&waiting.given_up) == ConnectionNumber(x);
}
