/* security_types.h - the descriptors that security.c lists. */
#ifndef RFB_SECURITY_TYPES_H
#define RFB_SECURITY_TYPES_H

#include "rfb/security.h"

extern const struct security_type security_none;
extern const struct security_type security_vncauth;

#endif
