#include "server/selfcheck/selfcheck.h"

#include <stdarg.h>
#include <stdio.h>

#include "server/options/options.h"

void selfcheck_say(struct selfcheck *check, enum selfcheck_grade grade,
	const char *format, ...)
{
	static const char *const words[] = { "good", "note", "bad " };
	va_list arguments;

	check->counts[grade]++;
	printf("%s  ", words[grade]);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

int selfcheck_run(const struct options *options)
{
	struct selfcheck check = { .options = options };

	selfcheck_display(&check);
	selfcheck_network(&check);
	selfcheck_system(&check);
	printf("%d good, %d worse than it could be, %d bad\n",
		check.counts[SELFCHECK_GOOD], check.counts[SELFCHECK_NOTE],
		check.counts[SELFCHECK_BAD]);
	return check.counts[SELFCHECK_BAD] > 0 ? EXIT_FAULT : EXIT_OK;
}
