/* message_types.h - the descriptors that message.c lists. */
#ifndef RFB_MESSAGE_TYPES_H
#define RFB_MESSAGE_TYPES_H

#include "rfb/message.h"

extern const struct message message_set_pixel_format;
extern const struct message message_set_encodings;
extern const struct message message_update_request;
extern const struct message message_key;
extern const struct message message_pointer;
extern const struct message message_qemu;
extern const struct message message_cut_text;
extern const struct message message_continuous_updates;
extern const struct message message_fence;
extern const struct message message_set_desktop_size;
extern const struct message message_set_scale;
extern const struct message message_set_scale_palm;

#endif
