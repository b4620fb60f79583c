#include "rfb/security.h"

#include <stddef.h>

#include "rfb/security_types.h"

const struct security_type *const security_table[] = {
	&security_vncauth,
	&security_none,
	NULL,
};

const struct security_type *security_find(
	const struct session *session, uint8_t number)
{
	int i;

	for (i = 0; security_table[i] != NULL; i++)
		if (security_table[i]->number == number &&
			security_table[i]->is_offered(session))
			return security_table[i];
	return NULL;
}

const struct security_type *security_first(const struct session *session)
{
	int i;

	for (i = 0; security_table[i] != NULL; i++)
		if (security_table[i]->is_offered(session))
			return security_table[i];
	return NULL;
}
