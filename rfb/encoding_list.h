/* encoding_list.h - what a viewer said in SetEncodings, most wanted first.
 *
 * Owner:   whoever embeds it; a plain value, nothing to free.
 * Threads: any.
 */
#ifndef RFB_ENCODING_LIST_H
#define RFB_ENCODING_LIST_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers from rfbproto, "Encodings" and "Pseudo-encodings". */
enum encoding_number {
	ENCODING_RAW = 0,
	ENCODING_COPYRECT = 1,
	ENCODING_RRE = 2,
	ENCODING_CORRE = 4,
	ENCODING_HEXTILE = 5,
	ENCODING_ZLIB = 6,
	ENCODING_TIGHT = 7,
	ENCODING_TRLE = 15,
	ENCODING_ZRLE = 16,
	ENCODING_JPEG = 21,
	ENCODING_TIGHT_PNG = -260,
	ENCODING_QUALITY_LOWEST = -32,
	ENCODING_QUALITY_HIGHEST = -23,
	ENCODING_EXTENDED_MOUSE = -316,
	ENCODING_LED_STATE = -261,
	ENCODING_QEMU_KEYS = -258,
	ENCODING_POINTER_MODE = -257,
	ENCODING_POINTER_PLACE = -232,
	ENCODING_DESKTOP_SIZE = -223,
	ENCODING_CURSOR = -239,
	ENCODING_X_CURSOR = -240,
	ENCODING_COMPRESS_LOWEST = -256,
	ENCODING_COMPRESS_HIGHEST = -247,
	ENCODING_DESKTOP_NAME = -307,
	ENCODING_EXTENDED_DESKTOP_SIZE = -308,
	ENCODING_FENCE = -312,
	ENCODING_CONTINUOUS_UPDATES = -313,
	ENCODING_CURSOR_WITH_ALPHA = -314,
	ENCODING_FINE_QUALITY_LOWEST = -512,
	ENCODING_FINE_QUALITY_HIGHEST = -412,
	ENCODING_SUBSAMPLING_LOWEST = -768,
	ENCODING_SUBSAMPLING_HIGHEST = -763,
	ENCODING_VMWARE_CURSOR = 0x574d5664,
	ENCODING_VMWARE_POINTER_PLACE = 0x574d5666,
	ENCODING_VMWARE_LED_STATE = 0x574d5668,
	ENCODING_EXTENDED_CLIPBOARD = -0x3f5e1a32, /* 0xC0A1E5CE */
};

/* Real viewers list at most about 30; a list of 65 535 is read to its end,
 * and only the first of so many count. */
enum { ENCODING_LIST_MOST = 256 };

struct encoding_list {
	int told; /* of them all, up to the limit */
	int count;
	int32_t numbers[ENCODING_LIST_MOST]; /* without duplicates */
};

void encoding_list_clear(struct encoding_list *list);
/* A number already there, or past the limit, is not added. */
void encoding_list_add(struct encoding_list *list, int32_t number);
bool encoding_list_has(const struct encoding_list *list, int32_t number);
/* The first listed number within lowest..highest; false where none is. */
bool encoding_list_first_in(const struct encoding_list *list, int32_t lowest,
	int32_t highest, int32_t *number);

#endif
