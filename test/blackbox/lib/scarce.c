/* Memory, shared memory, files and threads that are not to be had when the
 * test says so: preloaded into the program, not into what it starts or what it
 * becomes by fork(). It says so in the file $SCARCE; lib/scarce.py writes it.
 *
 * glibc alone: its own functions stand behind the allocator's. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

enum {
	MEMORY = 1,
	SHMGET = 2,
	SHMAT = 4,
	OPEN = 8,
	MMAP = 16,
	THREAD = 32,
	EVENTFD = 64
};

/* How the calls that are meant fail. */
enum {
	ONCE = 1,  /* the one whose number is `first` */
	FROM = 2,  /* it, and all behind it */
	LARGE = 3, /* all for `first` bytes and more */
	FULL = 4,  /* from it on, what would be more than is used then */
};

struct rules {
	uint32_t calls, how;
	uint64_t first;
	uint32_t error;
	uint32_t owner; /* the process */
	_Atomic int64_t used, limit;
	_Atomic uint64_t made, failed;
};

static volatile struct rules *rules;

/* Whose memory is meant: the program's own code and libraries that say so when
 * there is none. Others, Xlib and those of TLS among them, end the process by
 * themselves, if they do not crash. */
static const char *const fair[] = { "libpixman", "libuv", "libz.", "libjpeg",
	"libturbojpeg", "libdeflate", "libjansson", "libyuv" };

enum { FAIR = sizeof(fair) / sizeof(fair[0]), MOST_RANGES = 64 };

static struct range {
	uintptr_t start, end;
} ranges[MOST_RANGES];
static int range_count;

static bool is_fair(const char *path)
{
	size_t i;

	if (path[0] == '\0')
		return true; /* the program */
	for (i = 0; i < FAIR; i++)
		if (strstr(path, fair[i]) != NULL)
			return true;
	return false;
}

static int note_ranges(struct dl_phdr_info *info, size_t size, void *unused)
{
	int i;

	(void)size;
	(void)unused;
	for (i = 0; is_fair(info->dlpi_name) && i < info->dlpi_phnum &&
		    range_count < MOST_RANGES;
		i++)
		if (info->dlpi_phdr[i].p_flags & PF_X) {
			struct range *range = &ranges[range_count++];

			range->start =
				info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
			range->end = range->start + info->dlpi_phdr[i].p_memsz;
		}
	return 0;
}

static bool is_meant(const void *caller)
{
	int i;

	for (i = 0; i < range_count; i++)
		if ((uintptr_t)caller >= ranges[i].start &&
			(uintptr_t)caller < ranges[i].end)
			return true;
	return false;
}

static void forget(void)
{
	rules = NULL;
}

__attribute__((constructor)) static void map_rules(void)
{
	const char *path = getenv("SCARCE");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	struct rules *at;

	if (fd < 0)
		return;
	at = mmap(NULL, sizeof(*rules), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		0);
	close(fd);
	if (at == MAP_FAILED || at->owner != 0)
		return;
	at->owner = (uint32_t)getpid();
	pthread_atfork(NULL, NULL, forget);
	dl_iterate_phdr(note_ranges, NULL);
	rules = at;
}

static bool is_full(int64_t size)
{
	if (rules->limit == 0)
		rules->limit = rules->used;
	return rules->used + size > rules->limit;
}

static bool fails(uint32_t call, size_t size)
{
	uint64_t number;
	bool is;

	if (rules == NULL || !(rules->calls & call))
		return false;
	number = atomic_fetch_add(&rules->made, 1) + 1;
	if (rules->how == ONCE)
		is = number == rules->first;
	else if (rules->how == FROM)
		is = number >= rules->first;
	else if (rules->how == LARGE)
		is = size >= rules->first;
	else
		is = rules->how == FULL && number >= rules->first &&
		     is_full((int64_t)size);
	if (!is)
		return false;
	atomic_fetch_add(&rules->failed, 1);
	errno = rules->error != 0 ? (int)rules->error : ENOMEM;
	return true;
}

/* ---- memory ---- */

#define SHORT(size)                                                            \
	(is_meant(__builtin_return_address(0)) && fails(MEMORY, (size)))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static void *count(void *memory)
{
	if (rules != NULL && memory != NULL)
		atomic_fetch_add(
			&rules->used, (int64_t)malloc_usable_size(memory));
	return memory;
}

static void discount(void *memory)
{
	if (rules != NULL && memory != NULL)
		atomic_fetch_sub(
			&rules->used, (int64_t)malloc_usable_size(memory));
}

void *malloc(size_t size)
{
	return SHORT(size) ? NULL : count(__libc_malloc(size));
}

void *calloc(size_t number, size_t size)
{
	return SHORT(number * size) ? NULL : count(__libc_calloc(number, size));
}

void *realloc(void *memory, size_t size)
{
	void *other;

	if (SHORT(size))
		return NULL;
	discount(memory);
	other = __libc_realloc(memory, size);
	count(other != NULL ? other : memory);
	return other;
}

void *memalign(size_t alignment, size_t size)
{
	return SHORT(size) ? NULL : count(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return SHORT(size) ? NULL : count(__libc_memalign(alignment, size));
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	*memory = SHORT(size) ? NULL : count(__libc_memalign(alignment, size));
	return *memory != NULL ? 0 : ENOMEM;
}

void free(void *memory)
{
	int error = errno;

	discount(memory);
	__libc_free(memory);
	errno = error;
}

/* ---- the system ---- */

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int shmget(key_t key, size_t size, int flags)
{
	return fails(SHMGET, size) ? -1 : NEXT(shmget)(key, size, flags);
}

void *shmat(int id, const void *at, int flags)
{
	return fails(SHMAT, 0) ? (void *)-1 : NEXT(shmat)(id, at, flags);
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
	va_end(rest);
	return fails(OPEN, 0) ? -1 : NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

FILE *fopen(const char *path, const char *mode)
{
	return fails(OPEN, 0) ? NULL : NEXT(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
	__attribute__((alias("fopen")));

void *mmap(
	void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	return fails(MMAP, size)
		       ? MAP_FAILED
		       : NEXT(mmap)(at, size, protection, flags, fd, offset);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*run)(void *), void *argument)
{
	if (fails(THREAD, 0))
		return EAGAIN;
	return NEXT(pthread_create)(thread, attributes, run, argument);
}

int eventfd(unsigned value, int flags);
int eventfd(unsigned value, int flags)
{
	return fails(EVENTFD, 0) ? -1 : NEXT(eventfd)(value, flags);
}
