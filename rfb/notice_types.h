/* notice_types.h - the descriptors that notice.c lists. */
#ifndef RFB_NOTICE_TYPES_H
#define RFB_NOTICE_TYPES_H

#include "rfb/notice.h"

extern const struct notice notice_extended_desktop_size;
extern const struct notice notice_desktop_size;
extern const struct notice notice_cursor;
extern const struct notice notice_desktop_name;
extern const struct notice notice_qemu_keys;
extern const struct notice notice_extended_mouse;
extern const struct notice notice_pointer_mode;
extern const struct notice notice_leds;
extern const struct notice notice_pointer_place;

/* The viewer is to be told where the pointer is. */
bool notice_pointer_place_is_known(const struct session *session);

#endif
