#include "server/display/display_listing.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "server/display/display_search.h"
#include "server/display/x_servers.h"
#include "server/options/options.h"

bool display_listing_is_asked(const struct options *options)
{
	return options->find_display || options->list_displays ||
	       options->find_authority;
}

static void print(const struct display_target *found)
{
	printf("DISPLAY=%s\n", found->name);
	if (found->authority != NULL)
		printf("XAUTHORITY=%s\n", found->authority);
}

static int find_one(const struct display_search *search, bool only_authority)
{
	struct display_target found = { NULL, NULL };
	enum display_found answer = display_search_run(search, &found);
	char *why;

	if (answer != DISPLAY_FOUND) {
		why = display_search_explain(search, answer);
		log_error("%s", why);
		free(why);
		return EXIT_DISPLAY;
	}
	if (!only_authority)
		print(&found);
	else if (found.authority != NULL)
		printf("XAUTHORITY=%s\n", found.authority);
	display_target_reset(&found);
	return EXIT_OK;
}

/* Also such that -find would not choose. */
static int list_all(struct display_search search)
{
	struct display_target found = { NULL, NULL };
	struct x_servers servers;
	int i, count = 0;

	x_servers_list(&servers, search.root);
	search.guess = true;
	search.find = false;
	for (i = 0; i < servers.count; i++) {
		char *name = xasprintf(":%d", servers.list[i].number);

		search.display = name;
		if (display_search_run(&search, &found) == DISPLAY_FOUND) {
			print(&found);
			count++;
		}
		free(name);
	}
	x_servers_finish(&servers);
	display_target_reset(&found);
	if (count == 0)
		log_error("no X server runs that can be opened");
	return count > 0 ? EXIT_OK : EXIT_DISPLAY;
}

int display_listing_print(const struct options *options)
{
	struct display_search search;

	display_search_init(&search, options);
	if (options->list_displays)
		return list_all(search);
	if (options->find_display) {
		search.find = true;
		return find_one(&search, false);
	}
	search.guess = true;
	if (options->authority_of != NULL)
		search.display = options->authority_of;
	return find_one(&search, true);
}
