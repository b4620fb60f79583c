#include "server/broker/broker_plan.h"

#include <stddef.h>

bool broker_plan_is_empty(const struct broker_plan *plan)
{
	int i;

	for (i = 0; i < BROKER_JOBS; i++)
		if (plan->jobs[i].text != NULL)
			return false;
	return true;
}
