#include "server/tls/self_signed.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "base/random.h"
#include "server/tls/machine_names.h"

enum {
	DAY_S = 86400,
	SERIAL_BYTES = 16,
	MOST_COMMON_NAME = 64, /* X.520 */
	MOST_NAME_BYTES = 256,
};

void self_signed_forget(gnutls_datum_t *pem)
{
	if (pem->data != NULL)
		gnutls_memset(pem->data, 0, pem->size);
	gnutls_free(pem->data);
	*pem = (gnutls_datum_t){ NULL, 0 };
}

bool self_signed_make_key(gnutls_datum_t *pem)
{
	gnutls_x509_privkey_t key;
	int status;

	gnutls_x509_privkey_init(&key);
	status = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	if (status >= 0)
		status = gnutls_x509_privkey_export2(
			key, GNUTLS_X509_FMT_PEM, pem);
	gnutls_x509_privkey_deinit(key);
	return status >= 0;
}

static void add_names(
	gnutls_x509_crt_t certificate, const struct machine_names *names)
{
	int i;

	for (i = 0; i < names->name_count; i++)
		gnutls_x509_crt_set_subject_alt_name(certificate,
			GNUTLS_SAN_DNSNAME, names->names[i],
			(unsigned)strlen(names->names[i]), GNUTLS_FSAN_APPEND);
	for (i = 0; i < names->address_count; i++)
		gnutls_x509_crt_set_subject_alt_name(certificate,
			GNUTLS_SAN_IPADDRESS, names->addresses[i].bytes,
			names->addresses[i].length, GNUTLS_FSAN_APPEND);
}

static void describe(gnutls_x509_crt_t certificate,
	const struct machine_names *names, time_t now)
{
	const char *name = names->name_count > 0 ? names->names[0] : "x11wsvnc";
	uint8_t serial[SERIAL_BYTES];

	random_bytes(serial, sizeof(serial));
	serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, full length */
	if (strlen(name) > MOST_COMMON_NAME)
		name = "x11wsvnc";
	gnutls_x509_crt_set_version(certificate, 3);
	gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial));
	gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME,
		0, name, (unsigned)strlen(name));
	/* Other people's clocks may be behind. */
	gnutls_x509_crt_set_activation_time(certificate, now - DAY_S);
	gnutls_x509_crt_set_expiration_time(
		certificate, now + (time_t)SELF_SIGNED_DAYS * DAY_S);
	gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);
	gnutls_x509_crt_set_key_usage(
		certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
	gnutls_x509_crt_set_key_purpose_oid(
		certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
	add_names(certificate, names);
}

bool self_signed_make(const struct machine_names *names, time_t now,
	const gnutls_datum_t *key_pem, gnutls_datum_t *pem)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t certificate;
	int status;

	gnutls_x509_privkey_init(&key);
	gnutls_x509_crt_init(&certificate);
	status = gnutls_x509_privkey_import(key, key_pem, GNUTLS_X509_FMT_PEM);
	if (status >= 0) {
		describe(certificate, names, now);
		status = gnutls_x509_crt_set_key(certificate, key);
	}
	if (status >= 0)
		status = gnutls_x509_crt_sign2(
			certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
	if (status >= 0)
		status = gnutls_x509_crt_export2(
			certificate, GNUTLS_X509_FMT_PEM, pem);
	gnutls_x509_crt_deinit(certificate);
	gnutls_x509_privkey_deinit(key);
	return status >= 0;
}

bool self_signed_is_near_end(time_t ends, time_t now)
{
	return ends - now < (time_t)SELF_SIGNED_RENEWAL_DAYS * DAY_S;
}

static bool has_name(gnutls_x509_crt_t certificate, unsigned wanted_type,
	const void *wanted, size_t wanted_length)
{
	unsigned index = 0;

	for (;; index++) {
		uint8_t name[MOST_NAME_BYTES];
		size_t length = sizeof(name);
		unsigned type;
		int status = gnutls_x509_crt_get_subject_alt_name2(
			certificate, index, name, &length, &type, NULL);

		if (status == GNUTLS_E_SHORT_MEMORY_BUFFER)
			continue;
		if (status < 0)
			return false;
		if (type == wanted_type && length == wanted_length &&
			memcmp(name, wanted, length) == 0)
			return true;
	}
}

static bool has_names(
	gnutls_x509_crt_t certificate, const struct machine_names *names)
{
	int i;

	for (i = 0; i < names->name_count; i++)
		if (!has_name(certificate, GNUTLS_SAN_DNSNAME, names->names[i],
			    strlen(names->names[i])))
			return false;
	for (i = 0; i < names->address_count; i++)
		if (!has_name(certificate, GNUTLS_SAN_IPADDRESS,
			    names->addresses[i].bytes,
			    names->addresses[i].length))
			return false;
	return true;
}

static bool belongs_to(gnutls_x509_crt_t certificate, const gnutls_datum_t *pem)
{
	gnutls_x509_privkey_t key;
	uint8_t ids[2][32];
	size_t lengths[2] = { sizeof(ids[0]), sizeof(ids[1]) };
	bool good;

	gnutls_x509_privkey_init(&key);
	good = gnutls_x509_privkey_import(key, pem, GNUTLS_X509_FMT_PEM) >= 0 &&
	       gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256,
		       ids[0], &lengths[0]) >= 0 &&
	       gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256,
		       ids[1], &lengths[1]) >= 0 &&
	       lengths[0] == lengths[1] &&
	       memcmp(ids[0], ids[1], lengths[0]) == 0;
	gnutls_x509_privkey_deinit(key);
	return good;
}

bool self_signed_fits(const struct machine_names *names, time_t now,
	const gnutls_datum_t *key, const gnutls_datum_t *pem)
{
	gnutls_x509_crt_t certificate;
	bool fits;

	gnutls_x509_crt_init(&certificate);
	fits = gnutls_x509_crt_import(certificate, pem, GNUTLS_X509_FMT_PEM) >=
		       0 &&
	       !self_signed_is_near_end(
		       gnutls_x509_crt_get_expiration_time(certificate), now) &&
	       has_names(certificate, names) && belongs_to(certificate, key);
	gnutls_x509_crt_deinit(certificate);
	return fits;
}
