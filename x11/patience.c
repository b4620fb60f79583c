#include "x11/patience.h"

#include <X11/Xlibint.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"

enum { NOBODY = -1 };

/* Static because a signal handler gets nothing else to find it by. */
static timer_t timer;
static bool has_timer;
static atomic_bool is_armed;
static atomic_int asked =
	NOBODY; /* a descriptor, since this turn of the loop */
static atomic_uint turn, turn_then; /* when the timer was started */
static atomic_int given_up = NOBODY;

static void start_timer(void)
{
	const struct itimerspec when = { .it_value.tv_sec = PATIENCE_S };

	atomic_store(&turn_then, atomic_load(&turn));
	timer_settime(timer, 0, &when, NULL);
}

/* Only what POSIX lets a handler call. */
static void on_alarm(int number)
{
	int fd = atomic_load(&asked);

	(void)number;
	if (fd == NOBODY) {
		atomic_store(&is_armed, false);
		return;
	}
	if (atomic_load(&turn) == atomic_load(&turn_then)) {
		atomic_store(&given_up, fd);
		shutdown(fd, SHUT_RDWR);
	}
	start_timer();
}

/* Xlib is about to send, and may wait for an answer. */
static void on_flush(
	Display *x, XExtCodes *codes, _Xconst char *bytes, long length)
{
	(void)codes;
	(void)bytes;
	(void)length;
	atomic_store(&asked, ConnectionNumber(x));
	if (!atomic_exchange(&is_armed, true))
		start_timer();
}

static bool open_timer(void)
{
	struct sigaction action;
	struct sigevent event;

	if (has_timer)
		return true;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_alarm;
	action.sa_flags = SA_RESTART;
	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGALRM;
	has_timer = sigaction(SIGALRM, &action, NULL) == 0 &&
		    timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
	return has_timer;
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

	atomic_compare_exchange_strong(&asked, &fd, NOBODY);
	fd = ConnectionNumber(x);
	atomic_compare_exchange_strong(&given_up, &fd, NOBODY);
}

void patience_rest(void)
{
	atomic_store(&asked, NOBODY);
	atomic_fetch_add(&turn, 1);
}

bool patience_ran_out(Display *x)
{
	return atomic_load(&given_up) == ConnectionNumber(x);
}
