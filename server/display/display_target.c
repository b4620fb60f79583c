#include "server/display/display_target.h"

#include <stddef.h>
#include <stdlib.h>

void display_target_set(
	struct display_target *target, char *name, char *authority)
{
	display_target_reset(target);
	target->name = name;
	target->authority = authority;
}

void display_target_reset(struct display_target *target)
{
	free(target->name);
	free(target->authority);
	target->name = target->authority = NULL;
}
