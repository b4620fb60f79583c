#include "server/sandbox/sandbox_plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xmalloc.h"
#include "config.h"
#include "server/access/password_file.h"
#include "server/options/option_desktops.h"
#include "server/options/option_words.h"
#include "server/access/web_users.h"
#include "server/options/options.h"
#include "server/sandbox/sandbox.h"
#include "server/tls/own_certificate.h"

/* Paths made here; the rest belongs to the options. */
struct made {
	char *certificate, *record;
	char **authorities; /* NULL-ended */
};

/* As Xlib finds it. */
static char *authority_file(const struct options *options)
{
	const char *file = options->authority, *home = getenv("HOME");

	if (file == NULL)
		file = getenv("XAUTHORITY");
	if (file != NULL)
		return xstrdup(file);
	return home != NULL ? xasprintf("%s/.Xauthority", home) : NULL;
}

/* The certificate of our own is made again when it must be. */
static char *own_certificate_file(const struct options *options)
{
	char *folder, *file;

	if (!options->tls || options->certificate != NULL)
		return NULL;
	folder = own_certificate_folder(options->certificate_folder);
	file = folder != NULL ? xasprintf("%s/certificate", folder) : NULL;
	free(folder);
	return file;
}

/* One of those in the folder that gets them. */
static char *recording_file(const struct options *options)
{
	struct stat about;

	if (options->record == NULL)
		return NULL;
	return stat(options->record, &about) == 0 && S_ISDIR(about.st_mode)
		       ? xasprintf("%s/session", options->record)
		       : xstrdup(options->record);
}

static const char *without_prefix(const char *file, const char *prefix)
{
	size_t length = strlen(prefix);

	return file != NULL && strncmp(file, prefix, length) == 0
		       ? file + length
		       : NULL;
}

static bool is_file(const char *word)
{
	return word[0] == '/' || word[0] == '.';
}

static void collect_web_users(struct sandbox_paths *paths, const char *source)
{
	if (source != NULL && web_users_is_file(source))
		sandbox_paths_read(paths, source);
}

/* What is read again while it runs, of one desktop. */
static void collect_desktop(
	struct sandbox_paths *paths, const struct options *options)
{
	const char *file = options->password_file;

	sandbox_paths_read(paths, options->vnc_password_file);
	if (file != NULL && password_file_can_change(options) &&
		without_prefix(file, "read:") == NULL)
		sandbox_paths_read(paths, file);
	sandbox_paths_read(paths, without_prefix(file, "read:"));
	sandbox_paths_read(paths, options->users_file);
	sandbox_paths_read(paths, options->hosts_file);
	if (options->allowed != NULL && is_file(options->allowed[0]))
		sandbox_paths_read(paths, options->allowed[0]);
	collect_web_users(paths, options->auth_source);
}

/* What SIGHUP reads again. The folder of ~/.x11wsvncrc is all of a user's
 * files, so that is the file alone: one that replaced it needs a new start. */
static void collect_reload(
	struct sandbox_paths *paths, const struct options *options)
{
	if (options->rc_file != NULL)
		sandbox_paths_read(paths, options->rc_file);
	else
		sandbox_paths_exact(paths, options->words->file);
	sandbox_paths_read(paths, options->desktops_file);
}

/* Each with the cookie of its own display. */
static void collect_desktops(struct sandbox_paths *paths, struct made *made,
	const struct options *options)
{
	const struct option_desktops *desktops = options->desktops;
	size_t i, count = desktops != NULL ? desktops->count : 0;

	made->authorities = xcalloc(count + 2, sizeof(char *));
	made->authorities[0] = authority_file(options);
	collect_desktop(paths, options);
	for (i = 0; i < count; i++) {
		collect_desktop(paths, desktops->list[i].options);
		made->authorities[i + 1] =
			authority_file(desktops->list[i].options);
	}
	for (i = 0; i <= count; i++)
		sandbox_paths_exact(paths, made->authorities[i]);
}

static void collect(struct sandbox_paths *paths, struct made *made,
	const struct options *options, const char *control_path)
{
	made->certificate = own_certificate_file(options);
	made->record = recording_file(options);
	collect_desktops(paths, made, options);
	sandbox_paths_write(paths, made->certificate);
	if (made->certificate != NULL) /* this machine's addresses */
		sandbox_paths_exact(paths, "/proc/net/if_inet6");
	sandbox_paths_read(paths, options->certificate);
	sandbox_paths_read(paths, options->key);
	sandbox_paths_read(paths, options->client_authority);
	sandbox_paths_read(paths, options->client_revoked);
	collect_web_users(paths, options->status_auth);
	sandbox_paths_folder(paths, options->http_directory);
	sandbox_paths_tree(paths, options->token_source);
	sandbox_paths_folder(paths, PKGDATADIR "/web");
	collect_reload(paths, options);
	sandbox_paths_write(paths, options->log_file);
	sandbox_paths_write(paths, options->log_append);
	sandbox_paths_write(paths, options->audit_file);
	sandbox_paths_write(paths, made->record);
	sandbox_paths_remove(paths, options->remove_at_end);
	sandbox_paths_remove(paths, options->local_socket);
	sandbox_paths_remove(paths, control_path);
}

static void finish(struct made *made)
{
	for (char **file = made->authorities; *file != NULL; file++)
		free(*file);
	free(made->authorities);
	free(made->certificate);
	free(made->record);
}

static void tell(const struct sandbox_result *result)
{
	const char *missing = NULL;

	if (result->calls && result->files) {
		log_info(
			"sandbox: no new programs, privileges or processes; "
			"only the files that the options name (-nosandbox "
			"turns it off)");
		return;
	}
	missing = result->calls ? result->no_files : result->no_calls;
	log_warning("sandbox: %s; %s", missing,
		result->calls   ? "any file of this user can be opened"
		: result->files ? "only the files are guarded"
				: "there is none");
}

bool sandbox_plan_enter(const struct options *options, const char *control_path)
{
	struct sandbox_paths paths = { .read_count = 0 };
	struct sandbox_result result;
	struct made made;
	bool root = geteuid() == 0;
	char *error = NULL;

	if (!options->sandbox && options->run_as == NULL) {
		log_info("sandbox: off (-nosandbox)");
		return true;
	}
	if (!sandbox_leave_root(options->run_as, &error)) {
		log_error("%s", error);
		free(error);
		return false;
	}
	if (root && options->run_as == NULL)
		log_info(
			"running as root, without its powers but that to read "
			"files; -runas USER is safer");
	if (!options->sandbox)
		return true;
	collect(&paths, &made, options, control_path);
	sandbox_enter(&result, &paths, SANITIZED);
	sandbox_paths_finish(&paths);
	finish(&made);
	tell(&result);
	return true;
}
