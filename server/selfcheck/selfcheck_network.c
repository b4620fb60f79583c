/* The port, and what is shown to who asks for TLS. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/network/endpoint.h"
#include "server/options/options.h"
#include "server/selfcheck/selfcheck.h"
#include "server/tls/tls_identity.h"

enum { DAY_S = 86400, SOON_DAYS = 14 };

/* True where one of them can be had. */
static bool try_endpoints(struct endpoint *endpoints, int count, int port,
	int *why, const char **where)
{
	bool any = false;
	int i, fd;

	*why = EADDRNOTAVAIL;
	for (i = 0; i < count; i++) {
		fd = endpoint_open(&endpoints[i], port);
		if (fd >= 0) {
			any = true;
			close(fd);
		} else if (errno != EAFNOSUPPORT) {
			*why = errno;
			*where = endpoints[i].text;
			return false;
		}
	}
	return any;
}

static void say_port(struct selfcheck *check)
{
	const struct options *options = check->options;
	struct endpoint endpoints[ENDPOINT_MOST];
	const char *where = "";
	int count, why;

	if (options->inetd || options->port < 0 || options->auto_port)
		return;
	count = endpoint_plan(options, endpoints, &where);
	if (count == 0)
		selfcheck_say(check, SELFCHECK_BAD,
			"'%s' is no address of this machine", where);
	else if (try_endpoints(endpoints, count, options->port, &why, &where))
		selfcheck_say(check, SELFCHECK_GOOD, "port %d is free",
			options->port);
	else
		selfcheck_say(check, SELFCHECK_BAD,
			"cannot listen on port %d of %s: %s%s", options->port,
			where, strerror(why), endpoint_advice(why));
}

static void say_dates(
	struct selfcheck *check, const struct tls_identity *identity)
{
	const char *file = check->options->certificate;
	time_t now = time(NULL);
	long days = (long)(identity->ends - now) / DAY_S;

	if (identity->begins > now)
		selfcheck_say(check, SELFCHECK_NOTE,
			"%s is not valid yet: is the clock right?", file);
	else if (days < SOON_DAYS)
		selfcheck_say(check, SELFCHECK_NOTE,
			"%s is good for %ld days more: renew it; changed files "
			"are taken over while viewers are there",
			file, days);
	else
		selfcheck_say(check, SELFCHECK_GOOD, "%s is good for %ld days",
			file, days);
	if (identity->is_own_issuer)
		selfcheck_say(check, SELFCHECK_NOTE,
			"%s is self-signed: browsers will warn", file);
}

static void say_certificate(struct selfcheck *check)
{
	const struct options *options = check->options;
	const struct tls_files files = { .certificate = options->certificate,
		.key = options->key,
		.password = options->key_password };
	struct tls_identity *identity;
	char *error = NULL;

	if (!options->tls) {
		selfcheck_say(check, SELFCHECK_NOTE,
			"-nossl: everybody on the way can read along");
		return;
	}
	if (options->certificate == NULL) {
		selfcheck_say(check, SELFCHECK_NOTE,
			"the certificate is one of our own: browsers will warn "
			"once; -cert PEM takes one that they know");
		return;
	}
	identity = tls_identity_load(&files, &error);
	if (identity == NULL) {
		selfcheck_say(check, SELFCHECK_BAD, "%s", error);
		free(error);
		return;
	}
	say_dates(check, identity);
	tls_identity_unref(identity);
}

void selfcheck_network(struct selfcheck *check)
{
	say_port(check);
	say_certificate(check);
}
