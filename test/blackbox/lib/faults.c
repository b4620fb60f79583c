/* Calls of the system that fail, or do little, when the test says so: preloaded
 * into the program. It says so in the file $FAULTS, which is mapped at the
 * start, before the sandbox; lib/faults.py writes it.
 *
 * Only TCP over IPv4 is meant: the X server, the broker and the control socket
 * go on as ever. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { RECV = 1, SEND = 2, ACCEPT = 4, SPLICE = 8, GRAB = 16, WATCH = 32 };

struct rules {
	uint32_t calls;      /* which of these */
	int32_t error;       /* they fail with; 0: none */
	uint32_t every;      /* so manieth call */
	uint32_t most_bytes; /* of a read or write; 0: any number */
	int64_t ahead_s;     /* of the wall clock */
	int64_t later_s;     /* of all other clocks: timers are due sooner */
	_Atomic uint32_t made, failed;
};

static volatile struct rules *rules;

__attribute__((constructor)) static void map_rules(void)
{
	const char *path = getenv("FAULTS");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *at;

	if (fd < 0)
		return;
	at = mmap(NULL, sizeof(*rules), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		0);
	rules = at != MAP_FAILED ? at : NULL;
	close(fd);
}

static bool is_meant(int fd, uint32_t call)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	return rules != NULL && (rules->calls & call) &&
	       getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
	       domain == AF_INET;
}

static bool is_its_turn(void)
{
	if (rules->error == 0 ||
		atomic_fetch_add(&rules->made, 1) % rules->every != 0)
		return false;
	atomic_fetch_add(&rules->failed, 1);
	errno = rules->error;
	return true;
}

static bool fails(int fd, uint32_t call)
{
	return is_meant(fd, call) && is_its_turn();
}

static size_t cut(int fd, uint32_t call, size_t length)
{
	if (!is_meant(fd, call) || rules->most_bytes == 0 ||
		length <= rules->most_bytes)
		return length;
	return rules->most_bytes;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t recv(int fd, void *bytes, size_t length, int flags)
{
	if (fails(fd, RECV))
		return -1;
	return NEXT(recv)(fd, bytes, cut(fd, RECV, length), flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct msghdr less = *message;
	struct iovec piece;

	if (fails(fd, SEND))
		return -1;
	if (message->msg_iovlen > 0 && cut(fd, SEND, SIZE_MAX) != SIZE_MAX) {
		piece = message->msg_iov[0];
		piece.iov_len = cut(fd, SEND, piece.iov_len);
		less.msg_iov = &piece;
		less.msg_iovlen = 1;
	}
	return NEXT(sendmsg)(fd, &less, flags);
}

int accept4(int fd, struct sockaddr *name, socklen_t *size, int flags)
{
	return fails(fd, ACCEPT) ? -1 : NEXT(accept4)(fd, name, size, flags);
}

ssize_t splice(int in, off64_t *from, int out, off64_t *to, size_t length,
	unsigned how)
{
	if (fails(in, SPLICE) || fails(out, SPLICE))
		return -1;
	return NEXT(splice)(in, from, out, to, length, how);
}

/* The X server refuses its pixels. */
int XShmGetImage(void *display, unsigned long drawable, void *image, int x,
	int y, unsigned long planes);
int XShmGetImage(void *display, unsigned long drawable, void *image, int x,
	int y, unsigned long planes)
{
	if (rules != NULL && (rules->calls & GRAB) && is_its_turn())
		return 0;
	return NEXT(XShmGetImage)(display, drawable, image, x, y, planes);
}

int epoll_ctl(int epoll, int what, int fd, struct epoll_event *event)
{
	if (what == EPOLL_CTL_ADD && fails(fd, WATCH))
		return -1;
	return NEXT(epoll_ctl)(epoll, what, fd, event);
}

static int64_t ahead(void)
{
	return rules != NULL ? rules->ahead_s : 0;
}

/* The sanitizers ask for the time while they allocate, and dlsym() allocates:
 * so the kernel is asked itself. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int status = (int)syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		now->tv_sec += ahead();
	else if (rules != NULL)
		now->tv_sec += rules->later_s;
	return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	int status = (int)syscall(SYS_gettimeofday, now, zone);

	now->tv_sec += ahead();
	return status;
}

time_t time(time_t *at)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (at != NULL)
		*at = now.tv_sec;
	return now.tv_sec;
}
