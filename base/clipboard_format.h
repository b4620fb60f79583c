/* clipboard_format.h - the forms in which what somebody copied can be had, as
 * rfb/ and x11/ pass it to each other.
 *
 * Text is valid UTF-8 with LF line ends and no NUL, HTML a document or a part
 * of one, BMP a whole image/bmp file: the protocol's DIB is one without its
 * first 14 bytes. A set of forms is an `unsigned` of CLIPBOARD_BIT()s.
 *
 * Threads: any.
 */
#ifndef BASE_CLIPBOARD_FORMAT_H
#define BASE_CLIPBOARD_FORMAT_H

enum clipboard_format {
	CLIPBOARD_TEXT,
	CLIPBOARD_RTF,
	CLIPBOARD_HTML,
	CLIPBOARD_BMP,
	CLIPBOARD_FORMATS, /* how many */
};

#define CLIPBOARD_BIT(format) (1u << (format))

/* Of one form, where no option says something else. */
enum { CLIPBOARD_USUAL_BYTES = 1 << 20 };

#endif
