/* rsa_key_file.h - our RSA key for the security types RA2*: -rsakey, or one
 * that is made at the first start and kept beside the certificate.
 *
 * Threads: the loop thread.
 * Errors:  NULL: a sentence was logged.
 */
#ifndef SERVER_ACCESS_RSA_KEY_FILE_H
#define SERVER_ACCESS_RSA_KEY_FILE_H

struct options;
struct rsa_key;

/* Gives. Making one takes a tenth of a second. A file that is named must be
 * there or be writable; without one the key may live in memory only. */
struct rsa_key *rsa_key_file_get(const struct options *options);

#endif
