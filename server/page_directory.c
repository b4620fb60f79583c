#include "server/page_directory.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

static const char *const usual_places[] = {
	PKGDATADIR "/web",
	"/usr/share/novnc",
};

static struct page_table *load(const char *directory, char **error)
{
	struct page_table *table = page_table_load(directory, error);

	if (table != NULL)
		log_info("serving %zu files of %s", page_table_count(table),
			directory);
	return table;
}

struct page_table *page_directory_load(const char *directory, char **error)
{
	size_t i;

	*error = NULL;
	if (directory != NULL)
		return load(directory, error);
	for (i = 0; i < sizeof(usual_places) / sizeof(usual_places[0]); i++) {
		struct page_table *table;

		if (access(usual_places[i], X_OK) < 0)
			continue;
		table = load(usual_places[i], error);
		if (table != NULL)
			return table;
		log_warning("%s", *error);
		free(*error);
		*error = NULL;
	}
	log_warning(
		"no web page to serve: give -httpdir, or install the "
		"package novnc");
	return NULL;
}
