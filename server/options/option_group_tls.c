/* Certificates and encryption. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	TEXT(certificate, "FILE", "cert sslcertfile x509cert",
		"TLS certificate (PEM, with its chain)"),
	TEXT(key, "FILE", "key sslkeyfile x509key",
		"the certificate's private key (PEM); in the same file if "
		"absent"),
};

const struct option_group option_group_tls = OPTION_GROUP("TLS", entries);
