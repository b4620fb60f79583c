#include "server/access/host_names.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"

void host_names_init(struct host_names *names)
{
	char name[256] = "";
	int count = 0;

	memset(names, 0, sizeof(*names));
	if (gethostname(name, sizeof(name) - 1) < 0 || name[0] == '\0')
		return;
	names->list[count++] = xstrdup(name);
	if (strchr(name, '.') != NULL) {
		*strchr(name, '.') = '\0';
		names->list[count++] = xstrdup(name);
	}
	names->list[count++] = xasprintf("%s.local", name);
}

void host_names_finish(struct host_names *names)
{
	int i;

	for (i = 0; i < HOST_NAMES_MOST; i++)
		free(names->list[i]);
	memset(names, 0, sizeof(*names));
}
