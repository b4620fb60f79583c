#include "server/display/authority_files.h"

#include <glob.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmalloc.h"
#include "server/display/x_servers.h"

/* %d is the display's number, %u the X server's owner or, where that is root,
 * anybody; ~ is a home. */
static const char *const patterns[] = {
	"/run/user/%u/gdm/Xauthority",       /* gdm, session and greeter */
	"/var/run/gdm*/auth-for-*/database", /* gdm before 3.16 */
	"/run/user/%u/xauth_*",              /* sddm's session, Plasma */
	"/run/sddm/*",                       /* sddm's greeter */
	"/tmp/xauth_*",
	"/tmp/xauth-%u-_%d",
	"/run/lightdm/root/:%d", /* lightdm, all of them */
	"/run/lxdm/lxdm-:%d.auth",
	"/run/lxdm.auth",
	"/var/run/slim.auth",
	"/var/lib/xdm/authdir/authfiles/A:%d-*", /* xdm */
	"/var/run/xauth/A:%d-*",
	"/var/run/xdmctl/xdm-:%d/A:%d-*",
	"~/.serverauth.*", /* startx's server; the newest is the last */
	"~/.Xauthority",
};

/* Whose files count. */
struct owners {
	uid_t server;
	bool known;
};

static bool is_trusted(const char *path, const struct owners *owners)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
	       about.st_size > 0 &&
	       (about.st_uid == 0 || about.st_uid == geteuid() ||
		       (owners->known && about.st_uid == owners->server)) &&
	       access(path, R_OK) == 0;
}

static void add(struct authority_files *files, const char *path,
	const struct owners *owners)
{
	int i;

	for (i = 0; i < files->count; i++)
		if (strcmp(files->list[i], path) == 0)
			return;
	if (files->count < AUTHORITY_FILES_MOST && is_trusted(path, owners))
		files->list[files->count++] = xstrdup(path);
}

static void add_matching(struct authority_files *files, const char *pattern,
	const struct owners *owners)
{
	glob_t found;
	size_t i;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (i = found.gl_pathc; i > 0; i--)
		add(files, found.gl_pathv[i - 1], owners);
	globfree(&found);
}

/* NULL: that user has none. */
static const char *home_of(const struct owners *owners)
{
	const struct passwd *user;

	if (!owners->known || owners->server == geteuid())
		return getenv("HOME");
	user = getpwuid(owners->server);
	return user != NULL ? user->pw_dir : NULL;
}

static char *append(char *text, const char *more)
{
	char *longer = xasprintf("%s%s", text, more);

	free(text);
	return longer;
}

static char *expand_user(const struct owners *owners)
{
	uid_t user = owners->known ? owners->server : geteuid();

	return user == 0 ? xstrdup("*") : xasprintf("%u", (unsigned)user);
}

/* NULL: there is no such place. */
static char *expand(const char *root, const char *pattern, int number,
	const struct owners *owners)
{
	char *text = xstrdup(root), *user = expand_user(owners), *digits;
	char letter[2] = "";

	digits = xasprintf("%d", number);
	for (; *pattern != '\0' && text != NULL; pattern++) {
		if (*pattern == '~' && home_of(owners) != NULL) {
			text = append(text, home_of(owners));
		} else if (strncmp(pattern, "%d", 2) == 0) {
			text = append(text, digits);
			pattern++;
		} else if (strncmp(pattern, "%u", 2) == 0) {
			text = append(text, user);
			pattern++;
		} else {
			letter[0] = *pattern;
			text = append(text, letter);
		}
	}
	free(digits);
	free(user);
	return text;
}

void authority_files_list(struct authority_files *files, const char *root,
	int number, const struct x_server *server)
{
	const struct owners owners = { server != NULL ? server->owner : 0,
		server != NULL };
	const char *usual = getenv("XAUTHORITY");
	size_t i;

	files->count = 0;
	if (server != NULL && server->authority != NULL) {
		char *path = xasprintf("%s%s", root, server->authority);

		add(files, path, &owners);
		free(path);
	}
	if (usual != NULL)
		add(files, usual, &owners);
	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		char *pattern = expand(root, patterns[i], number, &owners);

		add_matching(files, pattern, &owners);
		free(pattern);
	}
}

void authority_files_finish(struct authority_files *files)
{
	int i;

	for (i = 0; i < files->count; i++)
		free(files->list[i]);
	files->count = 0;
}
