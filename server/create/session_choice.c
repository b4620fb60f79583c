#include "server/create/session_choice.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "server/create/x_program.h"

static const char *const programs[] = { "x-session-manager", "openbox",
	"xterm" };

static void use_shell(
	struct session_choice *choice, const char *how, const char *text)
{
	choice->made[0] = xstrdup("/bin/sh");
	choice->made[1] = xstrdup(how);
	choice->made[2] = text != NULL ? xstrdup(text) : NULL;
}

static void use_file(struct session_choice *choice, char *path)
{
	if (access(path, X_OK) == 0)
		choice->made[0] = path;
	else {
		use_shell(choice, path, NULL);
		free(path);
	}
}

static void choose(struct session_choice *choice)
{
	const char *text = getenv("X11WSVNC_SESSION"), *home = getenv("HOME");
	char *file = home != NULL ? xasprintf("%s/.xsession", home) : NULL;
	size_t i;

	if (text != NULL && text[0] != '\0') {
		use_shell(choice, "-c", text);
		free(file);
		return;
	}
	if (file != NULL && access(file, R_OK) == 0) {
		use_file(choice, file);
		return;
	}
	free(file);
	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		choice->made[0] = x_program_find(programs[i]);
		if (choice->made[0] != NULL)
			return;
	}
}

void session_choice_make(struct session_choice *choice, char *const *given)
{
	*choice = (struct session_choice){ .words = given };
	if (given != NULL)
		return;
	choose(choice);
	if (choice->made[0] != NULL)
		choice->words = choice->made;
}

void session_choice_finish(struct session_choice *choice)
{
	int i;

	for (i = 0; i < SESSION_CHOICE_WORDS; i++)
		free(choice->made[i]);
	choice->words = NULL;
}
