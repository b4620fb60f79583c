#include "server/announce.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "server/server.h"

static bool is_loopback_name(const char *name)
{
	return strcmp(name, "localhost") == 0 || strcmp(name, "::1") == 0 ||
	       strncmp(name, "127.", 4) == 0;
}

static bool is_only_local(const struct options *options)
{
	return options->localhost ||
	       (options->listen != NULL && is_loopback_name(options->listen));
}

static void host_for_url(const struct options *options, char *host, size_t size)
{
	const char *listen = options->listen;
	bool any = listen == NULL || strcmp(listen, "0.0.0.0") == 0 ||
		   strcmp(listen, "::") == 0;

	if (is_only_local(options))
		snprintf(host, size, "localhost");
	else if (!any)
		snprintf(host, size, strchr(listen, ':') ? "[%s]" : "%s",
			listen);
	else if (gethostname(host, size) < 0)
		snprintf(host, size, "localhost");
	host[size - 1] = '\0';
}

void announce(const struct server *server)
{
	const struct options *options = server->options;
	char host[256];

	host_for_url(options, host, sizeof(host));
	printf("PORT=%d\n", server->listener.port);
	/* The fragment never leaves the browser, so no log can keep it. */
	printf("Open %s://%s:%d/%s%s\n",
		server->tls != NULL ? "https" : "http", host,
		server->listener.port,
		server->password_is_invented ? "#password=" : "",
		server->password_is_invented ? server->passwords.full : "");
	printf("or point a VNC viewer at %s::%d%s%s\n", host,
		server->listener.port,
		server->password_is_invented ? ", password " : "",
		server->password_is_invented ? server->passwords.full : "");
	fflush(stdout);
	if (options->no_password && !is_only_local(options))
		log_warning(
			"-nopw: anybody who reaches port %d can see and "
			"control this desktop; -localhost keeps others out",
			server->listener.port);
}
