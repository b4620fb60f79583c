/* Certificates and encryption. */
#include "server/options/option_entry.h"

static const struct option_entry entries[] = {
	TEXT(certificate, "FILE", "cert sslcertfile x509cert",
		"TLS certificate (PEM, with its chain), read again when the "
		"file changes; a self-signed one is made if absent"),
	TEXT(key, "FILE", "key sslkeyfile x509key",
		"the certificate's private key (PEM); in the same file if "
		"absent"),
	SECRET(key_password, "PASSWORD", "key-password",
		"the password of an encrypted key"),
	TEXT(certificate_folder, "DIR", "certdir ssldir",
		"where the self-signed certificate is kept; "
		"~/.config/x11wsvnc if absent"),
	FLAG(tls, false, "nossl", NULL, "no TLS at all"),
	FLAG(tls_only, true, "sslonly ssl-only", NULL,
		"nobody comes in without TLS: browsers are sent to https, "
		"viewers have to choose VeNCrypt"),
	{ .kind = OPTION_TEXT_OR_NONE,
		.field = AT(ssl, char *),
		.flag = AT(ssl_given, bool),
		.names = "ssl stunnel stunnel3",
		.argument = "[FILE]",
		.sentence = "as x11vnc has it: -sslonly with this certificate; "
			    "SAVE stands for the kept self-signed one, TMP for "
			    "one that is not kept" },
	{ .kind = OPTION_CHOICE,
		.field = AT(tls_version, char *),
		.flag = OPTION_NO_FIELD,
		.names = "ssl-version",
		.argument = "default|tlsv1_1|tlsv1_2|tlsv1_3",
		.sentence = "the lowest version of TLS; below 1.2 is never "
			    "spoken" },
	TEXT(tls_ciphers, "LIST", "ssl-ciphers",
		"ciphers by OpenSSL's names, as ECDHE+AESGCM:!kRSA"),
	TEXT(tls_priority, "TEXT", "GnuTLSPriority",
		"what TLS may use, in GnuTLS's words"),
	TEXT(client_authority, "FILE|DIR", "sslverify cafile",
		"only who has a certificate signed by one of these comes in, "
		"and only with TLS"),
	FLAG(verify_client, true, "verify-client", NULL,
		"the same with the system's authorities, where -sslverify "
		"names none"),
	TEXT(client_revoked, "FILE", "sslCRL",
		"certificates that their authorities have revoked (PEM)"),
	{ .kind = OPTION_LIST,
		.field = AT(client_names, char **),
		.flag = OPTION_NO_FIELD,
		.names = "sslcn",
		.argument = "NAME[,NAME]",
		.sentence = "of those that -sslverify lets in only these, by "
			    "their certificates' common names; may be given "
			    "again" },
};

const struct option_group option_group_tls = OPTION_GROUP("TLS", entries);
