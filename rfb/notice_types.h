/* notice_types.h - the descriptors that notice.c lists. */
#ifndef RFB_NOTICE_TYPES_H
#define RFB_NOTICE_TYPES_H

#include "rfb/notice.h"

extern const struct notice notice_extended_desktop_size;
extern const struct notice notice_desktop_size;
extern const struct notice notice_cursor;
extern const struct notice notice_desktop_name;

#endif
