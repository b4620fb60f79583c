#include "server/tls/tls_identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmalloc.h"

/* TLS 1.2 and up. */
static const char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

static char *why_unreadable(const char *path)
{
	if (access(path, R_OK) == 0)
		return NULL;
	return xasprintf("cannot read %s: %s", path, strerror(errno));
}

struct tls_identity *tls_identity_load(
	const char *certificate, const char *key, char **error)
{
	struct tls_identity *identity = xcalloc(1, sizeof(*identity));
	int status;

	if (key == NULL)
		key = certificate;
	*error = why_unreadable(certificate);
	if (*error == NULL)
		*error = why_unreadable(key);
	if (*error != NULL) {
		free(identity);
		return NULL;
	}
	gnutls_certificate_allocate_credentials(&identity->credentials);
	gnutls_priority_init(&identity->priority, priorities, NULL);
	status = gnutls_certificate_set_x509_key_file(
		identity->credentials, certificate, key, GNUTLS_X509_FMT_PEM);
	if (status < 0) {
		*error = xasprintf("cannot use certificate %s with key %s: %s",
			certificate, key, gnutls_strerror(status));
		tls_identity_destroy(identity);
		return NULL;
	}
	return identity;
}

void tls_identity_destroy(struct tls_identity *identity)
{
	if (identity == NULL)
		return;
	gnutls_certificate_free_credentials(identity->credentials);
	gnutls_priority_deinit(identity->priority);
	free(identity);
}
