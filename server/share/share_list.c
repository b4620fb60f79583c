#include "server/share/share_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "server/options/option_desktops.h"
#include "server/server.h"
#include "server/share/share.h"

void share_list_create(struct server *server, struct options *options)
{
	const struct option_desktops *desktops = options->desktops;

	if (!options->serves_display)
		return;
	if (desktops == NULL)
		share_create(server, options, NULL);
	for (size_t i = 0; desktops != NULL && i < desktops->count; i++)
		share_create(server, desktops->list[i].options,
			desktops->list[i].name);
}

bool share_list_stage(struct server *server)
{
	struct share *share = server->shares;

	while (share != NULL &&
		stage_open(&share->stage, share->changing_options))
		share = share->next;
	return share == NULL;
}

int share_list_open(struct server *server)
{
	struct share *share = server->shares;
	int status = EXIT_OK;

	for (; share != NULL && status == EXIT_OK && !server->stopping;
		share = share->next)
		status = share_open(share);
	return status;
}

int share_list_listen(struct server *server)
{
	struct share *share = server->shares;
	char *error = NULL;

	for (; share != NULL; share = share->next)
		if (share->name != NULL && share->options->port_given &&
			!listener_open(
				&share->listener, server, share, &error)) {
			log_error("the desktop '%s': %s", share->name, error);
			free(error);
			return EXIT_LISTEN;
		}
	return EXIT_OK;
}

void share_list_start(struct server *server)
{
	struct share *share = server->shares;

	for (; share != NULL; share = share->next)
		if (share->listener.count > 0)
			listener_start(&share->listener);
}

void share_list_destroy(struct server *server)
{
	while (server->shares != NULL) {
		struct share *share = server->shares;

		server->shares = share->next;
		share_destroy(share);
	}
}

bool share_list_is_named(const struct server *server)
{
	return server->shares != NULL && server->shares->name != NULL;
}

struct share *share_list_find(
	const struct server *server, const char *name, size_t length)
{
	struct share *share = server->shares;

	while (share != NULL &&
		(share->name == NULL || strlen(share->name) != length ||
			memcmp(share->name, name, length) != 0))
		share = share->next;
	return share;
}
