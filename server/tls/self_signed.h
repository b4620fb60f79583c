/* self_signed.h - a certificate for this machine that nobody else has signed.
 *
 * A renewed certificate keeps its key: viewers that remember keys (TigerVNC)
 * then know the machine again, and nobody gets used to clicking a warning away.
 * Who thinks the key is known to others removes the file.
 *
 * Owner:   what is given as gnutls_datum_t is the caller's, for
 *          self_signed_forget().
 * Threads: any.
 */
#ifndef SERVER_TLS_SELF_SIGNED_H
#define SERVER_TLS_SELF_SIGNED_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <time.h>

struct machine_names;

enum {
	/* Apple's browsers refuse what lives longer than 825 days. */
	SELF_SIGNED_DAYS = 800,
	SELF_SIGNED_RENEWAL_DAYS = 60, /* before the end */
};

/* A key (PEM, ECDSA over P-256). */
bool self_signed_make_key(gnutls_datum_t *key);
/* A certificate (PEM) for that key. False: the key is none. */
bool self_signed_make(const struct machine_names *names, time_t now,
	const gnutls_datum_t *key, gnutls_datum_t *certificate);
/* Whether the certificate still lives long enough, belongs to the key, and has
 * all the names. Names it has beside those do no harm: a machine that loses an
 * interface for a while keeps it. */
bool self_signed_fits(const struct machine_names *names, time_t now,
	const gnutls_datum_t *key, const gnutls_datum_t *certificate);
bool self_signed_is_near_end(time_t ends, time_t now);
void self_signed_forget(gnutls_datum_t *pem);

#endif
