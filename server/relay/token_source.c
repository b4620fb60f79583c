#include "server/relay/token_source.h"

#include <string.h>

#include "base/xmalloc.h"
#include "server/relay/relay_target.h"

static const struct token_source_ops *const kinds[] = {
	&token_source_file,
	&token_source_read_only,
	&token_source_names,
	&token_source_sockets,
};

/* Those of websockify that ask another program or another machine. */
static const char *const elsewhere[] = { "JWTTokenApi", "TokenRedis",
	"JSONTokenApi", "BaseTokenAPI" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct token_source_ops *find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

static char *say_unknown(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(elsewhere); i++)
		if (strcmp(elsewhere[i], name) == 0)
			return xasprintf(
				"-token-plugin %s: tokens are only looked up "
				"in files and folders; write the targets into "
				"a file, which is read again on each change, "
				"and say -token-plugin TokenFile",
				name);
	return xasprintf(
		"-token-plugin: '%s' is none of TokenFile, "
		"ReadOnlyTokenFile, TokenFileName, "
		"UnixDomainSocketDirectory",
		name);
}

bool token_source_open(struct token_source *source, const char *name,
	const char *place, char **error)
{
	const char *dot = strrchr(name, '.'); /* websockify.token_plugins. */

	if (dot != NULL)
		name = dot + 1;
	memset(source, 0, sizeof(*source));
	source->ops = find_kind(name);
	source->place = place;
	if (source->ops == NULL) {
		*error = say_unknown(name);
		return false;
	}
	return source->ops->open(place, &source->state, error);
}

void token_source_close(struct token_source *source)
{
	if (source->ops != NULL && source->ops->close != NULL)
		source->ops->close(source->state);
	memset(source, 0, sizeof(*source));
}

enum token_answer token_source_find(struct token_source *source,
	const char *token, struct relay_target *target)
{
	memset(target, 0, sizeof(*target));
	return source->ops->find(source->place, source->state, token, target);
}
