#include "rfb/password_list.h"

#include <string.h>

const char *password_list_next(const char **at, size_t *length)
{
	const char *one;

	if (*at == NULL)
		return NULL;
	*at += strspn(*at, "\n");
	one = *at;
	*length = strcspn(one, "\n");
	*at += *length;
	return *length > 0 ? one : NULL;
}
