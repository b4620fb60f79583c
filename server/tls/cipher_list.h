/* cipher_list.h - OpenSSL's names of ciphers, as other programs' command lines
 * have them, in GnuTLS's words.
 *
 * GnuTLS chooses key exchange, cipher and hash each for itself, so the result
 * allows every combination of what is named; nothing that is not named.
 *
 * Threads: any; a pure function.
 */
#ifndef SERVER_TLS_CIPHER_LIST_H
#define SERVER_TLS_CIPHER_LIST_H

/* Words parted by ':', ',' or ' ': suites ("ECDHE-RSA-AES128-GCM-SHA256",
 * "TLS_AES_128_GCM_SHA256"), kinds joined by '+' ("ECDHE+AESGCM"), "HIGH" and
 * "DEFAULT" for all, "!kind" to take away. What to append to "NORMAL"; the
 * caller's. NULL: *error gets a sentence, the caller's. */
char *cipher_list_translate(const char *list, char **error);

#endif
