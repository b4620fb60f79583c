#include "base/xmalloc.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* More than a good-bye to everybody takes. */
enum { RESERVE_BYTES = 1 << 20 };

static struct {
	_Atomic(void *) reserve;
	atomic_bool is_short;
} xmalloc_state;

void xmalloc_keep_reserve(void)
{
	atomic_store(&xmalloc_state.reserve, malloc(RESERVE_BYTES));
}

void xmalloc_use_reserve(void)
{
	void *reserve = atomic_exchange(&xmalloc_state.reserve, NULL);

	if (reserve == NULL) {
		fputs("x11wsvnc: out of memory\n", stderr);
		abort();
	}
	free(reserve);
	atomic_store(&xmalloc_state.is_short, true);
	log_error("out of memory");
}

bool xmalloc_is_short(void)
{
	return atomic_load(&xmalloc_state.is_short);
}

void *xcalloc(size_t count, size_t size)
{
	void *memory;

	while ((memory = calloc(count ? count : 1, size ? size : 1)) == NULL)
		xmalloc_use_reserve();
	return memory;
}

void *xmalloc(size_t size)
{
	void *memory;

	while ((memory = malloc(size ? size : 1)) == NULL)
		xmalloc_use_reserve();
	return memory;
}

void *xrealloc(void *memory, size_t size)
{
	void *other;

	while ((other = realloc(memory, size ? size : 1)) == NULL)
		xmalloc_use_reserve();
	return other;
}

char *xstrdup(const char *text)
{
	return xstrndup(text, strlen(text));
}

char *xstrndup(const char *text, size_t length)
{
	size_t used = strnlen(text, length);
	char *copy = xmalloc(used + 1);

	memcpy(copy, text, used);
	copy[used] = '\0';
	return copy;
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	for (;;) {
		va_start(arguments, format);
		if (vasprintf(&text, format, arguments) < 0)
			text = NULL;
		va_end(arguments);
		if (text != NULL)
			return text;
		xmalloc_use_reserve();
	}
}
