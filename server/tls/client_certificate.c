#include "server/tls/client_certificate.h"

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xmalloc.h"

enum { MOST_NAME_BYTES = 256 };

struct common_name {
	char bytes[MOST_NAME_BYTES];
	size_t length;
};

static bool read_common_name(gnutls_session_t session, struct common_name *name)
{
	unsigned count = 0;
	const gnutls_datum_t *shown =
		gnutls_certificate_get_peers(session, &count);
	gnutls_x509_crt_t certificate;
	bool good;

	if (shown == NULL || count == 0)
		return false;
	name->length = sizeof(name->bytes);
	gnutls_x509_crt_init(&certificate);
	good = gnutls_x509_crt_import(
		       certificate, &shown[0], GNUTLS_X509_FMT_DER) >= 0 &&
	       gnutls_x509_crt_get_dn_by_oid(certificate,
		       GNUTLS_OID_X520_COMMON_NAME, 0, 0, name->bytes,
		       &name->length) >= 0;
	gnutls_x509_crt_deinit(certificate);
	return good;
}

static bool is_listed(const char *const *names, const struct common_name *name)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == name->length &&
			memcmp(*names, name->bytes, name->length) == 0)
			return true;
	return false;
}

/* What GnuTLS says of the signatures and dates; the caller's. */
static char *why_untrusted(gnutls_session_t session)
{
	unsigned status = 0;
	gnutls_datum_t text;
	char *why;
	int result = gnutls_certificate_verify_peers3(session, NULL, &status);

	if (result < 0)
		return xstrdup(gnutls_strerror(result));
	if (status == 0)
		return NULL;
	if (gnutls_certificate_verification_status_print(
		    status, GNUTLS_CRT_X509, &text, 0) < 0)
		return xstrdup("it is not trusted");
	why = text_printable((const char *)text.data, text.size, 200);
	gnutls_free(text.data);
	return why;
}

char *client_certificate_refusal(
	gnutls_session_t session, const char *const *names, char **shown)
{
	struct common_name name;
	bool named = read_common_name(session, &name);
	char *why = why_untrusted(session), *sentence = NULL;

	*shown = named ? text_printable(name.bytes, name.length, 64) : NULL;
	if (why == NULL && names != NULL &&
		(!named || !is_listed(names, &name)))
		why = xstrdup("its name is not one of -sslcn");
	if (why != NULL)
		sentence = xasprintf("the certificate of '%s' was refused: %s",
			*shown != NULL ? *shown : "", why);
	free(why);
	return sentence;
}
