/* security_types.h - the descriptors that security.c lists. */
#ifndef RFB_SECURITY_TYPES_H
#define RFB_SECURITY_TYPES_H

#include "rfb/security.h"

extern const struct security_type security_none;
extern const struct security_type security_plain;
extern const struct security_type security_ra2;
extern const struct security_type security_ra2_256;
extern const struct security_type security_ra2ne;
extern const struct security_type security_ra2ne_256;
extern const struct security_type security_tight;
extern const struct security_type security_vencrypt;
extern const struct security_type security_vncauth;

/* Of VeNCrypt: what is inside TLS. */
extern const struct security_type security_tls_none;
extern const struct security_type security_tls_vnc;
extern const struct security_type security_tls_plain;
extern const struct security_type security_x509_none;
extern const struct security_type security_x509_vnc;
extern const struct security_type security_x509_plain;

#endif
