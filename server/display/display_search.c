#include "server/display/display_search.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/xmalloc.h"
#include "server/options/options.h"
#include "x11/display_trial.h"

/* A healthy X server answers in a millisecond; one that swaps takes longer. */
enum { TRIAL_S = 3 };

void display_search_init(
	struct display_search *search, const struct options *options)
{
	*search = (struct display_search){
		.display = options->display,
		.authority = options->authority,
	};
}

/* As Xlib finds it. */
static char *usual_authority(void)
{
	const char *file = getenv("XAUTHORITY"), *home = getenv("HOME");

	if (file != NULL)
		return xstrdup(file);
	return home != NULL ? xasprintf("%s/.Xauthority", home) : NULL;
}

static bool opens(const char *name, const char *authority)
{
	enum display_trial_result result =
		display_trial_run(name, authority, TRIAL_S);

	return result == DISPLAY_TRIAL_OPENS ||
	       result == DISPLAY_TRIAL_XWAYLAND;
}

bool display_search_run(
	const struct display_search *search, struct display_target *found)
{
	const char *name =
		search->display != NULL ? search->display : getenv("DISPLAY");
	char *authority = search->authority != NULL ? xstrdup(search->authority)
						    : usual_authority();

	if (name == NULL || !opens(name, authority)) {
		free(authority);
		return false;
	}
	display_target_set(found, xstrdup(name), authority);
	return true;
}
