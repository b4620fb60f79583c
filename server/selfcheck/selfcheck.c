#include "server/selfcheck/selfcheck.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "server/options/option_desktops.h"
#include "server/options/options.h"

void selfcheck_say(struct selfcheck *check, enum selfcheck_grade grade,
	const char *format, ...)
{
	static const char *const words[] = { "good", "note", "bad " };
	va_list arguments;

	check->counts[grade]++;
	printf("%s  %s%s", words[grade],
		check->desktop != NULL ? check->desktop : "",
		check->desktop != NULL ? ": " : "");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

static void check_displays(struct selfcheck *check)
{
	const struct options *all = check->options;
	const struct option_desktops *desktops = all->desktops;
	const char *authority = getenv("XAUTHORITY");
	char *usual = authority != NULL ? xstrdup(authority) : NULL;

	if (desktops == NULL)
		selfcheck_display(check);
	for (size_t i = 0; desktops != NULL && i < desktops->count; i++) {
		check->options = desktops->list[i].options;
		check->desktop = desktops->list[i].name;
		selfcheck_display(check);
		/* Looking put its own there. */
		if (usual != NULL)
			setenv("XAUTHORITY", usual, 1);
		else
			unsetenv("XAUTHORITY");
	}
	check->options = all;
	check->desktop = NULL;
	free(usual);
}

int selfcheck_run(const struct options *options)
{
	struct selfcheck check = { .options = options };

	check_displays(&check);
	selfcheck_network(&check);
	selfcheck_system(&check);
	printf("%d good, %d worse than it could be, %d bad\n",
		check.counts[SELFCHECK_GOOD], check.counts[SELFCHECK_NOTE],
		check.counts[SELFCHECK_BAD]);
	return check.counts[SELFCHECK_BAD] > 0 ? EXIT_FAULT : EXIT_OK;
}
