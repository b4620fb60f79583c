#include "server/process/reload.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "server/access/password_file.h"
#include "server/access/web_users.h"
#include "server/options/option_desktops.h"
#include "server/options/option_live.h"
#include "server/options/options.h"
#include "server/options/option_words.h"
#include "server/page_directory.h"
#include "server/process/log_target.h"
#include "server/server.h"
#include "server/share/share.h"
#include "server/share/share_list.h"
#include "server/tls/tls_context.h"

enum outcome { NOTHING, TAKEN, KEPT };

static enum outcome reload_certificates(struct server *server)
{
	if (server->tls == NULL)
		return NOTHING;
	tls_context_reload(server->tls); /* says itself what it did */
	return NOTHING;
}

/* What all desktops say of something. */
static enum outcome sum(enum outcome one, enum outcome other)
{
	return one > other ? one : other;
}

/* The sessions' configuration points into share->passwords. */
static enum outcome reload_own_passwords(struct share *share)
{
	struct passwords fresh;
	enum outcome outcome = KEPT;

	if (!password_file_can_change(share->options))
		return NOTHING;
	if (password_file_read(&fresh, share->options, INPUT_FILE_ANY_TIME)) {
		share->passwords = fresh;
		outcome = TAKEN;
	}
	password_file_forget(&fresh);
	return outcome;
}

static enum outcome reload_passwords(struct server *server)
{
	struct share *share = server->shares;
	enum outcome outcome = NOTHING;

	for (; share != NULL; share = share->next)
		outcome = sum(outcome, reload_own_passwords(share));
	return outcome;
}

static enum outcome reload_users(struct server *server)
{
	struct share *share = server->shares;
	enum outcome outcome = NOTHING;

	for (; share != NULL; share = share->next)
		if (share->options->users_file != NULL)
			outcome = sum(outcome,
				login_check_reload(&share->login_check) ? TAKEN
									: KEPT);
	return outcome;
}

static enum outcome keep(char *error)
{
	log_error("%s", error);
	free(error);
	return KEPT;
}

static enum outcome reload_users_of(struct web_users *users)
{
	char *error = NULL;

	if (users->file == NULL)
		return NOTHING;
	return web_users_reload(users, &error) ? TAKEN : keep(error);
}

static enum outcome reload_web_users(struct server *server)
{
	struct share *share = server->shares;
	enum outcome outcome = reload_users_of(&server->web_users);

	for (; share != NULL; share = share->next)
		outcome = sum(outcome, reload_users_of(&share->web_users));
	return outcome;
}

static enum outcome reload_pages(struct server *server)
{
	struct page_table *fresh;
	char *error = NULL;

	if (server->plain_policy.pages == NULL)
		return NOTHING;
	fresh = page_directory_load(server->options->http_directory, &error);
	if (fresh == NULL)
		return error != NULL ? keep(error) : KEPT;
	page_table_unref(server->plain_policy.pages);
	server->plain_policy.pages = server->secure_policy.pages =
		server->behind_https_policy.pages = fresh;
	return TAKEN;
}

/* `whose` may be NULL. */
static void say_changes(
	const char *whose, const char *what, struct buffer *names)
{
	if (buffer_length(names) > 0)
		log_info("SIGHUP: %s%s%s:%.*s", whose != NULL ? whose : "",
			whose != NULL ? ": " : "", what,
			(int)buffer_length(names),
			(const char *)buffer_bytes(names));
	buffer_finish(names);
}

/* Whether anything was taken over. */
static bool take_changes(struct options *now, const struct options *fresh,
	enum option_scope scope, const char *whose)
{
	struct buffer taken = { 0 }, later = { 0 };
	bool any;

	option_live_take(now, fresh, scope, &taken, &later);
	any = buffer_length(&taken) > 0;
	say_changes(whose, "taken over", &taken);
	say_changes(whose, "these need a new start", &later);
	return any;
}

static bool reload_desktops(struct server *server, const struct options *fresh)
{
	const struct option_desktops *desktops = fresh->desktops;
	struct share *share = server->shares;
	const struct option_desktop *desktop;
	bool any = false;

	for (; share != NULL; share = share->next) {
		if (share->name == NULL)
			continue;
		desktop = option_desktops_find(desktops, share->name);
		if (desktop != NULL)
			any |= take_changes(share->changing_options,
				desktop->options, OPTION_OF_ONE, share->name);
		else
			log_info("SIGHUP: %s: stays until the next start",
				share->name);
	}
	for (size_t i = 0; desktops != NULL && i < desktops->count; i++)
		if (share_list_find(server, desktops->list[i].name,
			    strlen(desktops->list[i].name)) == NULL)
			log_info("SIGHUP: %s: comes with the next start",
				desktops->list[i].name);
	return any;
}

void reload_apply(struct server *server)
{
	struct share *share = server->shares;

	pace_options_changed(&server->pace, server);
	log_target_set_level(server->options);
	lifetime_options_changed(&server->lifetime);
	for (; share != NULL; share = share->next)
		share_options_changed(share);
}

static enum outcome reload_options(struct server *server)
{
	struct options fresh;
	bool any;

	if (server->options->words->file == NULL &&
		server->options->desktops_file == NULL)
		return NOTHING;
	if (!options_parse_again(&fresh, server->options))
		return KEPT;
	any = take_changes(
		server->changing_options, &fresh, OPTION_OF_ALL, NULL);
	any |= reload_desktops(server, &fresh);
	options_finish(&fresh);
	reload_apply(server);
	return any ? TAKEN : NOTHING;
}

static const struct {
	const char *name;
	enum outcome (*reload)(struct server *server);
} parts[] = {
	{ "options", reload_options },
	{ "certificates", reload_certificates },
	{ "passwords", reload_passwords },
	{ "users", reload_users },
	{ "web users", reload_web_users },
	{ "web page", reload_pages },
};

void reload(struct server *server)
{
	static const char *const results[] = { NULL, "read again",
		"not changed: see above" };
	size_t i;

	notify_reloading(&server->notify);
	log_info("SIGHUP: reading files again");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		enum outcome outcome = parts[i].reload(server);

		if (outcome != NOTHING)
			log_info("SIGHUP: %s: %s", parts[i].name,
				results[outcome]);
	}
	notify_reloaded(&server->notify);
}
